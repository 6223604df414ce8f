"""The page of all headers and the source."""

from django.test import Client

from mailbox.store import bucket
from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter, opened
from tests.unit.pages.seen import Page, all_words, link, tidy

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def source_page(reader: Client, id: str) -> str:
    response = reader.get(f"/m/{id}/source")
    assert response.status_code == 200
    return response.text


def rows(page: str) -> list[str]:
    return [tidy(text) for tag, _, text in Page(page).elements if tag == "tr"]


def test_it_works(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(subject="Bowls", text="Are they ready?"))
    page = source_page(reader, link(opened(reader, id), "all headers").split("/")[2])
    assert "subject Bowls" in rows(page)
    assert any(row.startswith("received written by SES from mail.example.org") for row in rows(page))
    assert "Are they ready?" in page
    assert link(page, "Back to the conversation").endswith(f"?open={id}#{id}")


def test_a45_nothing_of_a_source_becomes_markup(reader: Client, mailbox: Mailbox) -> None:
    letter_ = letter(subject=HOSTILE, text=HOSTILE, headers={"X-Evil": HOSTILE}, sender=f'"{HOSTILE[1:]}" <evil@example.org>')
    page = source_page(reader, mailbox.arrive(letter_))
    assert not [tag for tag, attributes, _ in Page(page).elements if tag == "img" or "onerror" in attributes]
    assert {attributes.get("src", "") for tag, attributes, _ in Page(page).elements if tag == "script"} == {"/static/postamt.js"}
    assert "alert(1)" in all_words(page)


def test_a45_controls_and_direction_marks_are_seen_and_never_sent_as_they_are(reader: Client, mailbox: Mailbox) -> None:
    raw = letter().replace(b"Are they ready?", "gpj\u202eexe\x1b[2J\x00\u2066 \u200f".encode() + b"\xfe")
    page = source_page(reader, mailbox.arrive(raw))
    assert "gpj‹U+202E›exe␛[2J␀‹U+2066› ‹U+200F›\\xfe" in page
    assert not set("\u202e\x1b\x00\u2066\u200f") & set(page)


def test_a_long_message_is_shown_from_its_beginning_and_says_so(reader: Client, mailbox: Mailbox) -> None:
    page = source_page(reader, mailbox.arrive(letter(text="word " * 100_000)))
    assert "These are the first 200 KB of" in all_words(page)
    assert len(page) < 300_000


def test_a_message_that_is_gone_from_the_bucket_has_no_source(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter())
    bucket.delete(f"incoming/{id.removeprefix('incoming-')}")
    assert reader.get(f"/m/{id}/source").status_code == 404
