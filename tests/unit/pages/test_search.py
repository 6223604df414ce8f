"""The interim search: sender, subject and preview of the newest conversations, and a page that says so."""

import pytest
from django.test import Client

from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter
from tests.unit.pages.seen import all_words, words

MATCHES: dict[str, list[str]] = {
    "glaze": ["Glaze tests"],
    "WEBER": ["Glaze tests"],
    "gloves": ["Straße 5"],
    "strasse": ["Straße 5"],
    "kiln.example": ["Straße 5", "Glaze tests"],
    "shelf jonas": ["Glaze tests"],
    "shelf ines": [],
    "papa": ["Train"],
    "": [],
    "   ": [],
}


@pytest.fixture
def found(reader: Client, mailbox: Mailbox) -> Client:
    mailbox.arrive(letter(1, sender="Jonas Weber <jonas@kiln.example>", subject="Glaze tests", text="The third shelf."))
    mailbox.arrive(letter(2, sender="Ines <ines@kiln.example>", subject="Straße 5", text="Bring gloves."))
    mailbox.tell(mailbox.put("sent/one", letter(3, sender="me@example.com", to="papa@example.org", subject="Train")))
    return reader


def test_every_word_must_occur_somewhere(found: Client) -> None:
    for query, subjects in MATCHES.items():
        assert words(found.get("/search/", {"q": query}).text, "sub") == subjects, query


def test_the_page_says_how_far_it_looks(found: Client) -> None:
    assert "newest 1,000 conversations" in all_words(found.get("/search/?q=glaze").text)


def test_without_a_match_the_query_is_repeated_as_text(found: Client) -> None:
    page = found.get("/search/", {"q": "<b>kilm</b>"}).text
    assert "No mail matches “<b>kilm</b>”" in all_words(page)
    assert "<b>kilm" not in page


def test_any_query_gets_a_page(found: Client) -> None:
    for query in ("\x00", "(" * 10_000, "a " * 10_000, "🎉", "\u202e", "%00", "'; DROP"):
        assert found.get("/search/", {"q": query}).status_code == 200
