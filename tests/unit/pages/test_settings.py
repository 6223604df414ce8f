"""The settings pages: what is saved there is what the pages do from then on."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from mailbox.store import access, preferences
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.preferences import Reading
from tests.settings import SECRET
from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter, opened
from tests.unit.pages.seen import all_words, elements, words

SAVED = {"theme": "dark", "time_zone": "Asia/Tokyo", "page_size": "50", "keys": "on"}
RICH = "<table><tr><td>Laid out</td></tr></table>"


def save(reader: Client, **changed: str) -> str:
    answer = reader.post("/settings/reading/", SAVED | changed, follow=True)
    assert answer.redirect_chain == [(answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"], 303)]
    return answer.content.decode()


def test_it_works(mailbox: Mailbox, reader: Client) -> None:
    page = save(reader, text_first="on")
    assert preferences.reading() == Reading("dark", "Asia/Tokyo", 50, text_first=True, keys=True, swipe=False)
    assert "Saved." in all_words(page)
    assert elements(page, "html")[0]["data-theme"] == "dark"
    checked = {field["id"]: field for field in elements(page, "input") if "checked" in field}
    assert {field["name"]: field.get("value", "on") for field in checked.values()} == {
        "theme": "dark",
        "page_size": "50",
        "text_first": "on",
        "keys": "on",
    }
    assert [option["value"] for option in elements(page, "option") if "selected" in option] == ["Asia/Tokyo"]


def test_dates_stand_in_the_readers_time_zone(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(1, at=datetime(2024, 3, 1, 20, 30, tzinfo=UTC)))
    assert "Fri 1 Mar 2024, 20:30 UTC" in opened(reader, id)
    save(reader)
    assert "Sat 2 Mar 2024, 05:30 JST" in opened(reader, id)
    save(reader, time_zone="")
    assert "Fri 1 Mar 2024, 20:30 UTC" in opened(reader, id)


def test_a_page_holds_as_many_conversations_as_the_reader_wants(mailbox: Mailbox, reader: Client) -> None:
    for n in range(30):
        mailbox.arrive(letter(n))
    assert len(re.findall(r'href="/t/', reader.get("/b/inbox/").text)) == 25
    save(reader)
    assert len(re.findall(r'href="/t/', reader.get("/b/inbox/").text)) == 30


def test_text_first_frames_nothing_and_links_to_the_layout(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(html=RICH))
    assert elements(opened(reader, id), "iframe")
    save(reader, text_first="on")
    page = opened(reader, id)
    assert not elements(page, "iframe")
    assert "Show as its sender laid it out" in all_words(page)
    fragment = reader.get(re.findall(r"/t/[0-9a-f]{32}/", page)[0], {"open": id}, headers={"X-Fragment": "1"})
    assert not elements(fragment.text, "iframe")


def test_another_browser_has_them_at_once(mailbox: Mailbox, reader: Client) -> None:
    other = Client(headers={"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"})
    other.post("/login/", {"password": SECRET})
    save(reader)
    assert elements(other.get("/b/inbox/").text, "html")[0]["data-theme"] == "dark"


@pytest.mark.parametrize(
    ("field", "value"), [("theme", "pink"), ("time_zone", "Mars/Olympus"), ("page_size", "100"), ("page_size", ""), ("theme", "\x00")]
)
def test_what_is_wrong_is_said_beside_its_field(mailbox: Mailbox, reader: Client, field: str, value: str) -> None:
    answer = reader.post("/settings/reading/", SAVED | {field: value})
    assert answer.status_code == 422
    (error,) = [found for found in elements(answer.text, "p") if "err" in found.get("class", "")]
    assert error["id"] == f"{field}_error"
    assert words(answer.text, "err") == ["Please choose one of these."]
    described = [found for tag in ("select", "fieldset", "input") for found in elements(answer.text, tag)]
    assert any(error["id"] in found.get("aria-describedby", "").split() for found in described)
    assert preferences.reading() == Reading()


def test_trusted_senders_are_listed_and_removed(mailbox: Mailbox, reader: Client) -> None:
    assert "Nobody yet." in all_words(reader.get("/settings/senders/").text)
    for address in ("b@shop.example", "a@shop.example"):
        preferences.trust_sender(address)
    page = reader.get("/settings/senders/").text
    assert words(page, "card")[1] == "a@shop.example Remove a@shop.example b@shop.example Remove b@shop.example"
    answer = reader.post("/settings/senders/remove/", {"address": "a@shop.example"}, follow=True)
    assert answer.redirect_chain[0][1] == 303
    assert "You are asked again before images from a@shop.example are shown." in all_words(answer.content.decode())
    assert preferences.trusted_senders() == ("b@shop.example",)


def test_removing_whoever_is_not_there_changes_nothing_and_repeats_no_words(mailbox: Mailbox, reader: Client) -> None:
    answer = reader.post("/settings/senders/remove/", {"address": "<b>x</b>"}, follow=True)
    assert "Nothing was changed" in all_words(answer.content.decode())
    assert "<b>x" not in answer.content.decode()


def test_images_may_be_switched_off(mailbox: Mailbox, reader: Client) -> None:
    assert reader.post("/settings/senders/", {"images": "never"}).status_code == 303
    assert preferences.senders().images == "never"
    assert reader.post("/settings/senders/", {"images": "always"}).status_code == 422


def test_the_rail_and_the_tabs_lead_there(mailbox: Mailbox, reader: Client) -> None:
    page = reader.get("/b/inbox/").text
    assert any(link["href"] == "/settings/reading/" for link in elements(page, "a"))
    for path in ("/settings/reading/", "/settings/senders/"):
        (current,) = [link for link in elements(reader.get(path).text, "a") if link.get("aria-current") == "page"]
        assert current["href"] == path


def test_a_stranger_is_asked_to_sign_in(mailbox: Mailbox, reader: Client) -> None:
    for path in ("/settings/reading/", "/settings/senders/"):
        assert Client().get(path).status_code == 303
        assert Client().post(path, SAVED).status_code == 401


def themes(reader: Client, monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """By what happened, the theme of the page that says so."""
    forged = Client(enforce_csrf_checks=True, raise_request_exception=False)
    forged.cookies, reader.raise_request_exception = reader.cookies, False
    pages = {
        "not there": reader.get("/nowhere/"),
        "gone": reader.get("/m/incoming-absent/source"),
        "another site": forged.post("/act/", {}),
        "not understood": reader.post("/act/", {}),
        "broken": at_fault(reader, monkeypatch, RuntimeError("a fault")),
        "not reachable": at_fault(reader, monkeypatch, MailboxNotReachable("away")),
        "signed out": reader.post("/sign-out/", follow=True),
    }
    assert [page.status_code for page in pages.values()] == [404, 404, 403, 400, 500, 503, 200]
    return {what: elements(page.text, "html")[0].get("data-theme") for what, page in pages.items()}


def at_fault(reader: Client, monkeypatch: pytest.MonkeyPatch, error: Exception) -> Any:
    def fail(_sid: str) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(access, "standing_of", fail)
        return reader.get("/b/inbox/")


def test_pages_of_what_went_wrong_and_of_sign_in_have_the_chosen_theme(
    mailbox: Mailbox, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(reader)
    assert set(themes(reader, monkeypatch).values()) == {"dark"}


def test_a_theme_that_is_given_up_is_given_up_everywhere(mailbox: Mailbox, reader: Client) -> None:
    save(reader)
    save(reader, theme="")
    assert "data-theme" not in elements(reader.get("/nowhere/").text, "html")[0]


@pytest.mark.parametrize("made_up", ["neon", "dark ", '"><script>', "x" * 5_000])
def test_a_theme_that_is_none_of_ours_is_not_shown(reader: Client, made_up: str) -> None:
    reader.cookies["theme"] = made_up
    assert "data-theme" not in elements(reader.get("/nowhere/").text, "html")[0]


def test_settings_begin_with_the_first_of_their_pages(reader: Client) -> None:
    answer = reader.get("/settings/")
    assert (answer.status_code, answer["Location"]) == (302, "/settings/reading/")
