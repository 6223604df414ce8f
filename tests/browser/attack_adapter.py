"""For a collection of attack mails outside of this project: its browser harness asks this module where to open each of them.

Each is delivered by SMTP to a local post office of its own and opened on the page of its conversation, signed in. `ORIGIN`, `FRAME`,
`TOOLBAR`, `OK_SELF`, `BENIGN`, `login` and `url_for` are the harness's words. It runs in the harness's interpreter, which needs boto3.
"""

import atexit
import hashlib
import itertools
import json
import signal
import smtplib
import sys
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from benchmarks.terminal import Terminal  # noqa: E402 - the harness knows no path to the project

PATIENCE = 60.0
RICH = "<style></style>"  # mail without any style would be shown as text, and show nothing of the frame

FOLDER = tempfile.TemporaryDirectory()
OFFICE = Terminal(Path(FOLDER.name) / "state", str(PROJECT / ".venv" / "bin" / "python"))
OFFICE.open()
atexit.register(FOLDER.cleanup)
atexit.register(OFFICE.end, signal.SIGTERM)
NUMBERS = itertools.count()

NAME = "reader"
ORIGIN = f"http://127.0.0.1:{OFFICE.ports['POSTAMT_PORT']}"
FRAME = "iframe[data-fit]"
TOOLBAR = ".read > .top"
OK_SELF = [r"/static/", r"/m/incoming-[a-z0-9]+/body$"]
BENIGN = {"id": "benign", "payload": "<p>Hello</p>"}
# The harness ends a visit with Tab and Enter, wherever the focus is. On a link or a button of our own page that is no doing of the mail.
OWN_CONTROLS_REST = (
    "if (self === top && location.pathname.startsWith('/t/')) addEventListener('click', event => event.preventDefault(), true)"
)


async def login(context: Any) -> None:
    page = await context.new_page()
    await page.goto(f"{ORIGIN}/login/")
    await page.get_by_label("Password").fill(json.loads((OFFICE.state / "secrets.json").read_text())["auth"])
    await page.get_by_label("Password").press("Enter")
    await page.wait_for_url("**/b/inbox/")
    await page.close()
    await context.add_init_script(OWN_CONTROLS_REST)


def url_for(message: dict[str, Any]) -> str:
    """The conversation page with this mail in its frame. The harness's canary answers for the host it writes as `{{H}}`."""
    message_id = f"{message['id'].lower()}-{next(NUMBERS)}@attack.example"
    deliver(message["id"], message_id, RICH + message["payload"].replace("{{H}}", f"{message['id']}.canary.test"))
    thread_id = hashlib.sha256(message_id.encode()).hexdigest()[:32]
    deadline = time.monotonic() + PATIENCE
    while not OFFICE.has_conversation(thread_id):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{message['id']} was not listed")
        time.sleep(0.02)
    return f"{ORIGIN}/t/{thread_id}/"


def deliver(id: str, message_id: str, html: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = "ann@attack.example", "me@postamt.localhost", id, f"<{message_id}>"
    mail.set_content(html.encode("utf-8", "replace"), "text", "html", params={"charset": "utf-8"}, cte="base64")
    with smtplib.SMTP("127.0.0.1", OFFICE.smtp_port, timeout=PATIENCE) as smtp:
        smtp.sendmail("ann@attack.example", ["me@postamt.localhost"], mail.as_bytes())
