"""Taking back an act: what it changed is kept in the table for ten minutes, so that undo works after its page is gone.

Undo changes a message back only if nothing happened to it since; whatever a later act did stays, and is counted. It may be repeated:
what is as it was before the act counts as undone.
"""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.models import Model

from mailbox.store.aws import at_once
from mailbox.store.errors import reaching
from mailbox.store.flags import Changed, change_messages
from mailbox.store.models import FlagChange, Flags, Message, TableMeta

LASTS = 600  # seconds

Changes = Mapping[str, Sequence[Changed]]  # by conversation


class UndoItem(Model):
    """`a#undo#<id>`: what one act changed, as `packed` writes it."""

    class Meta(TableMeta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="#")
    changes = JSONAttribute()
    expires = NumberAttribute()  # seconds since 1970; DynamoDB may be days late, so it is compared too


@dataclass(frozen=True, slots=True)
class Undone:
    """How many conversations are as they were before the act, and how many messages stay, because a later act won."""

    conversations: int
    staying: int


def remember(changes: Changes) -> str:
    """Keeps what an act changed; answers with the id that takes it back."""
    id = secrets.token_urlsafe(12)
    with reaching("the table"):
        UndoItem(f"a#undo#{id}", changes=packed(changes), expires=int(time.time()) + LASTS).save()
    return id


def undo(id: str) -> Undone | None:
    """Takes an act back; None if it is too late for that, or there was none."""
    with reaching("the table"):
        try:
            item = UndoItem.get(f"a#undo#{id}", "#", consistent_read=True)
        except DoesNotExist:
            return None
    return take_back(unpacked(item.changes)) if item.expires > time.time() else None


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
    return {thread_id: [Changed(id, flags_of(before), flags_of(after)) for id, before, after in those] for thread_id, those in kept.items()}


def fields(flags: Flags) -> list[Any]:
    return list(astuple(replace(flags, rule="")))[:-1]


def flags_of(kept: Sequence[Any]) -> Flags:
    folder, seen, flagged, keywords, labels, clock = kept
    return Flags(folder, seen, flagged, tuple(keywords), tuple(labels), clock)
