"""index_message(): the one maker of facts. Every event of the bucket and every rebuild calls it with the key that changed.

Any key, put or removed, in any order and any number of times: what is read from the bucket decides, never what an event says. A mail
whose parts come late (receipt before mail, state before mail) is complete once the last of them was indexed.
"""

import logging
from collections.abc import Collection, Mapping
from functools import partial

from django.conf import settings

from mailbox.store import bucket, preferences
from mailbox.store.acts import MUTED, is_muted
from mailbox.store.aws import at_once
from mailbox.store.conversations import find_by_index
from mailbox.store.errors import reaching
from mailbox.store.facts import Facts, facts_of
from mailbox.store.flags import Flags, can_be_kept, file_once
from mailbox.store.keys import key_of, message_id_of, name_of, raw_key, receipt_key, state_key
from mailbox.store.models import Message
from mailbox.store.receipts import RECEIPT_BYTES, Receipt, receipt_in
from mailbox.store.rows import Change, commit
from mailbox.store.sidecars import sidecar_of

log = logging.getLogger(__name__)


def index_message(key: str) -> None:
    """Brings the index in line with the bucket for the mail that `key` belongs to. Keys of no mail are none of its business."""
    key = raw_key(key) or ""
    if not key:
        return
    facts = read_facts(key)
    if facts is None:  # a receipt or state before its mail, or a mail that was erased
        remove(message_id_of(key))
    else:
        index_conversation(facts.thread_id, [facts])


def read_facts(key: str) -> Facts | None:
    raw = bucket.get(key)
    if raw is None:
        return None
    return facts_of(key, raw.body, sidecar_of(key), region=settings.POSTAMT_REGION, stored_at=raw.last_modified, size=raw.size)


def index_conversation(thread_id: str, messages: Collection[Facts]) -> None:
    """Indexes messages of one conversation together, which a rebuild needs: one by one is quadratic in their number."""
    commit(thread_id, lambda indexed: combined(at_once(partial(what_is_known, indexed, is_muted(indexed.values())), messages)))


def what_is_known(indexed: Mapping[str, Message], muted: bool, facts: Facts) -> Change:
    """What the bucket says of a message now; `muted` says where it is filed if it is new. Last of all whether the mail is still there: a
    row is only ever written for a mail that was there after the head of its conversation had been read."""
    flags = file_once(facts.id, lambda is_new: first_flags(facts, muted, indexed.get(facts.id), is_new))
    receipt = read_receipt(facts.id) if facts.key.startswith("incoming/") else None
    if not bucket.exists(facts.key):
        bucket.erase(state_key(facts.id))  # it was erased while we read it, and must not be filed anew
        return Change(gone=frozenset({facts.id}))
    return Change({facts.id: facts}, {facts.id: receipt} if receipt else {}, {facts.id: flags})


def combined(changes: Collection[Change]) -> Change:
    facts: dict[str, Facts] = {}
    receipts: dict[str, Receipt] = {}
    flags: dict[str, Flags] = {}
    for change in changes:
        facts |= change.facts
        receipts |= change.receipts
        flags |= change.flags
    return Change(facts, receipts, flags, frozenset().union(*(change.gone for change in changes)))


def read_receipt(id: str) -> Receipt | None:
    found = bucket.get(receipt_key(name_of(id)), most=RECEIPT_BYTES + 1)
    receipt = receipt_in(found.body) if found else None
    if found and receipt is None:
        log.warning("The receipt of %s cannot be read; the mail's own block counts", id)
    return receipt


def first_flags(facts: Facts, muted: bool, row: Message | None, is_new: bool) -> Flags:
    """How a message is filed when it is new: by facts of the bytes; in Spam if a person blocked its sender, in Archive if one muted its
    conversation. The bucket keeps the outcome and what decided it, so that no order of events and no rebuild changes it. Where the state
    was lost or spoilt, the row knows it still; without a row the bytes alone decide, because only they say the same at any time."""
    if row is not None and can_be_kept(row.flags):
        return row.flags
    flags = by_bytes(facts)
    if flags.folder != "inbox" or not is_new:
        return flags
    if preferences.senders().has_blocked(facts.from_[1]):  # asked anew for each mail: a block holds from its answer on
        return Flags(folder="junk", rule="blocked")
    return Flags(folder="archive", keywords=(MUTED,), rule="muted") if muted else flags


def by_bytes(facts: Facts) -> Flags:
    """The same, as far as the bytes alone say it."""
    if facts.key.startswith("sent/"):
        return Flags(folder="sent", seen=True)
    return Flags(folder="junk") if is_junk(facts.verdicts) else Flags()


def is_junk(verdicts: Mapping[str, str]) -> bool:
    return "FAIL" in (verdicts.get("spam"), verdicts.get("virus"))


def remove(id: str) -> None:
    """Takes the rows of a mail out of the index, if its raw is still absent once the head was read."""
    with reaching("the table"):
        found = list(Message.by_id.query(id))
    for item in found:
        commit(item.thread_id, lambda _: Change() if bucket.exists(key_of(id)) else Change(gone=frozenset({id})))


def repeat_act(id: str, flags: Flags) -> None:
    """The event of a state object. A web process applies an act to the index itself; this repairs it where it died in between. A state
    that was only just filed needs nothing: the mail's own event indexes it."""
    if flags.clock == 0:
        return
    message = find_by_index(id)
    if message is None or message.clock < flags.clock:
        index_message(key_of(id))
