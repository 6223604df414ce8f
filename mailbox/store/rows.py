"""commit(): the one writer of heads, message rows, list rows and people, for every event, act and rebuild alike.

It reads a conversation, merges what the caller knows, and writes the difference in one transaction that holds only if nobody else
committed to this conversation since the read. The merge is a join (commutative, associative, idempotent), so any order and any
repetition of the same knowledge ends in equal rows, and what is known already costs no write.
"""

import logging
import random
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.transactions import TransactWrite

from mailbox.store.errors import MailboxNotReachable, code_of, reaching
from mailbox.store.facts import Facts
from mailbox.store.listings import ListedRow, digest_of, rows_of
from mailbox.store.models import HEAD, MESSAGE, Flags, Head, ListRow, Message, connection, stamp
from mailbox.store.people import Person, changed_people
from mailbox.store.receipts import Receipt

__all__ = ["Change", "ListedRow", "commit", "read", "rows_of"]

log = logging.getLogger(__name__)

ACTIONS = 99  # DynamoDB takes 100 in a transaction; one is kept for a row of changes that IMAP and JMAP will need
STEPS = 90
ATTEMPTS = 20
PAUSE, LONGEST_PAUSE = 0.02, 1.0  # seconds
RECIPIENTS_KEPT = 10
TRY_AGAIN = {
    "ConditionalCheckFailed",
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "TransactionInProgressException",
}

Rows = dict[str, list[str]]
Contents = Mapping[str, tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Change:
    """What a caller knows now, by message id. Flags count only if their clock is newer; a receipt is never taken back; flags of a
    message nobody has facts of are left alone."""

    facts: Mapping[str, Facts] = field(default_factory=dict)
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    flags: Mapping[str, Flags] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One message before and after. `whole` writes everything (only the indexer may), else the flags alone."""

    before: Message | None
    after: Message | None
    whole: bool = True

    @property
    def moves(self) -> bool:
        return self.before is not None and self.after is not None and self.before.sk != self.after.sk

    @property
    def actions(self) -> int:
        return 2 if self.moves else 1


@dataclass(frozen=True, slots=True)
class Plan:
    """One transaction: after it, `rows` are exactly the list rows there are, and the people those of `messages`."""

    steps: Sequence[Step]
    puts: Sequence[ListRow | Person]
    deletes: Sequence[ListRow | Person]
    rows: Rows
    messages: dict[str, Message]
    is_last: bool


class Overtaken(Exception):
    """Somebody else committed to the conversation first, or the table was too busy."""


def commit(thread_id: str, load: Callable[[Mapping[str, Message]], Change]) -> None:
    """Brings what `load` knows into the conversation. `load` is told the messages that are there, and runs after the head was read, on
    every attempt: what it reads from the bucket is then at least as new as the rows. Raises MailboxNotReachable when the conversation
    stays too busy."""
    with reaching("the table"):
        for attempt in range(ATTEMPTS):
            head, messages = read(thread_id)
            steps = merged(thread_id, messages, load(messages))
            try:
                write(thread_id, head, messages, steps)
            except Overtaken:
                time.sleep(random.uniform(0, min(LONGEST_PAUSE, PAUSE * 2**attempt)))  # noqa: S311  (jitter)
            else:
                return
    log.error("Conversation %s is too busy; the event will be delivered again", thread_id)
    raise MailboxNotReachable(f"conversation {thread_id} is too busy")


def read(thread_id: str) -> tuple[Head | None, dict[str, Message]]:
    """The head FIRST: a Query is no snapshot, and a message newer than its head only costs another attempt; never the reverse."""
    try:
        head = Head.get(f"t#{thread_id}", HEAD, consistent_read=True)
    except DoesNotExist:
        head = None
    found = Message.query(f"t#{thread_id}", Message.sk.startswith(MESSAGE), consistent_read=True)
    return head, {message.id: message for message in found if message.key}


def merged(thread_id: str, messages: Mapping[str, Message], change: Change) -> list[Step]:
    steps = []
    for id in sorted({*change.facts, *change.flags, *change.gone}):
        before, flags = messages.get(id), newest(messages.get(id), change.flags.get(id))
        if id in change.gone:
            steps += [Step(before, None)] if before else []
        elif id in change.facts and flags:
            after = message_of(thread_id, change.facts[id], change.receipts.get(id), before, flags)
            steps += [Step(before, after)] if before is None or before.serialize() != after.serialize() else []
        elif before is not None and flags is not None and flags != before.flags:
            steps.append(Step(before, with_flags(before, flags), whole=False))
    return steps


def newest(before: Message | None, flags: Flags | None) -> Flags | None:
    if before is None:
        return flags
    return flags if flags and flags.clock > before.clock else before.flags


def message_of(thread_id: str, facts: Facts, receipt: Receipt | None, before: Message | None, flags: Flags) -> Message:
    message = Message(pk=f"t#{thread_id}", sk=f"{MESSAGE}{stamp(facts.received_at)}#{facts.id}")
    message.id, message.key, message.received_at, message.message_id = facts.id, facts.key, facts.received_at, facts.message_id
    message.subject, message.from_, message.to, message.to_more = facts.subject, facts.from_, facts.to, facts.to_more
    message.cc = facts.cc or None
    message.preview, message.has_files, message.size, message.digest = facts.preview, facts.has_files, facts.size, facts.digest
    message.receipt, message.verdicts = None, facts.verdicts
    if receipt is not None:
        message.receipt = {"recipients": list(receipt.envelope_recipients[:RECIPIENTS_KEPT])}
        message.verdicts = {**facts.verdicts, **receipt.verdicts}
    elif before is not None and before.receipt is not None:
        message.receipt, message.verdicts = before.receipt, before.verdicts
    message.verdicts = dict(sorted(message.verdicts.items()))
    message.flags = flags
    return message


def with_flags(message: Message, flags: Flags) -> Message:
    later = Message()
    later.deserialize(message.serialize())
    later.flags = flags
    return later


def write(thread_id: str, head: Head | None, messages: dict[str, Message], steps: Sequence[Step]) -> None:
    """As many transactions as the limit asks for; after each of them the index is true."""
    version, rows = (head.version, head.rows or rows_anew(thread_id, messages)) if head else (None, {})
    while (plan := planned(thread_id, rows, messages, steps)) is not None:
        version = transact(thread_id, version, plan)
        if plan.is_last:
            return
        rows, messages, steps = plan.rows, plan.messages, steps[len(plan.steps) :]


def rows_anew(thread_id: str, messages: Mapping[str, Message]) -> Rows:
    """The list rows that a head forgot: those there should be, to be written again."""
    return {listing: [sk, ""] for listing, (sk, _) in rows_of(thread_id, messages.values()).items()}


def planned(thread_id: str, rows: Rows, messages: Mapping[str, Message], steps: Sequence[Step]) -> Plan | None:
    """As many of the steps, with the list rows they change, as one transaction holds; None when nothing is left to write."""
    take = steps[:STEPS]
    while True:
        after = applied(messages, take)
        puts, deletes = difference(rows, rows_of(thread_id, after.values()))
        met, unmet = changed_people(messages, after) if any(step.whole for step in take) else ([], [])
        room = ACTIONS - 1 - sum(step.actions for step in take) - len(met) - len(unmet)
        over = len(puts) + len(deletes) - room
        if over <= 0 or len(take) <= 1:
            break
        take = take[: max(1, len(take) * ACTIONS // (ACTIONS + over))]
    if not (take or puts or deletes):
        return None
    deletes = deletes[:room]  # before the puts: a row that is there must never be missing from the head
    puts = puts[: room - len(deletes)]
    left = {listing: row for listing, row in rows.items() if listing not in {row.listing for row in deletes}}
    left |= {row.listing: [row.sk, digest_of(row.row)] for row in puts}
    is_last = over <= 0 and len(take) == len(steps)
    return Plan(take, [*puts, *met], [*deletes, *unmet], dict(sorted(left.items())), after, is_last)


def applied(messages: Mapping[str, Message], steps: Iterable[Step]) -> dict[str, Message]:
    after = dict(messages)
    for step in steps:
        if step.after is not None:
            after[step.after.id] = step.after
        elif step.before is not None:
            del after[step.before.id]
    return after


def difference(rows: Rows, contents: Contents) -> tuple[list[ListRow], list[ListRow]]:
    """(rows to put, rows to delete) that make the listings show these contents."""
    puts = [
        ListRow(f"v#{listing}", sk, row=content)
        for listing, (sk, content) in contents.items()
        if rows.get(listing) != [sk, digest_of(content)]
    ]
    deletes = [ListRow(f"v#{listing}", sk) for listing, (sk, _) in rows.items() if listing not in contents or contents[listing][0] != sk]
    return puts, deletes


def transact(thread_id: str, version: str | None, plan: Plan) -> str:
    """Writes the plan if the head is still the one that was read, and returns the new version. Conditions name keys and the version
    only: an attribute in a condition counts as accessed, and the web role may not access facts."""
    head, token = Head(f"t#{thread_id}", HEAD), secrets.token_hex(8)
    no_version = ~Head.version.is_type()  # type: ignore[no-untyped-call]  # no head, or a broken writer's
    unchanged = no_version if version is None else Head.version == version
    try:
        with TransactWrite(connection=connection()) as transaction:
            if plan.messages or plan.rows:
                transaction.update(head, actions=[Head.version.set(token), Head.rows.set(plan.rows)], condition=unchanged)
            else:
                transaction.delete(head, condition=unchanged)
            for step in plan.steps:
                put_step(transaction, step)
            for row in plan.puts:
                transaction.save(row)
            for row in plan.deletes:
                transaction.delete(row)
    except TransactWriteError as error:
        reasons = {reason.code for reason in error.cancellation_reasons if reason} | {code_of(error)}
        if reasons & TRY_AGAIN:
            raise Overtaken from error
        raise
    return token


def put_step(transaction: TransactWrite, step: Step) -> None:
    if step.before is not None and (step.after is None or step.moves):
        transaction.delete(step.before)
    if step.after is not None and step.whole:
        transaction.save(step.after)
    elif step.after is not None:
        transaction.update(step.after, actions=flag_actions(step.after), condition=Message.pk.exists())


def flag_actions(message: Message) -> list[Any]:
    return [
        Message.folder.set(message.folder),
        Message.seen.set(message.seen),
        Message.flagged.set(message.flagged),
        Message.keywords.set(message.keywords),
        Message.labels.set(message.labels),
        Message.clock.set(message.clock),
    ]
