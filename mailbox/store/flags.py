"""Flags: what a person does to messages. First the bucket, by compare-and-set, then the index.

Each message has one line of history in `state/<id>.json`: its clock makes the order of changes plain to every later reader. If a
process dies between bucket and index, the event of the state object repairs the index. What lies in the bucket is read as hostile.
"""

import json
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from mailbox.store import bucket
from mailbox.store.aws import at_once
from mailbox.store.conversations import every_message
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.keys import key_of, state_key
from mailbox.store.models import FlagChange, Flags, Message, known_flags
from mailbox.store.receipts import object_in
from mailbox.store.rows import Change, commit

__all__ = [
    "Changed",
    "Flags",
    "Wanted",
    "act",
    "can_be_kept",
    "change_flags",
    "change_messages",
    "change_wanted",
    "file_once",
    "flags_in",
    "read_flags",
    "read_stored",
    "wanted_of",
]

log = logging.getLogger(__name__)

STATE_BYTES = 64_000
ATTEMPTS = 20
EVER = datetime.max.replace(tzinfo=UTC)

Wanted = tuple[Message, FlagChange]


@dataclass(frozen=True, slots=True)
class Changed:
    """What an act did to one message; enough to undo it."""

    id: str
    before: Flags
    after: Flags


@dataclass(frozen=True, slots=True)
class Stored:
    flags: Flags | None  # None: an object is there, but not ours to believe
    etag: str
    written_at: datetime  # S3 says so, whoever wrote it


def read_flags(id: str) -> Flags | None:
    """The flags of a message as the bucket has them; None if it was never filed or they cannot be read."""
    stored = read_stored(id)
    return stored.flags if stored else None


def read_stored(id: str) -> Stored | None:
    found = bucket.get(state_key(id), most=STATE_BYTES + 1)
    return Stored(flags_in(found.body), found.etag, found.last_modified) if found else None


def file_once(id: str, first_flags: Callable[[bool], Flags]) -> Flags:
    """Files a message that has no state, or none that can be read; `first_flags` is told whether it is new. Whoever filed it before wins,
    and his flags are returned."""
    stored = read_stored(id)
    if stored and stored.flags:
        return stored.flags
    if stored:
        log.warning("The state of %s cannot be read and is written anew", id)
    flags = first_flags(stored is None)
    if bucket.put(state_key(id), body_of(flags), **unless_changed(stored)):
        return flags
    return read_flags(id) or flags


def unless_changed(stored: Stored | None) -> dict[str, str]:
    """The condition under which a state may be written by who read it as this."""
    return {"if_match": stored.etag} if stored else {"if_none_match": "*"}


def change_flags(
    id: str, change: FlagChange, otherwise: Flags | None = None, *, rescues: bool = False, written_by: datetime = EVER
) -> Changed | None:
    """Changes the flags of one message in the bucket; None if that changed nothing, if nobody could read what it leads to, or if the state
    was written after `written_by`. `otherwise` stands in for a state that is missing or cannot be read. The clock is ours, whatever
    `change` says of it. What is to be erased stays so, unless `change` rescues it."""
    for _ in range(ATTEMPTS):
        stored = read_stored(id)
        if stored and stored.written_at > written_by:
            return None
        before = (stored.flags if stored else None) or otherwise
        if before is None or (before.folder == "purged" and not rescues):
            return None
        after = replace(change(before), clock=before.clock, rule=before.rule)
        if after == before:
            return None
        after = replace(after, clock=before.clock + 1)
        if not can_be_kept(after):
            return None
        if bucket.put(state_key(id), body_of(after), **unless_changed(stored)):
            return Changed(id, before, after) if stored or is_there(id) else None
    raise MailboxNotReachable(f"the state of {id} changes too often")


def is_there(id: str) -> bool:
    """Whether a message that had no state is still there. If it was erased while a page showed it, what was just written goes too."""
    if bucket.exists(key_of(id)):
        return True
    bucket.delete(state_key(id))
    return False


def act(thread_id: str, ids: Collection[str] | None, change: FlagChange) -> list[Changed]:
    """Changes the flags of these messages of a conversation (None: of all). Ids of other conversations are left alone."""
    return change_messages(thread_id, lambda found: {m.id: change for m in found if ids is None or m.id in ids})


def change_messages(thread_id: str, choose: Callable[[list[Message]], Mapping[str, FlagChange]]) -> list[Changed]:
    """Changes the flags of the messages that `choose` names, in the bucket and then in the index."""
    messages = every_message(thread_id)
    return change_wanted(thread_id, wanted_of(messages, choose(messages)))


def wanted_of(messages: Sequence[Message], changes: Mapping[str, FlagChange]) -> list[Wanted]:
    """The messages that these changes, by id, really change, as the index knows them."""
    return [
        (message, changes[message.id])
        for message in messages
        if message.id in changes and changes[message.id](message.flags) != message.flags
    ]


def change_wanted(thread_id: str, wanted: Sequence[Wanted]) -> list[Changed]:
    """Returns what was changed. Where the bucket says already what the index does not know yet, because a process died in between, the
    index learns it."""
    results = at_once(lambda one: change_flags(one[0].id, one[1], otherwise=one[0].flags), wanted)
    changed = [result for result in results if result is not None]
    after = {one.id: one.after for one in changed}
    for message, _ in wanted:
        if message.id not in after and (flags := read_flags(message.id)):
            after[message.id] = flags
    if after:
        commit(thread_id, lambda _: Change(flags=after))
    return changed


def can_be_kept(flags: Flags) -> bool:
    """Whether these flags are read back as they were written: no others ever become a state."""
    return flags_in(body_of(flags)) is not None


def body_of(flags: Flags) -> bytes:
    return json.dumps(asdict(flags)).encode()


def flags_in(body: bytes) -> Flags | None:
    """The flags in a state object: known fields of the right kind and size, or None."""
    fields = object_in(body, STATE_BYTES)
    return known_flags(fields) if fields else None
