"""commit(): the one writer. What it writes, what it does not write, and what it does when others write too."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mailbox.store import conversations, rows
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.facts import Facts, facts_of
from mailbox.store.models import Flags, Message
from mailbox.store.receipts import Receipt
from mailbox.store.rows import Change, commit
from tests.unit.calls import Calls, watched_calls
from tests.unit.in_memory import Mailbox, mail


def facts(n: int, **changed: Any) -> Facts:
    found = facts_of(f"incoming/ses{n}", mail(n, parent=1 if n > 1 else None), None, region="eu-west-1")
    return replace(found, **changed)


def known(*messages: Facts, flags: Flags | None = None, receipt: Receipt | None = None) -> Change:
    ids = [message.id for message in messages]
    receipts = dict.fromkeys(ids, receipt) if receipt else {}
    return Change({message.id: message for message in messages}, receipts, dict.fromkeys(ids, flags or Flags()))


THREAD = facts(1).thread_id


@pytest.fixture
def calls(mailbox: Mailbox) -> Iterator[Calls]:
    with watched_calls() as calls:
        yield calls


def written(calls: Calls) -> list[str]:
    """What the last transaction did: verb and first letter of the partition key."""
    actions = [parameters["TransactItems"] for _, operation, parameters in calls.made if operation == "TransactWriteItems"]
    items = ((verb, (item.get("Key") or item["Item"])["pk"]["S"][0]) for action in actions[-1] for verb, item in action.items())
    return sorted(f"{verb} {first}" for verb, first in items)


def test_it_works(calls: Calls) -> None:
    commit(THREAD, lambda _: known(facts(1)))
    assert calls.names("dynamodb") == ["GetItem", "Query", "TransactWriteItems"]
    assert written(calls) == ["Put p", "Put t", "Put v", "Put v", "Update t"]
    assert conversations.list_page("inbox").rows[0].last == "incoming-ses1"


def test_what_is_known_already_costs_no_write(calls: Calls) -> None:
    commit(THREAD, lambda _: known(facts(1)))
    calls.made.clear()
    commit(THREAD, lambda _: known(facts(1)))
    assert calls.names("dynamodb") == ["GetItem", "Query"]


def test_only_rows_that_change_are_written(calls: Calls) -> None:
    commit(THREAD, lambda _: known(facts(1)))
    commit(THREAD, lambda _: Change(flags={"incoming-ses1": Flags(seen=True, clock=1)}))
    assert written(calls) == ["Delete v", "Put v", "Update t", "Update t"]


def test_older_flags_change_nothing(calls: Calls) -> None:
    commit(THREAD, lambda _: known(facts(1), flags=Flags(seen=True, clock=2)))
    calls.made.clear()
    commit(THREAD, lambda _: known(facts(1), flags=Flags(folder="trash", clock=1)))
    commit(THREAD, lambda _: Change(flags={"incoming-ses1": Flags(folder="trash", clock=2)}))
    assert "TransactWriteItems" not in calls.names("dynamodb")


def test_flags_of_a_message_nobody_knows_are_left_alone(mailbox: Mailbox) -> None:
    commit(THREAD, lambda _: Change(flags={"incoming-other": Flags(seen=True, clock=1)}))
    assert mailbox.items() == {}


def test_a_receipt_beats_the_mail_and_is_never_taken_back(mailbox: Mailbox) -> None:
    receipt = Receipt(envelope_recipients=("me@example.com",), verdicts={"dmarc": "FAIL"})
    first = facts(1, verdicts={"dmarc": "PASS", "spam": "PASS"})
    commit(THREAD, lambda _: known(first, receipt=receipt))
    commit(THREAD, lambda _: known(first))
    (message,) = conversations.get_conversation(THREAD)
    assert message.verdicts == {"dmarc": "FAIL", "spam": "PASS"}
    assert message.receipt == {"recipients": ["me@example.com"]}


def test_a_message_that_moves_in_time_leaves_nothing_behind(mailbox: Mailbox) -> None:
    commit(THREAD, lambda _: known(facts(1)))
    commit(THREAD, lambda _: known(facts(1, received_at=datetime(2026, 11, 25, tzinfo=UTC))))
    assert [sk for _, sk in mailbox.items() if sk.startswith("m#")] == ["m#2026-11-25T00:00:00Z#incoming-ses1"]
    assert sorted(sk[:10] for pk, sk in mailbox.items() if pk.startswith("v#")) == ["2026-11-25"] * 2


def test_the_last_message_takes_everything_with_it(mailbox: Mailbox) -> None:
    commit(THREAD, lambda _: known(facts(1), facts(2)))
    commit(THREAD, lambda _: Change(gone=frozenset({"incoming-ses1"})))
    assert conversations.list_page("inbox").rows[0].count == 1
    commit(THREAD, lambda _: Change(gone=frozenset({"incoming-ses2"})))
    assert mailbox.items() == {}


def test_more_changes_than_a_transaction_holds_are_written_in_several(mailbox: Mailbox, calls: Calls) -> None:
    messages = [facts(n) for n in range(1, 41)]
    flags = {message.id: Flags(labels=(f"l{n}",), seen=n % 2 == 0) for n, message in enumerate(messages)}
    commit(THREAD, lambda _: Change({message.id: message for message in messages}, {}, flags))
    sizes = [len(parameters["TransactItems"]) for _, operation, parameters in calls.made if operation == "TransactWriteItems"]
    assert len(sizes) > 1
    assert max(sizes) <= 99
    whole = mailbox.items()
    commit(THREAD, lambda _: Change(gone=frozenset({messages[-1].id})))
    commit(THREAD, lambda _: Change({messages[-1].id: messages[-1]}, {}, {messages[-1].id: flags[messages[-1].id]}))
    assert mailbox.items() == whole
    commit(THREAD, lambda _: Change(gone=frozenset(message.id for message in messages)))
    assert mailbox.items() == {}


def test_the_head_names_exactly_the_list_rows_there_are(mailbox: Mailbox) -> None:
    commit(THREAD, lambda _: known(facts(1), facts(2), flags=Flags(flagged=True, labels=("work",))))
    items = mailbox.items()
    named = {(f"v#{listing}", row[0]) for listing, row in json.loads(items[f"t#{THREAD}", "#head"]["rows"]["S"]).items()}
    assert named == {key for key in items if key[0].startswith("v#")}


def test_whoever_is_overtaken_reads_again(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    commit(THREAD, lambda _: known(facts(1)))
    turns = iter([True])

    def load(_: Mapping[str, Message]) -> Change:
        if next(turns, False):  # somebody else commits after our read
            commit(THREAD, lambda _: Change(flags={"incoming-ses1": Flags(seen=True, clock=1)}))
        return known(facts(2))

    commit(THREAD, load)
    (row,) = conversations.list_page("inbox").rows
    assert (row.count, [message.seen for message in conversations.get_conversation(THREAD)]) == (2, [True, False])


def test_a_conversation_that_stays_too_busy_is_left_to_the_next_delivery(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    monkeypatch.setattr(rows, "write", always_overtaken)
    with pytest.raises(MailboxNotReachable, match="too busy"):
        commit(THREAD, lambda _: known(facts(1)))
    assert len(pauses) == 20
    assert max(pauses) <= 1.0
    assert sum(pauses) < 20


@pytest.mark.parametrize("value", ["5", "[]", '"no"', "{", '{"inbox": 5}', '{"inbox": ["", "b"]}', '{"' + "x" * 3_000 + '": ["a", "b"]}'])
def test_a_head_that_a_broken_writer_spoilt_keeps_no_mail_out_and_heals(mailbox: Mailbox, value: str) -> None:
    commit(THREAD, lambda _: known(facts(1), facts(2)))
    whole = mailbox.items()
    commit(THREAD, lambda _: Change(gone=frozenset({"incoming-ses2"})))
    mailbox.dynamodb.update_item(
        TableName=mailbox.table,
        Key={"pk": {"S": f"t#{THREAD}"}, "sk": {"S": "#head"}},
        UpdateExpression="SET #r = :r, version = :v",
        ExpressionAttributeNames={"#r": "rows"},
        ExpressionAttributeValues={":r": {"S": value}, ":v": {"N": "1"}},
    )
    commit(THREAD, lambda _: known(facts(2)))
    assert mailbox.items() == whole


def always_overtaken(*args: Any) -> None:
    raise rows.Overtaken
