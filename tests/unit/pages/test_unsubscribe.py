"""Leaving a mailing list: a control beside the meta line that opens a ready draft, and never sends by itself."""

import pytest
from django.test import Client

from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter, opened
from tests.unit.pages.seen import Page, elements, link

WAY_OUT = {"List-Unsubscribe": "<https://lists.example.org/u>, <mailto:leave@lists.example.org?subject=leave%20bowls&body=Bye>"}


def offers(page: str) -> bool:
    return any("unsub" in found.get("class", "").split() for found in elements(page, "a"))


def value_of(page: str, name: str) -> str:
    return next(found.get("value", "") for found in elements(page, "input") if found.get("name") == name)


def test_it_works(reader: Client, mailbox: Mailbox) -> None:
    page = opened(reader, mailbox.arrive(letter(headers=WAY_OUT)))
    composer = reader.get(link(page, "Unsubscribe")).text
    assert value_of(composer, "to") == "leave@lists.example.org"
    assert value_of(composer, "subject") == "leave bowls"
    assert next("".join(text).strip() for tag, _, text in Page(composer).elements if tag == "textarea") == "Bye"


def test_it_is_sent_from_the_address_that_the_list_writes_to(reader: Client, mailbox: Mailbox) -> None:
    raw = letter(headers=WAY_OUT).replace(b"for me@example.com", b"for lists@example.com")
    composer = reader.get(link(opened(reader, mailbox.arrive(raw)), "Unsubscribe")).text
    assert elements(composer, "option")[0]["value"] == "lists@example.com"


def test_a_way_out_without_a_subject_gets_one(reader: Client, mailbox: Mailbox) -> None:
    page = opened(reader, mailbox.arrive(letter(headers={"List-Unsubscribe": "<mailto:leave@lists.example.org>"})))
    assert value_of(reader.get(link(page, "Unsubscribe")).text, "subject") == "unsubscribe"


@pytest.mark.parametrize(
    "headers", [{}, {"List-Unsubscribe": "<https://lists.example.org/u>"}, {"List-Unsubscribe": "<javascript:alert(1)>"}]
)
def test_what_cannot_be_done_is_not_offered(reader: Client, mailbox: Mailbox, headers: dict[str, str]) -> None:
    assert not offers(opened(reader, mailbox.arrive(letter(headers=headers))))


@pytest.mark.parametrize("verdicts", [{"spam": "FAIL"}, {"dmarc": "fail"}])
def test_it_is_hidden_in_spam_and_on_doubtful_mail(reader: Client, mailbox: Mailbox, verdicts: dict[str, str]) -> None:
    assert not offers(opened(reader, mailbox.arrive(letter(headers=WAY_OUT, verdicts=verdicts))))


def test_a55_the_composer_takes_no_bcc_and_no_file_from_a_link(reader: Client) -> None:
    asked = {
        "to": "a@example.org",
        "cc": "b@example.org",
        "bcc": "spy@evil.example",
        "attach": "/etc/passwd",
        "file": "x",
        "from_": "evil@x.y",
    }
    page = reader.get("/compose/", asked).text
    assert (value_of(page, "cc"), value_of(page, "bcc")) == ("b@example.org", "")
    form = " ".join(str(found) for tag in ("input", "textarea", "option") for found in elements(page, tag))
    assert "passwd" not in form
    assert "evil" not in form


def test_a45_what_a_link_puts_into_the_composer_is_text(reader: Client) -> None:
    hostile = '"></textarea><script>alert(1)</script>'
    page = reader.get("/compose/", dict.fromkeys(("to", "cc", "subject", "body"), hostile)).text
    assert len(elements(page, "script")) == 2
    assert value_of(page, "subject") == hostile
