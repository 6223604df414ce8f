"""Taking back an act: what it changed is kept in the table for ten minutes, so that undo works after its page is gone.

Undo changes a message back only if nothing happened to it since; whatever a later act did stays, and is counted. It may be repeated:
what is as it was before the act counts as undone.
"""

import json
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from mailbox.store.aws import at_once
from mailbox.store.errors import reaching
from mailbox.store.flags import Changed, change_messages
from mailbox.store.keys import is_id
from mailbox.store.models import FlagChange, Flags, Message, TableMeta, known_flags

LASTS = 600  # seconds
FIELDS = ("folder", "seen", "flagged", "keywords", "labels", "clock")  # in the order of Flags; what filed a message is not kept
ITEM_BYTES = 300_000  # DynamoDB ends an item at 400 KB

Changes = Mapping[str, Sequence[Changed]]  # by conversation


class UndoItem(Model):
    """`a#undo#<id>` / `#<number>`: what one act changed, as `packed` writes it, in as many items as it takes."""

    class Meta(TableMeta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    changes = JSONAttribute()
    expires = NumberAttribute()  # seconds since 1970; DynamoDB may be days late, so it is compared too


@dataclass(frozen=True, slots=True)
class Undone:
    """How many conversations are as they were before the act, and how many messages stay, because a later act won."""

    conversations: int
    staying: int


def remember(changes: Changes) -> str:
    """Keeps what an act changed; answers with the id that takes it back."""
    id, expires = secrets.token_urlsafe(12), int(time.time()) + LASTS
    with reaching("the table"):
        for number, portion in enumerate(portions(packed(changes))):
            UndoItem(f"a#undo#{id}", f"#{number}", changes=portion, expires=expires).save()
    return id


def portions(kept: Mapping[str, list[Any]]) -> Iterator[dict[str, list[Any]]]:
    """`kept` in pieces that the table takes: long conversations, fifty at a time, are more than one item holds."""
    portion: dict[str, list[Any]] = {}
    size = 0
    for thread_id, those in kept.items():
        for one in those:
            size += len(json.dumps([thread_id, one]))
            if portion and size > ITEM_BYTES:
                yield portion
                portion, size = {}, len(json.dumps([thread_id, one]))
            portion.setdefault(thread_id, []).append(one)
    yield portion


def undo(id: str) -> Undone | None:
    """Takes an act back; None if it is too late for that, or there was none."""
    with reaching("the table"):
        items = [item for item in UndoItem.query(f"a#undo#{id}", consistent_read=True) if item.expires > time.time()]
    changes: dict[str, list[Changed]] = {}
    for item in items:
        changes = joined(changes, unpacked(item.changes))
    return take_back(changes) if items else None


def take_back(changes: Changes) -> Undone:
    staying = at_once(lambda thread_id: take_back_in(thread_id, changes[thread_id]), changes)
    return Undone(sum(1 for thread_id, left in zip(changes, staying, strict=True) if left < len(changes[thread_id])), sum(staying))


def take_back_in(thread_id: str, changes: Sequence[Changed]) -> int:
    """How many messages of a conversation stay as a later act left them."""
    done = {change.id: change for change in changes}
    found: list[Message] = []

    def choose(messages: Sequence[Message]) -> dict[str, FlagChange]:
        found.extend(messages)
        return {id: back_to(change) for id, change in done.items()}

    restored = {change.id for change in change_messages(thread_id, choose)}
    as_before = {message.id for message in found if message.id in done and is_same(message.flags, done[message.id].before)}
    return len(done.keys() - restored - as_before)


def joined(one: Changes, other: Changes) -> dict[str, list[Changed]]:
    """What both say was changed, message by message; where they differ, `other` counts."""
    threads = {**one, **other}
    return {id: list({change.id: change for change in (*one.get(id, ()), *other.get(id, ()))}.values()) for id in threads}


def back_to(change: Changed) -> FlagChange:
    return lambda now: change.before if now == change.after else now


def is_same(one: Flags, other: Flags) -> bool:
    return replace(one, clock=other.clock) == other


def packed(changes: Changes) -> dict[str, Any]:
    return {thread_id: [[one.id, fields(one.before), fields(one.after)] for one in those] for thread_id, those in changes.items()}


def unpacked(kept: Mapping[str, Any]) -> dict[str, list[Changed]]:
    """Raises ValueError where `packed` did not write it."""
    try:
        return {
            thread_id: [Changed(known_id(id), flags_of(before), flags_of(after)) for id, before, after in those]
            for thread_id, those in kept.items()
        }
    except TypeError as error:
        raise ValueError("This says nothing of what was changed.") from error


def fields(flags: Flags) -> list[Any]:
    return list(astuple(replace(flags, rule="")))[:-1]


def known_id(id: Any) -> str:
    if not isinstance(id, str) or not is_id(id):
        raise ValueError("This is the id of no mail.")
    return id


def flags_of(kept: Sequence[Any]) -> Flags:
    flags = known_flags(dict(zip(FIELDS, kept, strict=True)))
    if flags is None:
        raise ValueError("These are no flags.")
    return flags
