"""The shell of the app: manifest, service worker, offline page. They are public and hold nothing of the mailbox."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter
from tests.unit.pages.seen import all_words, elements

STATIC = settings.BASE_DIR / "static"

pytestmark = pytest.mark.usefixtures("reader")


def static_file(url: str) -> Path:
    return STATIC / url.removeprefix("/static/")


def test_it_works() -> None:
    manifest = Client().get("/manifest.webmanifest")
    assert manifest["Content-Type"] == "application/manifest+json"
    content = json.loads(manifest.content)
    assert (content["start_url"], content["scope"], content["display"]) == ("/b/inbox/", "/", "standalone")
    assert all(static_file(icon["src"]).is_file() for icon in content["icons"])
    assert elements(Client().get("/login/").text, "link")[-1] == {"rel": "manifest", "href": "/manifest.webmanifest"}


@pytest.mark.parametrize(("name", "side"), [("icon-192.png", 192), ("icon-512.png", 512), ("apple-touch-icon.png", 180)])
def test_an_icon_has_the_size_it_is_said_to_have(name: str, side: int) -> None:
    header = (STATIC / name).read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(header[16:20]), int.from_bytes(header[20:24])) == (side, side)


def test_the_worker_is_served_from_the_root_and_names_files_that_are_there() -> None:
    answer = Client().get("/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    shell = json.loads(re.findall(r"const SHELL = (\[.*?\]);", answer.text)[0])
    assert shell[-1] == "/offline/"
    assert all(static_file(url).is_file() for url in shell[:-1])


def test_the_worker_puts_nothing_into_a_cache_but_the_shell() -> None:
    code = Client().get("/sw.js").text
    assert re.findall(r"\.(?:add|addAll|put)\(([^)]*)\)", code) == ["SHELL"]


def test_the_version_of_the_cache_changes_with_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def version() -> str:
        return str(re.findall(r"'(shell-\w+)'", Client().get("/sw.js").text)[0])

    before = version()
    assert version() == before
    monkeypatch.setattr("mailbox.pages.shell.KEPT", ("postamt.css",))
    assert version() != before


def test_the_offline_page_is_the_same_for_everybody_and_holds_no_mail(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(subject="Bowls"))
    page = reader.get("/offline/").text
    assert page == Client().get("/offline/").text
    assert "Bowls" not in page
    assert "Nothing was changed, and your mail is safe." in all_words(page)
    assert not elements(page, "form")


def test_nothing_of_it_sets_a_cookie() -> None:
    for path in ("/manifest.webmanifest", "/sw.js", "/offline/"):
        assert not Client().get(path).cookies
