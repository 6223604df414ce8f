"""Facts: what the bytes of a message say, cut to what the table may hold. Pure: the same bytes give the same facts, always.

The bucket keeps everything; here every text has a bound in UTF-8 bytes, so that an item stays near one kilobyte (above it every write
costs double) and never nears DynamoDB's 400.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mailbox.message.address import Address
from mailbox.message.parse import ParsedMessage, thread_root
from mailbox.message.protection import read_mail
from mailbox.message.ses_block import VERDICTS
from mailbox.store.keys import message_id_of
from mailbox.store.models import instant

SUBJECT_BYTES, PREVIEW_BYTES, MESSAGE_ID_BYTES = 200, 240, 200
NAME_BYTES, ADDRESS_BYTES, TO_MOST = 80, 254, 10
PEOPLE_MOST = 10  # whom one message makes known (people.py)
CITED_KEY = "@key.invalid"  # a domain that never is anybody's (RFC 2606)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Facts:
    id: str
    key: str
    thread_id: str
    received_at: datetime
    message_id: str
    subject: str
    from_: list[str]
    to: list[list[str]]
    to_more: int
    cc: list[list[str]]
    preview: str
    has_files: bool
    verdicts: dict[str, str]
    size: int
    digest: str


def facts_of(
    key: str,
    raw: bytes,
    sidecar: Mapping[str, Any] | None = None,
    *,
    region: str,
    stored_at: datetime = EPOCH,
    size: int | None = None,
) -> Facts:
    """The facts of the mail under `key`. `sidecar` is the JSON beside a sent copy; `stored_at` is S3's word for when the object came,
    which counts only for a mail that neither SES nor its own Date says anything of."""
    parsed = read_mail(raw)
    verdicts = parsed.ses.verdicts if parsed.ses and key.startswith("incoming/") else {}
    own_id = own_message_id(key, parsed, sidecar, region)
    author = next(iter(parsed.from_ or parsed.sender), Address("", ""))
    return Facts(
        id=message_id_of(key),
        key=key,
        thread_id=thread_id_of(key, parsed, own_id),
        received_at=received_at(key, parsed, sidecar, stored_at),
        message_id=cut(own_id or "", MESSAGE_ID_BYTES),
        subject=cut(parsed.subject, SUBJECT_BYTES),
        from_=pair(author),
        to=[pair(address) for address in parsed.to[:TO_MOST]],
        to_more=max(0, len(parsed.to) - TO_MOST),
        cc=copied(key, parsed),
        preview=cut(parsed.preview, PREVIEW_BYTES),
        has_files=any(not attachment.inline for attachment in parsed.attachments),
        verdicts={name: word for name, word in verdicts.items() if name in VERDICTS},
        size=len(raw) if size is None else size,
        digest=hashlib.sha256(raw).hexdigest()[:16],
    )


def copied(key: str, parsed: ParsedMessage) -> list[list[str]]:
    """Whom else the owner wrote to, as far as there is room; of received mail it says nothing we use."""
    room = PEOPLE_MOST - min(len(parsed.to), TO_MOST) if key.startswith("sent/") else 0
    return [pair(address) for address in parsed.cc[:room]]


def own_message_id(key: str, parsed: ParsedMessage, sidecar: Mapping[str, Any] | None, region: str) -> str | None:
    """SES replaces the Message-ID of what we send, and replies cite SES's: a sent copy goes by that one."""
    if not key.startswith("sent/"):
        return parsed.message_id
    return text_in(sidecar, "ses_message_id") or ses_message_id(key.removeprefix("sent/"), region)


def ses_message_id(ses_id: str, region: str) -> str:
    """The Message-ID, without <>, that SES gives a mail it sends."""
    return f"{ses_id}@{'email' if region == 'us-east-1' else region}.amazonses.com"


def cited_id(key: str, parsed: ParsedMessage, region: str) -> str:
    """What an answer cites. A mail that has no Message-ID (scripts write such) is cited by its key, which thread_id_of knows again."""
    return own_message_id(key, parsed, None, region) or f"{key}{CITED_KEY}"


def thread_id_of(key: str, parsed: ParsedMessage, own_id: str | None) -> str:
    root = (thread_root(parsed, own_id) or key).removesuffix(CITED_KEY)
    return hashlib.sha256(root.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def received_at(key: str, parsed: ParsedMessage, sidecar: Mapping[str, Any] | None, stored_at: datetime) -> datetime:
    """Our clock before the sender's: SES's own line, or when SES took a sent copy. Whole seconds, UTC."""
    known = parsed.ses.received_at if parsed.ses and key.startswith("incoming/") else instant_in(sidecar, "sent_at")
    when = known or parsed.date or stored_at
    return when.astimezone(UTC).replace(microsecond=0)


def text_in(sidecar: Mapping[str, Any] | None, name: str) -> str | None:
    value = sidecar.get(name) if sidecar else None
    return value if isinstance(value, str) and value else None


def instant_in(sidecar: Mapping[str, Any] | None, name: str) -> datetime | None:
    try:
        return instant(text_in(sidecar, name) or "")
    except ValueError:
        return None


def pair(address: Address) -> list[str]:
    return [cut(address.display_name, NAME_BYTES), cut(address.addr_spec, ADDRESS_BYTES)]


def cut(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, never half a character; what is cut ends in an ellipsis. Lone surrogates become `?`."""
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= most:
        return encoded.decode()
    return encoded[: most - 3].decode("utf-8", "ignore").rstrip() + "…"
