"""The key map lists the keys that the script knows, no more and no fewer."""

import re

from django.conf import settings
from django.test import Client

from tests.unit.pages.seen import elements, words

SCRIPT = (settings.BASE_DIR / "static" / "postamt.js").read_text()


def keys_of_the_script() -> set[str]:
    table = re.search(r"^const keys = \{(.*?)^\};", SCRIPT, re.DOTALL | re.MULTILINE)
    assert table
    return set(re.findall(r"^  '?([^':\s]+)'?: \(\) =>", table[1], re.MULTILINE))


def test_it_works(reader: Client) -> None:
    assert words(reader.get("/help/shortcuts/").text, "top") == ["Back to Inbox Keyboard shortcuts"]


def test_it_lists_every_key_that_works_and_no_other(reader: Client) -> None:
    page = reader.get("/help/shortcuts/").text
    listed = set(re.findall(r"<kbd>(.*?)</kbd>", page))
    go = {"g", *(a["data-go"] for a in elements(page, "a") if "data-go" in a)}
    assert listed == keys_of_the_script() - {"Escape", "Delete"} | go | {"Enter", "Esc", "Del"}
