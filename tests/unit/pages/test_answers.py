"""What is offered under an open message: to answer it first, last or not at all."""

from typing import Any

import pytest
from django.test import Client

from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter, opened
from tests.unit.pages.seen import Page, elements, tidy
from tests.unit.pages.test_reports import RECIPIENT, report

FORGED = '"example.com Support" <help@evil.example>'
TO_BOTH = "me@example.com, bob@example.org"
BOUNCE = report(RECIPIENT.format("ann@example.org", "failed", "5.1.1", "550 No such user"))


def offered(page: str) -> tuple[list[str], list[str]]:
    """(all that is offered, what of it stands out)."""
    start = page.index('<nav class="reply"')
    bar = [
        (tidy(text), attributes["class"])
        for _, attributes, text in Page(page[start : page.index("</nav>", start)]).elements
        if "btn" in attributes.get("class", "").split()
    ]
    return [words for words, _ in bar], [words for words, css_class in bar if "pri" in css_class.split()]


def test_it_works(reader: Client, mailbox: Mailbox) -> None:
    assert offered(opened(reader, mailbox.arrive(letter(1)))) == (["Reply", "Forward"], ["Reply"])
    assert offered(opened(reader, mailbox.arrive(letter(2, to=TO_BOTH)))) == (["Reply", "Reply all", "Forward"], ["Reply"])


@pytest.mark.parametrize(
    ("written_as", "bar"),
    [
        ({"verdicts": {"spam": "FAIL"}, "to": TO_BOTH}, (["Delete", "Forward", "Reply"], ["Delete"])),
        ({"verdicts": {"virus": "FAIL"}}, (["Delete", "Forward", "Reply"], ["Delete"])),
        ({"verdicts": {"spam": "FAIL"}, "sender": FORGED}, (["Delete", "Forward"], ["Delete"])),
        ({"sender": FORGED}, (["Forward"], [])),
    ],
)
def test_what_may_do_harm_is_not_answered_first(reader: Client, mailbox: Mailbox, written_as: dict[str, Any], bar: object) -> None:
    assert offered(opened(reader, mailbox.arrive(letter(1, **written_as)))) == bar


def test_nobody_is_led_to_answer_a_report(reader: Client, mailbox: Mailbox) -> None:
    assert offered(opened(reader, mailbox.arrive(BOUNCE))) == (["Forward", "Reply"], [])


def test_spam_that_the_reader_took_into_the_inbox_is_answered_as_any_mail(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(1, verdicts={"spam": "FAIL"}))
    page = opened(reader, id)
    reader.post("/act/", {"do": "inbox", "in": "junk", "t": elements(page[page.index("data-open") :], "input")[1]["value"], "m": id})
    assert offered(opened(reader, id)) == (["Reply", "Forward"], ["Reply"])


def test_what_lies_in_trash_is_not_thrown_away_again(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(1, verdicts={"virus": "FAIL"}))
    page = opened(reader, id)
    reader.post("/act/", {"do": "trash", "in": "junk", "t": elements(page[page.index("data-open") :], "input")[1]["value"], "m": id})
    assert offered(opened(reader, id)) == (["Forward", "Reply"], [])
