"""The road out: the web process queues a mail, a sender claims it, sends it and files the copy. Bucket and queue only, no table.

`outbox/<id>` is one line of JSON (the envelope), a line feed, and the exact bytes of the mail. The queue carries nothing but the id. A
claim is an object that can be made once, so that a message delivered twice by the queue is sent once.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from mailbox.store import bucket
from mailbox.store.aws import client
from mailbox.store.errors import reaching
from mailbox.store.keys import OUTBOX_ID, SES_ID, claim_key, is_id, new_id, outbox_key, sent_key, sidecar_key
from mailbox.store.models import instant, stamp
from mailbox.store.receipts import object_in, text

ENVELOPE_BYTES = 64_000
RECIPIENTS_MOST, ADDRESS_MOST = 50, 320


@dataclass(frozen=True, slots=True)
class OutgoingEnvelope:
    envelope_from: str
    envelope_recipients: tuple[str, ...]
    queued_at: datetime
    bcc: tuple[str, ...] = ()
    re: str | None = None  # the id of the message this answers
    draft: str | None = None

    def to_json(self) -> bytes:
        return json.dumps({**asdict(self), "queued_at": stamp(self.queued_at)}).encode()


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    envelope: OutgoingEnvelope
    raw: bytes


@dataclass(frozen=True, slots=True)
class SentCopy:
    """What is filed beside the bytes that SES took. `ses_message_id` is the Message-ID that recipients see, without <>."""

    envelope_from: str
    envelope_recipients: tuple[str, ...]
    sent_at: datetime
    message_id: str
    ses_message_id: str
    outbox: str
    bcc: tuple[str, ...] = ()
    draft: str | None = None

    def to_json(self) -> bytes:
        return json.dumps({**asdict(self), "sent_at": stamp(self.sent_at)}).encode()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a claim says became of its mail. Empty: it is being sent right now, or nobody knows whether it was."""

    ses_id: str = ""  # SES took it, under this id
    sent_at: str = ""
    refused: str = ""  # it will never be sent as it is, and why

    def to_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()


def queue_message(raw: bytes, envelope: OutgoingEnvelope, id: str | None = None) -> str:
    """Puts the mail into the outbox and tells the queue; returns its outbox id. A mail that is in the bucket but not in the queue (the
    second step failed, and this raises) is not sent. Queueing the same `id` again is harmless, and mends just that: the first mail
    stays, and the claim lets it go out once."""
    id = id or new_id()
    bucket.put(outbox_key(id), envelope.to_json() + b"\n" + raw, if_none_match="*")
    with reaching("the queue"):
        client("sqs").send_message(QueueUrl=settings.POSTAMT_QUEUE_URL, MessageBody=json.dumps({"outbox": id}))
    return id


def queued_id(body: str) -> str | None:
    """The outbox id in a message of the queue, or None where it holds none."""
    fields = object_in(body.encode("utf-8", "replace"), 1_000)
    id = fields.get("outbox") if fields else None
    return id if isinstance(id, str) and OUTBOX_ID.fullmatch(id) else None


def read_queued(id: str) -> QueuedMessage | None:
    """The queued mail, or None if there is none. Raises ValueError if it is malformed. Whether its addresses may be sent to is the
    sender's to judge."""
    found = bucket.get(outbox_key(id)) if OUTBOX_ID.fullmatch(id) else None
    if found is None:
        return None
    line, _, raw = found.body.partition(b"\n")
    envelope = envelope_in(line)
    if envelope is None or found.size != len(found.body):
        raise ValueError("The queued object is no envelope with a mail.")
    return QueuedMessage(envelope, raw)


def envelope_in(line: bytes) -> OutgoingEnvelope | None:
    fields = object_in(line, ENVELOPE_BYTES)
    if fields is None or not is_address(fields.get("envelope_from")):
        return None
    recipients, bcc = addresses(fields.get("envelope_recipients")), addresses(fields.get("bcc", []))
    re, draft = fields.get("re"), fields.get("draft")
    if not recipients or bcc is None or not all(value is None or (isinstance(value, str) and is_id(value)) for value in (re, draft)):
        return None
    try:
        queued_at = instant(str(fields.get("queued_at")))
    except ValueError:
        return None
    return OutgoingEnvelope(fields["envelope_from"], recipients, queued_at, bcc, re, draft)


def addresses(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list) or len(value) > RECIPIENTS_MOST or not all(is_address(one) for one in value):
        return None
    return tuple(value)


def is_address(value: Any) -> bool:
    return isinstance(value, str) and 3 <= len(value) <= ADDRESS_MOST and "@" in value and value.isprintable()


def claim(id: str) -> bool:
    """True for the one caller that may send this mail now; also where S3's first answer got lost and the repeated put met our own claim."""
    body = f"{stamp(datetime.now(UTC))} {new_id()}".encode()
    if bucket.put(claim_key(id), body, if_none_match="*"):
        return True
    found = bucket.get(claim_key(id))
    return found is not None and found.body == body


def release(id: str) -> None:
    """Gives a claim back: SES certainly did not take the mail, and it is to be tried again."""
    bucket.delete(claim_key(id))


def record(id: str, outcome: Outcome) -> None:
    """Writes what became of a claimed mail into the claim, which stays: a late repetition of the queue, or of the form, sends nothing."""
    bucket.put(claim_key(id), outcome.to_json())


def outcome_of(id: str) -> Outcome:
    found = bucket.get(claim_key(id))
    fields = object_in(found.body, ENVELOPE_BYTES) if found else None
    return Outcome(**{name: text(fields.get(name)) for name in ("ses_id", "sent_at", "refused")}) if fields else Outcome()


def is_repeated(id: str) -> bool:
    """Whether the mail in the outbox was put there after its claim was written: then it is no part of what was sent."""
    queued_at, claimed_at = bucket.last_modified(outbox_key(id)), bucket.last_modified(claim_key(id))
    return queued_at is not None and claimed_at is not None and queued_at > claimed_at


def forget(id: str) -> None:
    """Takes a mail out of the outbox, once its copy is filed; its claim stays."""
    bucket.delete(outbox_key(id))


def is_filed(ses_id: str) -> bool:
    return bucket.exists(sent_key(ses_id))


def file_sent(ses_id: str, raw: bytes, copy: SentCopy) -> None:
    """Files what SES took: the sidecar first, because the mail's own event reads it."""
    if not SES_ID.fullmatch(ses_id):
        raise ValueError(f"{ses_id[:200]!r} is not an id of SES")
    bucket.put(sidecar_key(ses_id), copy.to_json())
    bucket.put(sent_key(ses_id), raw)
