"""Remote images of a sender the reader trusts: shown only for this exact address, and only where DMARC vouches for it."""

from typing import Any

import pytest
from django.test import Client

from mailbox.store import preferences
from tests.unit.in_memory import Mailbox
from tests.unit.pages.forms import undo
from tests.unit.pages.letters import letter, opened
from tests.unit.pages.seen import Page, all_words, elements

HTML = "<table><tr><td>Bowls</td></tr></table><img src='https://shop.example/bowl.png' width=300>"
SHOP = "News@shop.example"


def arrive(mailbox: Mailbox, n: int = 1, sender: str = f"Shop <{SHOP}>", **more: Any) -> str:
    return mailbox.arrive(letter(n, sender=sender, html=HTML, **more))


def shows_images(reader: Client, id: str) -> bool:
    response = reader.get(f"/m/{id}/body")
    allowed = "img-src data: https:" in response["Content-Security-Policy"]
    assert (b"shop.example/bowl.png" in response.content) == allowed
    return allowed


def buttons(html: str) -> list[str]:
    return [" ".join("".join(text).split()) for tag, _, text in Page(html).elements if tag == "button"]


def test_it_works(mailbox: Mailbox, reader: Client) -> None:
    id, later = arrive(mailbox), arrive(mailbox, 2)
    page = opened(reader, id)
    assert "A remote image is not loaded" in all_words(page)
    assert "Always for this sender" in buttons(page)
    (button,) = [button for button in elements(page, "button") if button.get("formaction")]
    assert button["formaction"] == f"/m/{id}/images/always"
    answer = reader.post(button["formaction"], {"next": f"/t/{'0' * 32}/?in=junk#x"}, follow=True)
    assert answer.redirect_chain[0][1] == 303
    words = all_words(answer.content.decode())
    assert "A remote image is loaded" in words
    assert f"You chose so for {SHOP}." in words
    assert f"Images from {SHOP} are shown from now on." in words
    assert shows_images(reader, id)
    assert shows_images(reader, later)


def test_shown_once_the_note_goes_and_the_frame_has_them(mailbox: Mailbox, reader: Client) -> None:
    id = arrive(mailbox)
    (form,) = [form for form in elements(opened(reader, id), "form") if "data-images" in form]
    answer = reader.post(form["action"], {"next": "?in=archive#x"}, follow=True)
    assert answer.redirect_chain[0][1] == 303
    assert answer.request["QUERY_STRING"].startswith(f"in=archive&open={id}&images=")
    assert "remote image" not in all_words(answer.text)
    (frame,) = elements(answer.text, "iframe")
    assert b"shop.example/bowl.png" in reader.get(frame["src"]).content
    assert "A remote image is not loaded" in all_words(opened(reader, id))


def test_the_choice_for_one_message_shows_the_images_of_no_other(mailbox: Mailbox, reader: Client) -> None:
    id, other = arrive(mailbox), arrive(mailbox, 2)
    choice = reader.post(f"/m/{id}/images", {"next": ""})["Location"].partition("images=")[2].partition("#")[0]
    page = opened(reader, other, f"?images={choice}")
    assert "A remote image is not loaded" in all_words(page)
    assert [frame["src"] for frame in elements(page, "iframe")] == [f"/m/{other}/body"]


def test_the_toast_takes_the_trust_back(mailbox: Mailbox, reader: Client) -> None:
    id = arrive(mailbox)
    undo(reader, reader.post(f"/m/{id}/images/always", {"next": ""}, follow=True).text)
    assert preferences.trusted_senders() == ()


def test_a_reader_may_take_it_back(mailbox: Mailbox, reader: Client) -> None:
    id = arrive(mailbox)
    preferences.trust_sender(SHOP)
    page = opened(reader, id)
    assert "Stop for this sender" in buttons(page)
    assert "Show images" not in buttons(page)
    assert reader.post(f"/m/{id}/images/stop").status_code == 303
    assert preferences.trusted_senders() == ()
    assert not shows_images(reader, id)


UNVOUCHED = [{"dmarc": "fail"}, {"dmarc": "none"}, {"dmarc": "temperror"}, {"spam": "FAIL"}, {"virus": "FAIL"}]


@pytest.mark.parametrize("verdicts", UNVOUCHED)
def test_a34_a_message_nobody_vouches_for_borrows_no_trust(mailbox: Mailbox, reader: Client, verdicts: dict[str, str]) -> None:
    preferences.trust_sender(SHOP)
    id = arrive(mailbox, verdicts=verdicts)
    assert not shows_images(reader, id)
    assert "Always for this sender" not in buttons(opened(reader, id))
    reader.post(f"/m/{id}/images/stop")
    answer = reader.post(f"/m/{id}/images/always", follow=True)
    assert "Nothing was changed" in all_words(answer.content.decode())
    assert preferences.trusted_senders() == ()


@pytest.mark.parametrize(
    "sender",
    [
        "Shop <news@shop.example>",
        "News@shop.example <other@shop.example>",
        "Shop <News@sub.shop.example>",
        f"Shop <{SHOP}>, Other <other@shop.example>",
        "Shop <News@shop.example.evil.example>",
    ],
)
def test_another_address_borrows_no_trust(mailbox: Mailbox, reader: Client, sender: str) -> None:
    preferences.trust_sender(SHOP)
    assert not shows_images(reader, arrive(mailbox, sender=sender))


def test_the_domain_may_be_written_in_any_case(mailbox: Mailbox, reader: Client) -> None:
    preferences.trust_sender(SHOP)
    assert shows_images(reader, arrive(mailbox, sender="Shop <News@SHOP.Example>"))


def test_a_second_from_line_is_nobodys_word(mailbox: Mailbox, reader: Client) -> None:
    preferences.trust_sender(SHOP)
    raw = letter(1, sender=f"Shop <{SHOP}>", html=HTML).replace(b"\r\nTo:", b"\r\nFrom: Other <other@evil.example>\r\nTo:", 1)
    assert not shows_images(reader, mailbox.arrive(raw))


def test_a_doubtful_message_of_a_trusted_sender_stays_blocked(mailbox: Mailbox, reader: Client) -> None:
    preferences.trust_sender(SHOP)
    assert not shows_images(reader, arrive(mailbox, sender=f"example.com support <{SHOP}>"))


def test_whoever_wants_no_images_is_not_offered_any(mailbox: Mailbox, reader: Client) -> None:
    preferences.trust_sender(SHOP)
    preferences.show_images("never")
    id = arrive(mailbox)
    page = opened(reader, id)
    assert not {"Show images", "Always for this sender", "Stop for this sender"} & set(buttons(page))
    assert "By your settings none is ever shown." in all_words(page)
    assert not shows_images(reader, id)


def test_a_full_list_is_said(mailbox: Mailbox, reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preferences, "SENDERS_MOST", 1)
    preferences.trust_sender("other@shop.example")
    answer = reader.post(f"/m/{arrive(mailbox)}/images/always", follow=True)
    assert "Remove one under Settings, Senders." in all_words(answer.content.decode())


def test_a_message_without_remote_images_asks_no_settings(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(1, html="<table><tr><td>Bowls</td></tr></table>"))
    assert "Always for this sender" not in buttons(opened(reader, id))
