"""Erasing mail for good: what a person deleted for ever a day ago, and what lay in Trash for 30 days. Only the sweep does it.

The mark (the folder `purged`) takes a message off every page at once and harms nothing: a web process that is broken, or broken into,
may mark what it likes, but S3 alone says when it did, and until the mark is a day old the owner may `rescue`. Trash of 30 days has had
more grace than that, so it is erased by the sweep that marks it. The state goes last; until then the next sweep finishes the work.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from indexer.index import remove
from mailbox.store import bucket, conversations
from mailbox.store.acts import back_to_trash, purged
from mailbox.store.aws import at_once
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.flags import EVER, Stored, change_flags, read_stored
from mailbox.store.keys import (
    OUTBOX_ID,
    events_prefix,
    key_of,
    name_of,
    outbox_key,
    parts_prefix,
    receipt_key,
    sidecar_key,
    state_key,
)
from mailbox.store.models import Flags
from mailbox.store.rows import Change, commit
from mailbox.store.sidecars import sidecar_of

log = logging.getLogger(__name__)

BATCH, LONGEST = 50, 600.0  # conversations; seconds
PORTION = 500  # messages of one conversation in one sweep
MARK_KEEPS = timedelta(days=1)
TRASH_KEEPS = timedelta(days=30)  # since the last change to a message; pages say so (mailbox/pages/folder.py)


def sweep(now: datetime, mark_keeps: timedelta = MARK_KEEPS) -> int:
    """Erases what is due, and answers with how many messages. It ends in time for its Lambda; the next one goes on. Conversations that
    cannot be swept keep the others waiting no longer, and are what it raises MailboxNotReachable for at its end."""
    count, missed, ends = 0, 0, time.monotonic() + LONGEST
    threads = list(dict.fromkeys(thread for listing in ("purged", "trash") for thread in conversations.every_thread(listing)))
    for start in range(0, len(threads), BATCH):
        if time.monotonic() > ends:
            log.warning("Trash holds more than one sweep erases; the next goes on")
            break
        results = at_once(partial(swept, now=now, mark_keeps=mark_keeps), threads[start : start + BATCH])
        count, missed = count + sum(result or 0 for result in results), missed + results.count(None)
    if missed:
        raise MailboxNotReachable(f"{missed} conversations could not be swept; {count} messages of others were erased")
    return count


def swept(thread_id: str, now: datetime, mark_keeps: timedelta) -> int | None:
    try:
        return sweep_conversation(thread_id, now, mark_keeps)
    except Exception:  # whatever one conversation holds, a stolen web role may have written it to keep all others from being erased
        log.exception("Conversation %s could not be swept", thread_id)
        return None


def sweep_conversation(thread_id: str, now: datetime, mark_keeps: timedelta) -> int:
    """Rows only say where to look: a message is old in Trash if its state says that it lies there, and S3 that it said so long ago."""
    messages = conversations.every_message(thread_id)
    marked = [message.id for message in messages if message.folder == "purged"]
    in_trash = [message.id for message in messages if message.folder == "trash"]
    states = zip(in_trash, at_once(read_stored, in_trash), strict=True)
    old = [id for id, stored in states if stored and has_lain(stored, now)][:PORTION]
    just_marked = mark(thread_id, old, now)
    due = {**dict.fromkeys([*marked[:PORTION], *old], now - mark_keeps), **dict.fromkeys(just_marked, EVER)}
    return sum(at_once(lambda id: erase(id, due[id]), due))


def has_lain(stored: Stored, now: datetime) -> bool:
    """Also what is marked by now, which its row does not know yet."""
    return stored.flags is not None and stored.flags.folder in ("trash", "purged") and now - stored.written_at >= TRASH_KEEPS


def mark(thread_id: str, ids: Sequence[str], now: datetime) -> dict[str, Flags]:
    """Takes off every page what is still old in Trash."""
    changes = at_once(lambda id: change_flags(id, purged, written_by=now - TRASH_KEEPS), ids)
    marked = {change.id: change.after for change in changes if change}
    if marked:
        commit(thread_id, lambda _: Change(flags=marked))
    return marked


def erase(id: str, marked_by: datetime) -> bool:
    """Erases a message with all its versions and all that belongs to it, if its state was marked by then. The raw mail goes first: whoever
    indexes it at this moment looks once more whether it is there."""
    stored = read_stored(id)
    if stored is None or stored.flags is None or stored.flags.folder != "purged" or stored.written_at > marked_by:
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
    """Receipt or sidecar, and what a sent mail was queued as; the sidecar last, because it names the other. The claim stays: it holds
    nothing of the mail, and without it an old form or a late message of the queue would send once more."""
    key, name = key_of(id), name_of(id)
    if not key.startswith("sent/"):
        yield receipt_key(name)
        return
    queued = (sidecar_of(key) or {}).get("outbox")
    if isinstance(queued, str) and OUTBOX_ID.fullmatch(queued):
        yield outbox_key(queued)
    yield sidecar_key(name)


def rescue() -> int:
    """Puts what is marked and not yet erased back into Trash, for another 30 days. Answers with how many messages."""
    return sum(at_once(rescue_conversation, dict.fromkeys(conversations.every_thread("purged"))))


def rescue_conversation(thread_id: str) -> int:
    marked = [message.id for message in conversations.every_message(thread_id) if message.folder == "purged"]
    changes = [change_flags(id, back_to_trash, rescues=True) for id in marked if bucket.exists(key_of(id))]
    rescued = {change.id: change.after for change in changes if change}
    if rescued:
        commit(thread_id, lambda _: Change(flags=rescued))
    return len(rescued)
