"""What the pages read: pages of a listing, counts, conversations, single messages."""

from dataclasses import replace

import pytest

from mailbox.store import conversations, flags
from mailbox.store.conversations import list_page
from tests.unit.calls import watched_calls
from tests.unit.in_memory import Mailbox, mail


def fill(mailbox: Mailbox, messages: int) -> None:
    for n in range(messages):
        mailbox.arrive(mail(n, subject=f"Subject {n}"))


def subjects(page: conversations.Page) -> list[int]:
    return [int(row.subject.split()[1]) for row in page.rows]


def test_it_works(mailbox: Mailbox) -> None:
    fill(mailbox, 3)
    page = list_page("inbox")
    assert subjects(page) == [2, 1, 0]
    assert (page.older, page.newer) == (None, False)


def test_pages_follow_each_other_in_both_directions(mailbox: Mailbox) -> None:
    fill(mailbox, 7)
    first = list_page("inbox", limit=3)
    second = list_page("inbox", before=first.older, limit=3)
    third = list_page("inbox", before=second.older, limit=3)
    assert [subjects(page) for page in (first, second, third)] == [[6, 5, 4], [3, 2, 1], [0]]
    assert [page.newer for page in (first, second, third)] == [False, True, True]
    assert third.older is None
    back = list_page("inbox", after=third.rows[0].cursor, limit=2)
    assert (subjects(back), back.newer) == ([2, 1], True)
    assert subjects(list_page("inbox", before=back.older, limit=2)) == [0]


def test_going_newer_than_the_first_page_shows_the_first_page(mailbox: Mailbox) -> None:
    fill(mailbox, 4)
    page = list_page("inbox", after=list_page("inbox").rows[1].cursor, limit=3)
    assert (subjects(page), page.newer) == ([3, 2, 1], False)


@pytest.mark.parametrize("cursor", ["", "x", "2026", "9999-99-99", "' OR 1=1", "2026-11-24T10:00:00Z#", "\x00", "v#sent", "é" * 3000])
def test_a_cursor_that_is_none_shows_the_first_page(mailbox: Mailbox, cursor: str) -> None:
    fill(mailbox, 2)
    assert subjects(list_page("inbox", before=cursor)) == subjects(list_page("inbox", after=cursor)) == [1, 0]


def test_a_page_is_one_query_and_reads_no_bucket(mailbox: Mailbox) -> None:
    fill(mailbox, 4)
    with watched_calls() as calls:
        list_page("inbox", limit=2)
        conversations.count("inbox.unread")
        conversations.get_conversation(list_page("inbox").rows[0].thread_id)
    assert calls.names("dynamodb") == ["Query"] * 4
    assert calls.names("s3") == []


def test_a_count_ends_at_its_limit(mailbox: Mailbox) -> None:
    fill(mailbox, 5)
    assert [conversations.count("inbox", limit) for limit in (3, 5, 100)] == [3, 5, 5]
    with watched_calls() as calls:
        conversations.count("inbox", 3)
    assert len(calls.made) == 1


def test_a_conversation_that_shows_twice_while_it_moves_is_listed_once(mailbox: Mailbox) -> None:
    fill(mailbox, 1)
    row = next(item for (pk, _), item in mailbox.items().items() if pk == "v#inbox")
    mailbox.dynamodb.put_item(TableName=mailbox.table, Item={**row, "sk": {"S": "2026-01-01T00:00:00Z" + row["sk"]["S"][20:]}})
    assert subjects(list_page("inbox")) == [0]


def test_a_conversation_is_read_oldest_first(mailbox: Mailbox) -> None:
    for n in (3, 1, 2):
        mailbox.arrive(mail(n, parent=1 if n > 1 else None, root=1))
    thread_id = list_page("inbox").rows[0].thread_id
    assert [message.message_id[:2] for message in conversations.get_conversation(thread_id)] == ["m1", "m2", "m3"]
    assert [message.message_id[:2] for message in conversations.get_conversation(thread_id, limit=2)] == ["m2", "m3"]


@pytest.mark.parametrize("thread_id", ["", "x", "0" * 32, "0" * 33, "../" * 10, "T" * 32, "0" * 31 + "\n"])
def test_a_conversation_nobody_knows_is_empty(mailbox: Mailbox, thread_id: str) -> None:
    assert conversations.get_conversation(thread_id) == []


def test_a_message_is_found_by_its_id(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    found = conversations.find_message(id)
    assert found is not None
    assert (found.id, found.key) == (id, "incoming/ses1")


def test_a_message_is_found_while_the_index_by_id_still_lags(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    id = mailbox.arrive(mail(1))
    monkeypatch.setattr("mailbox.store.conversations.find_by_index", lambda id: None)
    found = conversations.find_message(id)
    assert found is not None
    assert found.id == id


def test_a_mail_that_is_not_indexed_yet_is_not_found(mailbox: Mailbox) -> None:
    mailbox.put("incoming/ses1", mail(1))
    assert conversations.find_message("incoming-ses1") is None


def test_items_without_facts_are_skipped(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    found = conversations.find_message(id)
    assert found is not None
    ghost = {"pk": {"S": found.pk}, "sk": {"S": "m#2026-11-24T10:00:00Z#incoming-ghost"}, "seen": {"BOOL": True}}
    mailbox.dynamodb.put_item(TableName=mailbox.table, Item=ghost)
    assert [message.id for message in conversations.get_conversation(found.thread_id)] == [id]
    mailbox.arrive(mail(2, parent=1))
    assert list_page("inbox").rows[0].count == 2


def test_the_newest_rows_of_everywhere_come_once_each(mailbox: Mailbox) -> None:
    fill(mailbox, 3)
    mailbox.tell(mailbox.put("sent/ses9", mail(9, parent=1, extra="Date: Tue, 24 Nov 2026 10:00:09 +0000\r\n")))
    flags.act(list_page("inbox").rows[-1].thread_id, None, lambda now: replace(now, folder="archive"))
    rows = conversations.newest_rows(10)
    assert [(row.subject, row.count) for row in rows] == [("Subject 1", 2), ("Subject 2", 1), ("Subject 0", 1)]
    assert len(conversations.newest_rows(2)) == 2
