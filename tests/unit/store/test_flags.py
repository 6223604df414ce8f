"""Flags change in the bucket first, each message with a clock of its own, then in the index."""

import json
from dataclasses import replace
from typing import Any

import pytest

from mailbox.store import bucket, conversations, flags
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.flags import Flags, flags_in
from mailbox.store.keys import state_key
from mailbox.store.models import FlagChange
from tests.unit.in_memory import Mailbox, mail

GOOD = {"folder": "inbox", "seen": True, "flagged": False, "keywords": ["$answered"], "labels": ["work"], "clock": 2, "rule": ""}


def read(now: Flags) -> Flags:
    return replace(now, seen=True)


def archive(now: Flags) -> Flags:
    return replace(now, folder="archive")


def thread_of(id: str) -> str:
    message = conversations.find_message(id)
    assert message is not None
    return message.thread_id


def test_it_works(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    (changed,) = flags.act(thread_of(id), None, read)
    assert (changed.before.seen, changed.after.seen, changed.after.clock) == (False, True, 1)
    assert flags.read_flags(id) == changed.after
    assert not conversations.list_page("inbox").rows[0].unread


def test_an_act_that_changes_nothing_writes_nothing(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    flags.act(thread_of(id), None, read)
    before = bucket.get(state_key(id))
    assert flags.act(thread_of(id), None, read) == []
    assert bucket.get(state_key(id)) == before


def test_an_act_mends_a_row_that_a_process_which_died_left_behind(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    flags.change_flags(id, archive)  # and the process died before it told the table
    assert conversations.count("inbox") == 1
    assert flags.act(thread_of(id), None, archive) == []
    assert (conversations.count("inbox"), conversations.count("archive")) == (0, 1)


def test_an_act_touches_only_the_messages_it_names(mailbox: Mailbox) -> None:
    first, second = mailbox.arrive(mail(1)), mailbox.arrive(mail(2, parent=1))
    stranger = mailbox.arrive(mail(3))
    flags.act(thread_of(first), [second, stranger, "incoming-unknown"], read)
    assert [flags.read_flags(id) for id in (first, second, stranger)] == [Flags(), Flags(seen=True, clock=1), Flags()]


def test_an_act_on_an_unknown_conversation_does_nothing(mailbox: Mailbox) -> None:
    assert flags.act("0" * 32, None, read) == []
    assert mailbox.items() == {}


def test_two_acts_in_a_row_both_count(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    flags.act(thread_of(id), None, read)
    flags.act(thread_of(id), None, archive)
    assert flags.read_flags(id) == Flags(folder="archive", seen=True, clock=2)
    assert [len(conversations.list_page(listing).rows) for listing in ("inbox", "inbox.unread", "archive")] == [0, 0, 1]


def test_the_clock_is_not_the_callers(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    flags.act(thread_of(id), None, lambda now: replace(now, seen=True, clock=99))
    assert flags.read_flags(id) == Flags(seen=True, clock=1)


def test_the_name_of_the_filter_that_filed_a_message_stays(mailbox: Mailbox) -> None:
    mailbox.put("state/incoming-ses1.json", json.dumps({**GOOD, "seen": False, "rule": "newsletters"}).encode())
    id = mailbox.arrive(mail(1))
    flags.act(thread_of(id), None, read)
    kept = bucket.get(state_key(id))
    assert kept is not None
    assert json.loads(kept.body)["rule"] == "newsletters"


def test_an_act_mends_a_state_that_cannot_be_read_and_its_clock_goes_on(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    flags.act(thread_of(id), None, read)
    bucket.put(state_key(id), b"not json")
    flags.act(thread_of(id), None, archive)
    assert flags.read_flags(id) == Flags(folder="archive", seen=True, clock=2)


def test_an_act_on_many_messages_reaches_all_of_them(mailbox: Mailbox) -> None:
    ids = [mailbox.arrive(mail(n, parent=1 if n > 1 else None)) for n in range(1, 13)]
    assert len(flags.act(thread_of(ids[0]), None, read)) == 12
    assert conversations.count("inbox.unread") == 0


def test_a_message_that_changes_all_the_time_ends_in_a_page_that_says_so(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    id = mailbox.arrive(mail(1))
    monkeypatch.setattr("mailbox.store.bucket.put", lambda *args, **kwargs: False)
    with pytest.raises(MailboxNotReachable):
        flags.change_flags(id, read)


def label(slug: str) -> FlagChange:
    return lambda now: replace(now, labels=tuple(sorted({*now.labels, slug})))


def test_what_nobody_could_read_back_is_never_written(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    for n in range(52):
        flags.act(thread_of(id), None, label(f"label-{n}"))
    kept = flags.read_flags(id)
    assert kept
    assert (len(kept.labels), kept.clock) == (50, 50)
    assert flags.act(thread_of(id), None, archive)


def test_no_clock_counts_past_what_is_read(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    mailbox.tell(mailbox.put(state_key(id), json.dumps({**GOOD, "seen": False, "clock": 2**53}).encode()))
    assert flags.act(thread_of(id), None, read) == []
    assert flags.read_flags(id) is not None


@pytest.mark.parametrize(
    "wrong", [{"seen": {"S": "x"}}, {"clock": {"N": "1e120"}}, {"labels": {"S": "l " + "x" * 61}}, {"folder": {"S": "no"}}]
)
def test_a_row_that_a_broken_writer_spoilt_breaks_no_reader_and_heals(mailbox: Mailbox, wrong: dict[str, Any]) -> None:
    id = mailbox.arrive(mail(1))
    flags.act(thread_of(id), None, archive)
    whole = mailbox.items()
    key = next({"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in whole if sk.startswith("m#"))
    ((name, value),) = wrong.items()
    mailbox.dynamodb.update_item(
        TableName=mailbox.table,
        Key=key,
        UpdateExpression="SET #n = :v",
        ExpressionAttributeNames={"#n": name},
        ExpressionAttributeValues={":v": value},
    )
    assert conversations.get_conversation(thread_of(id))[0].flags.clock == -1
    mailbox.tell("incoming/ses1")
    assert mailbox.items() == whole


def test_a_spoilt_state_beside_a_spoilt_row_is_filed_by_the_bytes(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    key = next({"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in mailbox.items() if sk.startswith("m#"))
    mailbox.dynamodb.update_item(
        TableName=mailbox.table, Key=key, UpdateExpression="SET seen = :v", ExpressionAttributeValues={":v": {"S": "x"}}
    )
    mailbox.tell(mailbox.put(state_key(id), b"spoilt"))
    assert flags.read_flags(id) == Flags()


def test_a_state_is_read_as_it_was_written() -> None:
    found = flags_in(json.dumps(GOOD).encode())
    assert found == Flags("inbox", True, False, ("$answered",), ("work",), 2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"folder": "../inbox"},
        {"folder": None},
        {"folder": ["inbox"]},
        {"seen": 1},
        {"flagged": "yes"},
        {"clock": -1},
        {"clock": True},
        {"clock": 1.5},
        {"clock": 10**40},
        {"labels": "work"},
        {"labels": ["two words"]},
        {"labels": ["x" * 61]},
        {"labels": [f"l{n}" for n in range(51)]},
        {"keywords": [1]},
        {"rule": {}},
    ],
)
def test_a_state_of_another_shape_is_not_believed(wrong: dict[str, Any]) -> None:
    assert flags_in(json.dumps({**GOOD, **wrong}).encode()) is None


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"x": "' + b"x" * 70_000 + b'"}'])
def test_what_is_no_state_is_not_believed(body: bytes) -> None:
    assert flags_in(body) is None
