"""The key map lists the keys that the scripts know, no more and no fewer."""

import re

from django.conf import settings
from django.test import Client

from tests.unit.pages.seen import all_words, elements, words

SCRIPTS = [(settings.BASE_DIR / "static" / name).read_text() for name in ("postamt.js", "list.js", "reading.js")]


def keys_of(script: str) -> set[str]:
    table = re.search(r"^(?:export const keys = |Object.assign\(keys, )\{(.*?)^\}", script, re.DOTALL | re.MULTILINE)
    assert table
    return set(re.findall(r"^  '?([^':\s]+)'?: (?:\(\) =>|press\()", table[1], re.MULTILINE))


def test_it_works(reader: Client) -> None:
    assert words(reader.get("/help/shortcuts/").text, "top") == ["Back to Inbox Keyboard shortcuts"]


def test_it_lists_every_key_that_works_and_no_other(reader: Client) -> None:
    page = reader.get("/help/shortcuts/").text
    listed = set(re.findall(r"<kbd>(.*?)</kbd>", page))
    go = {"g", *(a["data-go"] for a in elements(page, "a") if "data-go" in a)}
    assert listed == set[str]().union(*map(keys_of, SCRIPTS)) - {"Escape", "Delete"} | go | {"Enter", "Esc", "Del"}


def test_it_says_where_they_are_switched_off_and_that_they_are(reader: Client) -> None:
    assert "can be switched off in Settings" in all_words(reader.get("/help/shortcuts/").text)
    assert elements(reader.get("/b/inbox/").text, "body")[0]["data-off"] == ""
    reader.post("/settings/reading/", {"page_size": "25"})
    assert "These keys are switched off." in all_words(reader.get("/help/shortcuts/").text)
    inbox = reader.get("/b/inbox/").text
    assert elements(inbox, "body")[0]["data-off"] == "keys swipe"
    assert "keyboard" not in all_words(inbox)
