"""`GET /api/emails`: the rows that the list page shows, as data."""

from dataclasses import fields
from urllib.parse import quote

import pytest

from mailbox.api.listing import Row
from mailbox.store import labels
from tests.unit.api.conftest import Program, change
from tests.unit.calls import watched_calls
from tests.unit.in_memory import Mailbox, mail


def subjects(program: Program, query: str = "") -> list[str]:
    return [row["subject"] for row in program.get(f"/api/emails{query}").json()["rows"]]


def test_it_works(program: Program, mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1, subject="Bowls", sender='"Weber, Ann" <ann@example.org>'))
    answer = program.get("/api/emails")
    (row,) = answer.json()["rows"]
    assert (answer.status_code, answer.json()["older"]) == (200, None)
    assert (row["subject"], row["last"], row["unread"], row["count"]) == ("Bowls", id, True, 1)
    assert row["senders"] == [{"display_name": "Weber, Ann", "addr_spec": "ann@example.org", "is_me": False}]
    assert row["received_at"] == "2026-11-24T10:00:01Z"
    assert set(row) == {field.name for field in fields(Row)}


def test_it_is_paged_by_cursor(program: Program, mailbox: Mailbox) -> None:
    for number in range(5):
        mailbox.arrive(mail(number, subject=f"Number {number}"))
    pages = [program.get("/api/emails?limit=2").json()]
    while pages[-1]["older"]:
        pages.append(program.get(f"/api/emails?limit=2&before={quote(pages[-1]['older'])}").json())
    assert [row["subject"] for page in pages for row in page["rows"]] == [f"Number {number}" for number in (4, 3, 2, 1, 0)]


def test_a_filter_narrows_any_box(program: Program, mailbox: Mailbox) -> None:
    mailbox.arrive(mail(1, subject="Plain"))
    change(mailbox.arrive(mail(2, subject="Starred")), flagged=True)
    assert subjects(program, "?filter=starred") == ["Starred"]
    assert subjects(program, "?filter=files") == []
    assert subjects(program, "?box=starred&filter=unread") == ["Starred"]
    assert subjects(program, "?box=archive") == []


def test_a_label_is_a_box_once_there_is_such_a_label(program: Program, mailbox: Mailbox) -> None:
    answer = program.get("/api/emails?box=label-garden")
    assert (answer.status_code, answer.json()["field"]) == (404, "box")
    label = labels.add("Garden")
    assert label
    assert program.get(f"/api/emails?box=label-{label.slug}").json() == {"rows": [], "older": None}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=1e1", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=2", "limit"),
        ("before=2026", "before"),
        ("before=", "before"),
        ("box=purged", "box"),
        ("box=inbox.unread", "box"),
        ("filter=read", "filter"),
        ("q=word", "q"),
        ("key=incoming/x", "key"),
    ],
)
def test_a44_what_is_not_as_described_is_400_and_named(program: Program, query: str, field: str) -> None:
    answer = program.get(f"/api/emails?{query}")
    assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert answer.json()["detail"].endswith(".")


def test_it_costs_the_read_of_the_gate_and_one_query(program: Program, mailbox: Mailbox) -> None:
    for number in range(30):
        mailbox.arrive(mail(number))
    with watched_calls() as calls:
        assert len(program.get("/api/emails").json()["rows"]) == 25
    assert sorted(calls.names("dynamodb")) == ["BatchGetItem", "Query"]
    assert calls.names("s3") == []
