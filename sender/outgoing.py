"""What the sender believes of a queued mail: nothing before it is checked, for a broken or taken-over web process may have written it.

It goes out only from an address of the own domain, under a From line that says the same, to at most as many recipients as SES takes, and
with a header that can hold nothing but fields. Lines that would speak to SES itself, or tell the Bcc, are taken out; all else stays as it
is, byte for byte.
"""

import re
from dataclasses import dataclass, field

from django.conf import settings

from mailbox.message.address import is_addr_spec, parse_addresses
from mailbox.message.headers import message_ids, read_headers
from mailbox.store.outbox import OutgoingEnvelope

RAW_MOST = 40 * 1024 * 1024  # SES's own limit
RECIPIENTS_MOST = 50  # of one call, To, Cc and Bcc together
HEADER_MOST = 256 * 1024

HEADER = re.compile(rb"(?:[!-9;-~]+:[^\r\n\0]*\r\n(?:[ \t][^\r\n\0]*\r\n)*)+")
NOT_TO_BE_SENT = re.compile(rb"^(?:x-ses-[!-9;-~]*|(?:resent-)?bcc):[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", re.IGNORECASE | re.MULTILINE)


class Refused(Exception):
    """This mail will never be sent as it is; the text says why."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail that may be sent."""

    envelope_from: str
    envelope_recipients: tuple[str, ...]
    bcc: tuple[str, ...]
    message_id: str  # as written; SES replaces it
    raw: bytes = field(repr=False)


def checked(envelope: OutgoingEnvelope, raw: bytes) -> Outgoing:
    """Raises Refused with a sentence for the owner."""
    if len(raw) > RAW_MOST:
        raise Refused(f"The mail has {len(raw)} bytes; SES takes {RAW_MOST}.")
    recipients = _recipients(envelope)
    header, body = _split(raw)
    headers = read_headers(header, 0, len(header), limit=HEADER_MOST)
    _check_author(envelope.envelope_from, headers.all("from"))
    ids = message_ids(headers.first("message-id"))
    return Outgoing(
        envelope_from=envelope.envelope_from,
        envelope_recipients=recipients,
        bcc=tuple(address for address in recipients if address in envelope.bcc),
        message_id=ids[0] if ids else "",
        raw=NOT_TO_BE_SENT.sub(b"", header) + body,
    )


def _recipients(envelope: OutgoingEnvelope) -> tuple[str, ...]:
    recipients = tuple(dict.fromkeys(envelope.envelope_recipients))
    if not 0 < len(recipients) <= RECIPIENTS_MOST:
        raise Refused(f"The mail has {len(recipients)} recipients; SES takes 1 to {RECIPIENTS_MOST}.")
    for address in recipients:
        if not (address.isascii() and is_addr_spec(address)):
            raise Refused(f"{address!r} is not an address that mail can be sent to.")
    return recipients


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """The header with its last line end, and the rest. A bare CR or LF in a header is where two readers see two headers: refused."""
    end = raw.find(b"\r\n\r\n", 0, HEADER_MOST) + 2
    if end < 2 or not HEADER.fullmatch(raw, 0, end):
        raise Refused("The header of the mail is malformed or too long.")
    return raw[:end], raw[end:]


def _check_author(envelope_from: str, lines: list[str]) -> None:
    if not (envelope_from.isascii() and is_addr_spec(envelope_from)) or envelope_from.rpartition("@")[2].lower() != settings.POSTAMT_DOMAIN:
        raise Refused(f"{envelope_from!r} is not an address of {settings.POSTAMT_DOMAIN}.")
    authors = parse_addresses(lines[0]) if len(lines) == 1 else ()
    if len(authors) != 1 or authors[0].addr_spec.lower() != envelope_from.lower():
        raise Refused(f"The From line of the mail does not name {envelope_from} alone.")
