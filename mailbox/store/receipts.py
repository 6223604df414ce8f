"""Receipts: what SES says of a mail it received, beside the mail itself: the envelope's recipients and the verdicts.

They come as SNS notifications of the S3 action and are kept as `receipts/<ses id>.json`, known fields only and bounded. Pure.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from mailbox.message.ses_block import VERDICTS
from mailbox.store.keys import is_mail

WORDS = ("PASS", "FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED")
RECIPIENTS_MOST, ADDRESS_MOST, RECEIPT_BYTES = 500, 320, 256_000


@dataclass(frozen=True, slots=True)
class Receipt:
    envelope_from: str = ""
    envelope_recipients: tuple[str, ...] = ()
    verdicts: dict[str, str] = field(default_factory=dict)
    received_at: str = ""

    def to_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()


def receipt_in(body: bytes) -> Receipt | None:
    """The receipt as it lies in the bucket, or None where it is none."""
    fields = object_in(body, RECEIPT_BYTES)
    if fields is None:
        return None
    return Receipt(
        envelope_from=text(fields.get("envelope_from")),
        envelope_recipients=addresses(fields.get("envelope_recipients")),
        verdicts=known_verdicts(fields.get("verdicts")),
        received_at=text(fields.get("received_at")),
    )


def receipt_of(notification: Mapping[str, Any], bucket: str) -> tuple[str, Receipt] | None:
    """(SES id, receipt) of a `Received` notification of our own S3 action, or None for any other."""
    receipt, mail = mapping(notification.get("receipt")), mapping(notification.get("mail"))
    action = mapping(receipt.get("action"))
    ses_id = mail.get("messageId")
    if notification.get("notificationType") != "Received" or action.get("type") != "S3" or action.get("bucketName") != bucket:
        return None
    if not isinstance(ses_id, str) or not is_mail(f"incoming/{ses_id}") or action.get("objectKey") != f"incoming/{ses_id}":
        return None
    verdicts = {name: mapping(receipt.get(f"{name}Verdict")).get("status") for name in VERDICTS}
    return ses_id, Receipt(
        envelope_from=text(mail.get("source")),
        envelope_recipients=addresses(receipt.get("recipients")),
        verdicts=known_verdicts(verdicts),
        received_at=text(receipt.get("timestamp")),
    )


def object_in(body: bytes, most: int) -> dict[str, Any] | None:
    """A JSON object of at most so many bytes, or None."""
    if len(body) > most:
        return None
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    return value[:ADDRESS_MOST] if isinstance(value, str) else ""


def addresses(value: object) -> tuple[str, ...]:
    return tuple(text(one) for one in value[:RECIPIENTS_MOST] if isinstance(one, str)) if isinstance(value, list) else ()


def known_verdicts(value: object) -> dict[str, str]:
    return {name: word for name in sorted(VERDICTS) if (word := mapping(value).get(name)) in WORDS}
