"""What an open page hears once a minute: new mail in numbers, and how long the session lasts."""

from typing import Any

import pytest
from django.test import Client

from mailbox import sessions
from mailbox.store import conversations
from tests.unit.calls import watched_calls
from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter, thread_of
from tests.unit.pages.seen import elements, link, tidy

BY_ITSELF = {"X-Fragment": "1", "X-Background": "1"}


def after(reader: Client, path: str = "/b/inbox/") -> str:
    """The cursor that a page hands its script."""
    return elements(reader.get(path).text, "body")[0]["data-after"]


def news(reader: Client, cursor: str) -> Any:
    return reader.get("/news/", {"after": cursor}, headers=BY_ITSELF)


def test_it_works(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1))
    cursor = after(reader)
    assert news(reader, cursor).status_code == 204
    mailbox.arrive(letter(2))
    assert link(news(reader, cursor).text, "1 new message") == "/b/inbox/"
    mailbox.arrive(letter(3))
    assert link(news(reader, cursor).text, "2 new messages") == "/b/inbox/"


def test_a_page_that_does_not_show_the_top_of_the_inbox_hears_of_what_comes_from_now_on(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(1))
    for path in ("/b/inbox/?f=files", "/b/sent/", f"/t/{thread_of(id)}/", "/compose/"):
        assert news(reader, after(reader, path)).status_code == 204, path


def test_mail_in_spam_is_no_news(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1))
    cursor = after(reader)
    mailbox.arrive(letter(2, verdicts={"spam": "FAIL"}))
    assert news(reader, cursor).status_code == 204


def test_it_counts_no_further_than_100(reader: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox.arrive(letter(1))
    cursor = after(reader)
    monkeypatch.setattr(conversations, "count_newer", lambda listing, cursor, limit: limit)
    assert tidy([news(reader, cursor).text]) == '<a class="btn pri" href="/b/inbox/">99+ new messages</a>'


def test_it_costs_one_bounded_count(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1))
    cursor = after(reader)
    with watched_calls() as calls:
        news(reader, cursor)
    assert [(service, operation) for service, operation, _ in calls.made] == [("dynamodb", "BatchGetItem"), ("dynamodb", "Query")]
    asked = calls.made[1][2]
    assert asked["Limit"] == 100
    assert asked.get("Select") == "COUNT" or "ProjectionExpression" in asked  # no row comes back


@pytest.mark.parametrize("cursor", ["", "0", "'; x", "2026-11-24", "9" * 5_000, "\x00"])
def test_what_is_no_cursor_is_no_news(reader: Client, mailbox: Mailbox, cursor: str) -> None:
    mailbox.arrive(letter(1))
    assert news(reader, cursor).status_code == 204


def test_opened_by_a_person_it_leads_to_the_inbox(reader: Client) -> None:
    answer = reader.get("/news/")
    assert (answer.status_code, answer["Location"]) == (303, "/b/inbox/")


def test_every_fragment_says_how_long_the_session_lasts(reader: Client, mailbox: Mailbox) -> None:
    assert 0 < int(news(reader, "")["X-Session-Left"]) <= sessions.QUIET
    assert "X-Session-Left" not in reader.get("/b/inbox/").headers


def test_a_page_says_how_long_the_session_lasts(reader: Client) -> None:
    assert 0 < int(elements(reader.get("/b/inbox/").text, "body")[0]["data-left"]) <= sessions.QUIET
    assert "data-left" not in elements(Client().get("/login/").text, "body")[0]
