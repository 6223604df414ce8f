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


def erase(id: str) -> bool:
    """Erases a message with all its versions and all that belongs to it, if its state says so. The raw mail goes first: whoever indexes it
    at this moment looks once more whether it is there."""
    flags = read_flags(id)
    if flags is None or flags.folder != "purged":
        return False
    belongings = [*keys_beside(id)]
    bucket.erase(key_of(id))
    for folder in (parts_prefix(id), events_prefix(name_of(id))):
        bucket.erase_below(folder)
    for key in belongings:
        bucket.erase(key)
    remove(id)
    bucket.erase(state_key(id))
    log.info("%s is erased", id)
    return True


def keys_beside(id: str) -> Iterator[str]:
    """Receipt or sidecar, and what a sent mail was queued as: its claim later, because without one whatever is queued is sent; the sidecar
    last, because it names the others."""
    key, name = key_of(id), name_of(id)
    if not key.startswith("sent/"):
        yield receipt_key(name)
        return
    queued = (sidecar_of(key) or {}).get("outbox")
    if isinstance(queued, str) and OUTBOX_ID.fullmatch(queued):
        yield from (outbox_key(queued), claim_key(queued))
    yield sidecar_key(name)


def sweep(now: datetime) -> int:
    """Erases what an event that never came left behind, and what has lain in Trash long enough. Answers with how many messages. It ends
    in time for its Lambda; the next one goes on."""
    count, ends = 0, time.monotonic() + LONGEST
    for listing in ("purged", "trash"):
        threads = list(dict.fromkeys(row.thread_id for row in conversations.every_row(listing)))
        for start in range(0, len(threads), BATCH):
            if time.monotonic() > ends:
                log.warning("Trash holds more than one sweep erases; the next goes on")
                return count
            count += sum(at_once(lambda thread_id: sweep_conversation(thread_id, now), threads[start : start + BATCH]))
    return count


def sweep_conversation(thread_id: str, now: datetime) -> int:
    """Whatever is due by its row is asked for by its state once more: the row of a web process that died may still say Trash."""
    due: set[str] = set()

    def choose(messages: list[Message]) -> dict[str, FlagChange]:
        due.update(message.id for message in messages if message.folder == "trash" and is_due(message.id, now))
        return dict.fromkeys(due, purged)

    change_messages(thread_id, choose)
    due.update(message.id for message in conversations.every_message(thread_id) if message.folder == "purged")
    return sum(at_once(erase, sorted(due)))


def is_due(id: str, now: datetime) -> bool:
    changed_at = bucket.last_modified(state_key(id))
    return changed_at is not None and now - changed_at >= TRASH_KEEPS
