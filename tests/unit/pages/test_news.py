"""What an open page hears once a minute: new mail in numbers, and how long the session lasts."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.http import urlencode

from mailbox import sessions
from mailbox.store.models import ListRow
from tests.unit.calls import watched_calls
from tests.unit.in_memory import Mailbox
from tests.unit.pages.forms import values
from tests.unit.pages.letters import START, letter, thread_of
from tests.unit.pages.seen import elements, link, tidy

BY_ITSELF = {"X-Fragment": "1", "X-Background": "1"}


def known(reader: Client, path: str = "/b/inbox/") -> str:
    """What a page has its script ask with."""
    return elements(reader.get(path).text, "body")[0]["data-news"]


def news(reader: Client, query: str) -> Any:
    return reader.get(f"/news/?{query}", headers=BY_ITSELF)


def test_it_works(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1))
    query = known(reader)
    assert news(reader, query).status_code == 204
    mailbox.arrive(letter(2))
    assert link(news(reader, query).text, "1 new message") == "/b/inbox/"
    mailbox.arrive(letter(3))
    assert link(news(reader, query).text, "2 new messages") == "/b/inbox/"


def test_a_page_that_does_not_show_the_top_of_the_inbox_hears_of_what_comes_from_now_on(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(1))
    for path in ("/b/inbox/?f=files", "/b/sent/", f"/t/{thread_of(id)}/", "/compose/"):
        assert news(reader, known(reader, path)).status_code == 204, path


def test_mail_in_spam_is_no_news(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1))
    query = known(reader)
    mailbox.arrive(letter(2, verdicts={"spam": "FAIL"}))
    assert news(reader, query).status_code == 204


@pytest.mark.parametrize("n", range(2, 6))  # of one second the conversation's id decides which stands on top
def test_mail_that_came_in_the_very_second_of_the_newest_row_is_news(reader: Client, mailbox: Mailbox, n: int) -> None:
    mailbox.arrive(letter(1, at=START))
    query = known(reader)
    mailbox.arrive(letter(n, at=START))
    assert link(news(reader, query).text, "1 new message") == "/b/inbox/"


def test_mail_that_is_listed_later_than_newer_mail_is_news(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1, at=START))
    query = known(reader)
    mailbox.arrive(letter(2, at=START - timedelta(seconds=90)))
    assert link(news(reader, query).text, "1 new message") == "/b/inbox/"


def test_to_an_empty_inbox_all_mail_is_news(reader: Client, mailbox: Mailbox) -> None:
    query = known(reader)
    assert news(reader, query).status_code == 204
    mailbox.arrive(letter(1, at=timezone.now() - timedelta(seconds=5)))
    assert link(news(reader, query).text, "1 new message") == "/b/inbox/"


def test_an_answer_in_a_conversation_that_is_shown_is_news(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1, at=START))
    query = known(reader)
    mailbox.arrive(letter(2, at=START + timedelta(seconds=1), answers=1))
    assert link(news(reader, query).text, "1 new message") == "/b/inbox/"


def test_mail_on_the_next_page_is_no_news_even_of_one_second(reader: Client, mailbox: Mailbox) -> None:
    for n in range(30):
        mailbox.arrive(letter(n, at=START))
    query = known(reader)
    assert len(values(reader.get("/b/inbox/").text)) == 25
    assert news(reader, query).status_code == 204
    reader.post("/act/", {"do": "archive", "in": "inbox", "t": values(reader.get("/b/inbox/").text)[:3]})
    assert news(reader, query).status_code == 204


def test_it_counts_no_further_than_100(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1))
    query = known(reader)
    for n in range(100):
        ListRow("v#inbox", f"2026-11-24T12:00:00Z#{n:032x}", row={}).save()
    assert tidy([news(reader, query).text]) == '<a class="btn pri" href="/b/inbox/">99+ new messages</a>'


def test_it_costs_one_bounded_query_of_keys(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1))
    query = known(reader)
    with watched_calls() as calls:
        news(reader, query + "&known=0" * 1_000)
    assert [(service, operation) for service, operation, _ in calls.made] == [("dynamodb", "BatchGetItem"), ("dynamodb", "Query")]
    asked = calls.made[1][2]
    assert (asked["Limit"], asked["ProjectionExpression"]) == (150, "sk")  # no row comes back


@pytest.mark.parametrize("cursor", ["", "0", "'; x", "2026-11-24", "9" * 5_000, "\x00"])
def test_what_is_no_cursor_is_no_news(reader: Client, mailbox: Mailbox, cursor: str) -> None:
    mailbox.arrive(letter(1))
    assert news(reader, urlencode({"after": cursor, "known": cursor})).status_code == 204


def test_opened_by_a_person_it_leads_to_the_inbox(reader: Client) -> None:
    answer = reader.get("/news/")
    assert (answer.status_code, answer["Location"]) == (303, "/b/inbox/")


def test_every_fragment_says_how_long_the_session_lasts(reader: Client, mailbox: Mailbox) -> None:
    assert 0 < int(news(reader, "")["X-Session-Left"]) <= sessions.QUIET
    assert "X-Session-Left" not in reader.get("/b/inbox/").headers


def test_a_page_says_how_long_the_session_lasts(reader: Client) -> None:
    assert 0 < int(elements(reader.get("/b/inbox/").text, "body")[0]["data-left"]) <= sessions.QUIET
    assert "data-left" not in elements(Client().get("/login/").text, "body")[0]
