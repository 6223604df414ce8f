"""Which listings a message stands in, and the line a conversation shows in each. Pure: rows are a function of the messages alone.

A listing is what a list page shows: a folder, `starred`, a label, and each of these narrowed to unread, starred or files. A conversation
is in a listing if one of its messages is; it is sorted by the newest such.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailbox.store.models import Message, stamp

HIDDEN = ("trash", "junk", "purged")  # in no other listing
SENDERS_SHOWN, TO_SHOWN = 3, 3


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One line of a list page. `senders` are [display_name, addr_spec, is_me], the last to write last; `to` are
    [display_name, addr_spec]; `last` is the id of the newest message that is in this listing."""

    thread_id: str
    subject: str
    preview: str
    received_at: datetime
    count: int
    senders: list[list[Any]]
    more: int
    to: list[list[str]]
    unread: bool
    flagged: bool
    files: bool
    labels: list[str]
    warning: bool
    last: str

    @property
    def cursor(self) -> str:
        return sort_key(self.received_at, self.thread_id)


def sort_key(received_at: datetime, thread_id: str) -> str:
    return f"{stamp(received_at)}#{thread_id}"


def listed(row: Mapping[str, Any]) -> ListedRow:
    return ListedRow(**{**row, "received_at": datetime.fromisoformat(row["received_at"])})


def listings_of(message: Message) -> list[str]:
    if message.folder == "purged":
        return ["purged"]
    places = [message.folder]
    if message.folder not in HIDDEN:
        places += ["starred"] * message.flagged + [f"label:{label}" for label in message.labels]
    chips = ["unread"] * (not message.seen) + ["starred"] * message.flagged + ["files"] * message.has_files
    return [name for place in places for name in (place, *(f"{place}.{chip}" for chip in chips))]


def rows_of(thread_id: str, messages: Iterable[Message]) -> dict[str, tuple[str, dict[str, Any]]]:
    """{listing: (sort key, content)}: the list rows of a conversation."""
    everything = sorted(messages, key=lambda message: message.sk)
    members: dict[str, list[Message]] = {}
    for message in everything:
        for listing in listings_of(message):
            members.setdefault(listing, []).append(message)
    scopes = {folder: [m for m in everything if m.folder == folder] for folder in HIDDEN}
    shown = [m for m in everything if m.folder not in HIDDEN]
    summaries = {id(scope): summary_of(scope) for scope in (shown, *scopes.values()) if scope}
    rows = {}
    for listing, those in members.items():
        last = those[-1]
        scope = scopes.get(last.folder, shown)
        rows[listing] = sort_key(last.received_at, thread_id), row_of(thread_id, last, summaries[id(scope)])
    return rows


def row_of(thread_id: str, last: Message, summary: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **summary,
        "thread_id": thread_id,
        "preview": last.preview,
        "received_at": stamp(last.received_at),
        "to": last.to[:TO_SHOWN],
        "warning": has_failed(last.verdicts),
        "last": last.id,
    }


def summary_of(scope: Sequence[Message]) -> dict[str, Any]:
    """What a line says of the whole conversation, as far as it is visible from there."""
    senders = senders_of(scope)
    return {
        "subject": scope[0].subject,
        "count": len(scope),
        "senders": senders[-SENDERS_SHOWN:],
        "more": max(0, len(senders) - SENDERS_SHOWN),
        "unread": any(not message.seen for message in scope),
        "flagged": any(message.flagged for message in scope),
        "files": any(message.has_files for message in scope),
        "labels": sorted({label for message in scope for label in message.labels}),
    }


def senders_of(scope: Sequence[Message]) -> list[list[Any]]:
    """Distinct by address, in the order in which they wrote last. Our own sent copies are `me`, whatever address they came from, and so is
    what came back to us from such an address, if its domain vouches for it."""
    own = {message.from_[1].lower() for message in scope if message.is_sent}
    found: dict[str, list[Any]] = {}
    for message in scope:
        is_me = message.is_sent or (message.from_[1].lower() in own and message.verdicts.get("dmarc") == "PASS")
        display_name, addr_spec = message.from_
        who = "" if is_me else addr_spec.lower() or display_name
        found.pop(who, None)
        found[who] = [display_name, addr_spec, is_me]
    return list(found.values())


def has_failed(verdicts: Mapping[str, str]) -> bool:
    return "FAIL" in (verdicts.get("dmarc"), verdicts.get("spam"), verdicts.get("virus"))


def digest_of(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:24]
