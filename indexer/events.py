"""What the indexer does with an event: which records count, and what each of them asks for.

An event is a hint that something changed, and hostile until its bucket is the configured one and its key is one of ours. Whatever is not
ours ends here without an error, because an error would bring it back.
"""

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.utils import timezone

from indexer.index import index_message, repeat_act
from indexer.jobs import carry_out_job
from mailbox.store import bucket, health
from mailbox.store.flags import read_flags
from mailbox.store.jobs import id_in
from mailbox.store.keys import PULSE_KEY, key_of, message_id_of, raw_key, receipt_key
from mailbox.store.receipts import Receipt, mapping, object_in, receipt_of

log = logging.getLogger(__name__)

INDEXED = ("incoming/", "sent/", "receipts/", "state/")
NOTIFICATION_BYTES = 256_000
LATE = timedelta(hours=1)


def on_bucket_event(record: Mapping[str, Any]) -> None:
    """One record of an S3 event."""
    key = key_in(record)
    if key == PULSE_KEY:
        health.answer_pulse()
    elif key is not None and (job := id_in(key)):
        carry_out_job(job)
    elif key is not None and key.startswith(INDEXED):
        on_mail_changed(key)


def on_mail_changed(key: str) -> None:
    raw = raw_key(key)
    if raw is None:
        log.info("Not a mail, left alone: %s", json.dumps(key[:200]))
    elif key.startswith("state/"):
        on_state_changed(message_id_of(raw))
    else:
        index_message(raw)


def on_state_changed(id: str) -> None:
    flags = read_flags(id)
    if flags is None:  # taken away, or nothing to believe: indexing mends it
        index_message(key_of(id))
    else:
        repeat_act(id, flags)


def key_in(record: Mapping[str, Any]) -> str | None:
    """The key a record is about, if it is about our bucket. S3 sends keys encoded like a form; they are decoded exactly once."""
    s3 = mapping(record.get("s3"))
    name, key = mapping(s3.get("bucket")).get("name"), mapping(s3.get("object")).get("key")
    if not isinstance(name, str) or name != settings.POSTAMT_BUCKET or not isinstance(key, str):
        return None
    return unquote_plus(key)


def on_receipt(record: Mapping[str, Any]) -> None:
    """One record of the receipts' topic: keeps the receipt beside its mail, whose event of the bucket then indexes it."""
    message = mapping(record.get("Sns")).get("Message")
    notification = object_in(message.encode("utf-8", "replace"), NOTIFICATION_BYTES) if isinstance(message, str) else None
    found = receipt_of(notification, settings.POSTAMT_BUCKET) if notification else None
    if found is None:
        log.info("Not a receipt of ours, left alone")
        return
    ses_id, receipt = found
    if is_left_over(ses_id, receipt):
        log.info("The mail of this receipt was erased: %s", ses_id)
        return
    bucket.put(receipt_key(ses_id), receipt.to_json())


def is_left_over(ses_id: str, receipt: Receipt) -> bool:
    """Told again of a mail that was erased meanwhile. SES puts a mail before it tells of it; the patience is for what nobody foresaw."""
    return is_late(receipt.received_at) and not bucket.exists(key_of(f"incoming-{ses_id}"))


def is_late(received_at: str) -> bool:
    try:
        return timezone.now() - datetime.fromisoformat(received_at) > LATE
    except (TypeError, ValueError):  # without a zone; no date
        return False
