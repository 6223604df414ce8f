"""Sidecars: the JSON beside a sent copy.

It holds the envelope with Bcc, when SES took the mail, both Message-IDs, and the outbox and draft ids it came from.
"""

from typing import Any

from mailbox.store import bucket
from mailbox.store.keys import sidecar_key
from mailbox.store.receipts import object_in

SIDECAR_BYTES = 64_000


def sidecar_of(key: str) -> dict[str, Any] | None:
    """What lies beside the raw mail under `key`, or None; received mail has no sidecar (its receipt is another matter)."""
    if not key.startswith("sent/"):
        return None
    found = bucket.get(sidecar_key(key.removeprefix("sent/")), most=SIDECAR_BYTES + 1)
    return object_in(found.body, SIDECAR_BYTES) if found else None
