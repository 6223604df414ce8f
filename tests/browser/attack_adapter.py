"""For a collection of attack mails outside of this project: its browser harness asks this module where to open each of them.

Starts a reader of its own on the loopback. `ORIGIN`, `FRAME`, `TOOLBAR`, `OK_SELF`, `BENIGN` and `url_for` are the harness's words.
"""

import itertools
import os
import threading
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from tests.browser.reader import Reader  # noqa: E402 - views can be imported only after the setup

READER = Reader()
threading.Thread(target=READER.serve_forever, daemon=True).start()
NUMBERS = itertools.count()

NAME = "reader"
ORIGIN = f"http://{READER.host}"
FRAME = "iframe"
TOOLBAR = "#toolbar"
OK_SELF = [r"/m/[a-z0-9-]+/body$"]
BENIGN = {"id": "benign", "payload": "<p>Hello</p>"}


def url_for(message: dict[str, Any]) -> str:
    """The reader's page with this mail in its frame. The harness's canary answers for the host it writes as `{{H}}`."""
    label = f"{message['id'].lower()}-{next(NUMBERS)}"
    READER.add(label, message["payload"].replace("{{H}}", f"{message['id']}.canary.test"))
    return f"{ORIGIN}/read/{label}"
