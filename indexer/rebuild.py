"""Rebuilding the index from the bucket: which mails, and many of them at once. The rows themselves are made where all rows are made.

Mails are taken in windows, in the order of their keys; a window's messages of one conversation are committed together, so that a
long conversation costs linear work. After each window it is known where to go on.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from indexer.index import index_conversation, read_facts, remove
from mailbox.store import bucket
from mailbox.store.errors import reaching
from mailbox.store.facts import Facts
from mailbox.store.keys import MAIL_PREFIXES, message_id_of, raw_key
from mailbox.store.models import Message

WINDOW = 1_000


@dataclass(frozen=True, slots=True)
class Progress:
    count: int
    last_key: str


def every_mail(start_after: str = "") -> Iterator[str]:
    """The keys of all mails, in order."""
    for prefix in MAIL_PREFIXES:
        yield from (key for key in bucket.keys(prefix, start_after) if raw_key(key) == key)


def missing_mails(start_after: str = "") -> Iterator[str]:
    """The keys of mails that the index does not know. Reads the whole index by id once, which only this may do."""
    with reaching("the table"):
        known = {item.id for item in Message.by_id.scan()}
    return (key for key in every_mail(start_after) if message_id_of(key) not in known)


def changed_mails(since: datetime, start_after: str = "") -> Iterator[str]:
    """The keys of mails that something happened to: they came, or their state, receipt or sidecar was written."""
    since = since.replace(microsecond=0)  # S3 knows whole seconds only
    changed = {
        raw
        for prefix in (*MAIL_PREFIXES, "receipts/", "state/")
        for found in bucket.objects(prefix)
        if found.last_modified >= since and (raw := raw_key(found.key)) is not None
    }
    return iter(sorted(key for key in changed if key > start_after))


def rebuild(keys: Iterable[str], workers: int) -> Iterator[Progress]:
    """Indexes these mails, and says after each window how far it came. Whoever stops it may go on after `last_key`."""
    count, remaining = 0, iter(keys)
    with ThreadPoolExecutor(workers) as pool:
        while window := list(islice(remaining, WINDOW)):
            index_window(pool, window)
            count += len(window)
            yield Progress(count, window[-1])


def index_window(pool: ThreadPoolExecutor, keys: Sequence[str]) -> None:
    conversations: dict[str, list[Facts]] = {}
    absent: list[str] = []
    for key, facts in zip(keys, pool.map(read_facts, keys), strict=True):
        if facts is None:
            absent.append(message_id_of(key))
        else:
            conversations.setdefault(facts.thread_id, []).append(facts)
    list(pool.map(index_conversation, conversations.keys(), conversations.values()))
    list(pool.map(remove, absent))
