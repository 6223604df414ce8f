"""Random histories, interleavings and crashes: whatever happened, the rebuilt index equals the live one.

State events delivered at the end would hide faults of the clock, and even schedules hardly ever reach a late writer. So some of these
tests deliver no later event, and all schedules are sticky.
"""

import itertools
import json
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from indexer.index import index_message
from mailbox.store import bucket
from mailbox.store.aws import made_once
from mailbox.store.flags import Flags, act
from mailbox.store.keys import message_id_of, state_key
from mailbox.store.models import create_table
from tests.aws.schedule import Interruption, interleave, sticky
from tests.aws.world import ACTS, PEOPLE, World, check, fresh_table
from tests.unit.calls import Calls, watched_calls
from tests.unit.in_memory import Items, Mailbox, dynamodb_client, forget_clients, mail

worlds = (f"world-{n}" for n in itertools.count())
histories = hypothesis_settings(
    max_examples=int(os.environ.get("HISTORIES", "6")),  # a longer search is one variable away
    derandomize="HISTORIES" not in os.environ,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)
HAPPENINGS = ["mail", "mail", "reply", "orphan", "twin", "junk", "receipt", "sent", "sidecar"]
HAPPENINGS += ["event", "event", "again", "act", "act", "undo", "erase", "block"]


@pytest.fixture
def mailbox(post_office: Any, settings: Settings) -> Mailbox:
    """A mailbox on the local AWS, without anybody else's events: these tests deliver them."""
    forget_clients()
    settings.POSTAMT_TABLE = f"histories-{os.getpid()}"
    create_table()
    return Mailbox("", settings.POSTAMT_TABLE, "", made_once("dynamodb", dynamodb_client))


@pytest.fixture
def calls(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Calls]:
    monkeypatch.setattr("time.sleep", lambda _: None)
    with watched_calls() as calls:
        yield calls


class Teller:
    """Draws what happens next, and turns it into operations that may run at the same time."""

    def __init__(self, world: World, data: st.DataObject) -> None:
        self.world, self.data = world, data
        self.operations: list[Callable[[], Any]] = []
        self.at_risk: list[str] = []

    def pick(self, choices: list[Any]) -> Any:
        return self.data.draw(st.sampled_from(choices)) if choices else None

    def happen(self, what: str) -> None:
        world = self.world
        if what in ("mail", "reply", "orphan", "twin", "junk"):
            parent = self.pick(world.mails) if what in ("reply", "twin") else None
            key = world.receive(parent, orphan=what == "orphan", twin=what == "twin", junk=what == "junk")
            if self.data.draw(st.booleans()):
                self.operations.append(lambda: world.mailbox.tell(key))
        elif what == "sent":
            world.send(self.pick(world.mails), late_sidecar=self.data.draw(st.booleans()))
        elif what == "sidecar" and world.promised:
            world.put(*world.promised.popitem())
        elif what == "receipt":
            name = self.pick([key.partition("/")[2] for key, _, _ in world.mails] + [f"s{world.number + 1}"])
            world.owed.append(world.mailbox.put_receipt(name, spam="PASS", dmarc=self.pick(["PASS", "FAIL"])))
        elif what in ("event", "again") and world.owed:
            self.deliver(self.pick(world.owed), once_more=what == "again")
        else:
            self.a_person_does(what)

    def a_person_does(self, what: str) -> None:
        world = self.world
        if what == "act" and (thread_id := self.pick(world.thread_ids())):
            self.operations.append(world.act(thread_id, self.pick(list(ACTS))))
        elif what == "block":
            self.operations.append(world.block(self.pick(PEOPLE)))
        elif what == "undo" and any(world.done):
            self.undo(self.pick([changes for changes in world.done if changes]))
        elif what == "erase" and world.mails and not self.operations:
            self.operations.append(world.erase(self.pick(world.mails)[0]))

    def deliver(self, key: str, once_more: bool) -> None:
        if not once_more:
            self.world.owed.remove(key)
        self.at_risk.append(key)
        self.operations.append(lambda: self.world.mailbox.tell(key))

    def undo(self, changes: list[Any]) -> None:
        items = self.world.mailbox.items()
        threads = [pk[2:] for (pk, sk), item in items.items() if sk.endswith(f"#{changes[0].id}")]
        if threads:
            self.operations.append(self.world.undo(threads[0], changes))


@histories
@given(st.data())
def test_rebuilt_equals_live_after_any_history(calls: Calls, mailbox: Mailbox, data: st.DataObject) -> None:
    world = World(mailbox).begin(next(worlds))
    order = data.draw(st.randoms(use_true_random=False))
    for _ in range(data.draw(st.integers(4, 12))):
        teller = Teller(world, data)
        for what in data.draw(st.lists(st.sampled_from(HAPPENINGS), min_size=1, max_size=3)):
            teller.happen(what)
        if teller.operations:
            crash_after = data.draw(st.none() | st.none() | st.integers(1, 12))
            if interleave(calls, teller.operations, sticky(order), crash_after):
                world.owed += teller.at_risk
    mailbox.tell(*data.draw(st.permutations(world.owed)), *world.owed[: len(world.owed) // 2])
    mailbox.tell(*(world.put(key, body) for key, body in world.promised.items()))
    check(mailbox)


@histories
@given(st.sampled_from(["archive", "trash", "read"]), st.randoms(use_true_random=False))
def test_two_arrivals_and_an_act_at_once_need_no_later_event(calls: Calls, mailbox: Mailbox, do: str, order: random.Random) -> None:
    world = World(mailbox).begin(next(worlds))
    mailbox.tell(world.receive())
    (thread_id,) = world.thread_ids()
    replies = [world.receive(world.mails[-1]) for _ in range(2)]
    arrivals = [lambda key=key: index_message(key) for key in replies]
    interleave(calls, [*arrivals, world.act(thread_id, do)], sticky(order))
    check(mailbox)


@histories
@given(st.lists(st.sampled_from(["archive", "trash", "read", "star", "undo"]), min_size=2, max_size=3), st.randoms(use_true_random=False))
def test_acts_at_once_need_no_later_event(calls: Calls, mailbox: Mailbox, does: list[str], order: random.Random) -> None:
    world = World(mailbox).begin(next(worlds))
    mailbox.tell(world.receive(), world.receive(world.mails[0]))
    (thread_id,) = world.thread_ids()
    starred = act(thread_id, None, ACTS["star"])
    operations = [world.undo(thread_id, starred) if do == "undo" else world.act(thread_id, do) for do in does]
    interleave(calls, operations, sticky(order))
    check(mailbox)


BOTH_WAYS = [
    ("reply", "archive"),
    ("reply", "mute"),
    ("reply", "block"),
    ("read", "archive"),
    ("again", "erase"),
    ("again", "receipt"),
    ("erase", "archive"),
]
PAIRS = [*BOTH_WAYS, *(pair[::-1] for pair in BOTH_WAYS), ("reply", "reply, read"), ("early receipt", "arrival")]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_another_operation_may_come_between_any_two_calls(calls: Calls, mailbox: Mailbox, one: str, other: str) -> None:
    for after in itertools.count():
        world = World(mailbox).begin(next(worlds))
        first, reply = world.receive(), world.receive(world.mails[0])
        mailbox.tell(first)
        operations = operations_in(world, first, reply)
        interruption = Interruption(after)
        interleave(calls, [operations[one], operations[other]], interruption)
        if "reply" not in one:
            mailbox.tell(reply)
        check(mailbox)
        if not interruption.happened:
            break


@histories
@given(st.randoms(use_true_random=False))
def test_mail_of_blocked_senders_and_muted_conversations_is_filed_once(calls: Calls, mailbox: Mailbox, order: random.Random) -> None:
    world = World(mailbox).begin(next(worlds))
    mailbox.tell(world.receive())
    (thread_id,) = world.thread_ids()
    act(thread_id, None, ACTS["mute"])
    reply, other = world.receive(world.mails[0]), world.receive()
    operations: list[Callable[[], Any]] = [partial(mailbox.tell, reply), partial(mailbox.tell, other)]
    operations += [world.block(PEOPLE[2]), world.act(thread_id, "unmute")]
    interleave(calls, operations, sticky(order))
    filed = {key: bucket.get(state_key(message_id_of(key))) for key in (reply, other)}
    world.block(PEOPLE[2])()
    mailbox.tell(*world.owed)
    check(mailbox)
    assert {key: bucket.get(state_key(message_id_of(key))) for key in filed} == filed


def operations_in(world: World, first: str, reply: str) -> dict[str, Callable[[], Any]]:
    """What may happen to a conversation of one indexed mail, while its reply lies in the bucket and another mail's receipt came early."""
    mailbox, (thread_id,) = world.mailbox, world.thread_ids()
    early = mailbox.put_receipt("late", dmarc="PASS")
    return {
        "reply": partial(mailbox.tell, reply),
        "reply, read": in_turn(partial(mailbox.tell, reply), partial(act, thread_id, None, ACTS["read"])),
        "again": partial(mailbox.tell, first),
        "receipt": lambda: mailbox.tell(mailbox.put_receipt("s1", dmarc="FAIL")),
        "read": world.act(thread_id, "read"),
        "archive": world.act(thread_id, "archive"),
        "mute": world.act(thread_id, "mute"),
        "block": world.block(PEOPLE[2]),
        "erase": world.erase(first),
        "early receipt": partial(mailbox.tell, early),
        "arrival": lambda: mailbox.tell(mailbox.put("incoming/late", mail(99))),
    }


def in_turn(*steps: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: [step() for step in steps]


@histories
@given(st.integers(1, 12), st.sampled_from(["archive", "read", "star"]))
def test_an_act_that_died_half_way_is_repeated_by_its_event(calls: Calls, mailbox: Mailbox, crash_after: int, do: str) -> None:
    world = World(mailbox).begin(next(worlds))
    mailbox.tell(world.receive(), world.receive(world.mails[0]))
    (thread_id,) = world.thread_ids()
    world.owed.clear()
    interleave(calls, [world.act(thread_id, do)], lambda living: 0, crash_after)
    mailbox.tell(*world.owed)
    check(mailbox)


def test_300_messages_in_60_conversations_give_equal_rows_in_any_order(calls: Calls, mailbox: Mailbox) -> None:
    order = random.Random(300)
    world = World(mailbox).begin(next(worlds))
    keys = conversations_of(world, order, conversations=60, messages=300)
    pictures: list[Items] = []
    for repeated in (keys[::3], []):
        fresh_table(mailbox)
        order.shuffle(keys)
        mailbox.tell(*keys, *repeated)
        pictures.append(mailbox.items())
    assert len([key for key in pictures[0] if key[1] == "#head"]) == 60
    assert len([key for key in pictures[0] if key[1].startswith("m#")]) == 300
    assert pictures[0] == pictures[1]
    check(mailbox)
    pk, sk = order.choice([key for key in pictures[0] if key[1].startswith("m#")])
    mailbox.dynamodb.update_item(
        TableName=mailbox.table,
        Key={"pk": {"S": pk}, "sk": {"S": sk}},
        UpdateExpression="SET preview = :other",
        ExpressionAttributeValues={":other": {"S": "changed by hand"}},
    )
    assert mailbox.items() != pictures[0]


def conversations_of(world: World, order: random.Random, conversations: int, messages: int) -> list[str]:
    """Mails and answers, some before what they answer; receipts for a third; a person's acts on some, before any mail was indexed."""
    roots = [world.receive() for _ in range(conversations)]
    starts = list(world.mails)
    for _ in range(messages - len(roots)):
        if order.random() < 0.2:
            world.send(order.choice(starts), late_sidecar=False)
        else:
            world.receive(order.choice(starts))
    for key in order.sample(roots, conversations // 3):
        world.owed.append(world.mailbox.put_receipt(key.partition("/")[2], spam="PASS", dmarc="FAIL"))
        world.put(state_key(message_id_of(key)), json.dumps(asdict(Flags(folder="archive", seen=True, clock=3))).encode())
    return world.owed
