"""Erasing mail for good: what a person deleted for ever, and what lay in Trash for 30 days.

Nothing is erased but what its own state says is to be: the folder `purged`, set by compare-and-set, so that whoever takes a message out of
Trash in the last moment keeps it. The state goes last; until then the event, delivered again, or the next sweep, finishes the work.
"""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from indexer.index import remove
from mailbox.store import bucket, conversations
from mailbox.store.acts import purged
from mailbox.store.aws import at_once
from mailbox.store.flags import change_messages, read_flags
from mailbox.store.keys import (
    OUTBOX_ID,
    claim_key,
    events_prefix,
    key_of,
    name_of,
    outbox_key,
    parts_prefix,
    receipt_key,
    sidecar_key,
    state_key,
)
from mailbox.store.models import FlagChange, Message
from mailbox.store.sidecars import sidecar_of

log = logging.getLogger(__name__)

BATCH, LONGEST = 50, 80.0  # conversations; seconds
TRASH_KEEPS = timedelta(days=30)  # since the last change to a message; pages say so (mailbox/pages/folder.py)


def erase(id: str) -> None:
    """Erases a message with all its versions and all that belongs to it, if its state says so. The raw mail goes first: whoever indexes it
    at this moment looks once more whether it is there."""
    flags = read_flags(id)
    if flags is None or flags.folder != "purged":
        return
    belongings = [*keys_beside(id)]
    bucket.erase(key_of(id))
    for folder in (parts_prefix(id), events_prefix(name_of(id))):
        bucket.erase_below(folder)
    for key in belongings:
        bucket.erase(key)
    remove(id)
    bucket.erase(state_key(id))
    log.info("%s is erased", id)


def keys_beside(id: str) -> Iterator[str]:
    """Receipt or sidecar, and what a sent mail was queued as; the sidecar last, because it names the others."""
    key, name = key_of(id), name_of(id)
    if not key.startswith("sent/"):
        yield receipt_key(name)
        return
    queued = (sidecar_of(key) or {}).get("outbox")
    if isinstance(queued, str) and OUTBOX_ID.fullmatch(queued):
        yield from (claim_key(queued), outbox_key(queued))
    yield sidecar_key(name)


def sweep(now: datetime) -> int:
    """Erases what has lain in Trash long enough, and what an event that never came left behind. Answers with how many messages. It ends
    in time for its Lambda; the next one goes on."""
    count, ends = 0, time.monotonic() + LONGEST
    for listing in ("trash", "purged"):
        threads = list(dict.fromkeys(row.thread_id for row in conversations.every_row(listing)))
        for start in range(0, len(threads), BATCH):
            if time.monotonic() > ends:
                log.warning("Trash holds more than one sweep erases; the next goes on")
                return count
            count += sum(at_once(lambda thread_id: sweep_conversation(thread_id, now), threads[start : start + BATCH]))
    return count


def sweep_conversation(thread_id: str, now: datetime) -> int:
    def choose(messages: list[Message]) -> dict[str, FlagChange]:
        return {message.id: purged for message in messages if message.folder == "trash" and is_due(message.id, now)}

    change_messages(thread_id, choose)
    due = [message.id for message in conversations.every_message(thread_id) if message.folder == "purged"]
    for id in due:
        erase(id)
    return len(due)


def is_due(id: str, now: datetime) -> bool:
    changed_at = bucket.last_modified(state_key(id))
    return changed_at is not None and now - changed_at >= TRASH_KEEPS
