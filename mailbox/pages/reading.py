"""One message of a conversation as its page shows it: folded, from its row alone, or open, with what was read from the bucket.

Everything here is plain data for a template with autoescape. Rich HTML is not here: it has a response of its own, in a frame.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from mailbox.message.address import Address
from mailbox.message.attachments import Attachment, safe_filename
from mailbox.message.body import TextBody, is_rich, render_text
from mailbox.message.parse import ParsedMessage, parse
from mailbox.pages.avatars import hue, initials
from mailbox.pages.notes import Note, notes_of, verdicts_in_words
from mailbox.store import bucket
from mailbox.store.models import Message

RECIPIENTS_SHOWN = 3
ADDRESSES_SHOWN = 100
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class File:
    number: int
    name: str
    tile: str
    hue: int
    size: int


@dataclass(frozen=True, slots=True)
class Detail:
    label: str
    addresses: tuple[Address, ...] = ()
    more: int = 0
    moment: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What an open message shows beyond its head."""

    recipients: tuple[str, ...]
    more_recipients: int
    details: list[Detail]
    notes: list[Note]
    text: TextBody
    rich: bool
    framed: bool
    files: list[File]
    answers_all: bool
    language: str


@dataclass(frozen=True, slots=True)
class MessageView:
    message: Message
    name: str
    address: str
    initials: str
    hue: int
    url: str  # of the page with this message open
    open: bool
    content: Content | None  # None although open: the bucket does not have it


def folded(message: Message, url: str) -> MessageView:
    return _view(message, url, open=False, content=None)


def opened(message: Message, url: str, *, may_frame: bool) -> MessageView:
    """Reads and parses the raw message: one S3 read."""
    stored = bucket.get(message.key)
    content = _content(message, parse(stored.body), may_frame=may_frame, whole=stored.size == len(stored.body)) if stored else None
    return _view(message, url, open=True, content=content)


def _view(message: Message, url: str, *, open: bool, content: Content | None) -> MessageView:
    display_name, address = message.from_
    name = "me" if _is_mine(message) else display_name or address or "Unknown sender"
    return MessageView(message, name, address, initials(display_name or address), hue(address), url, open, content)


def _is_mine(message: Message) -> bool:
    return message.key.startswith("sent/")


def _content(message: Message, parsed: ParsedMessage, *, may_frame: bool, whole: bool) -> Content:
    recipients = parsed.to + parsed.cc
    rich = is_rich(parsed.html)
    framed = rich and may_frame
    text = render_text(parsed, own_hosts=settings.ALLOWED_HOSTS)
    return Content(
        recipients=tuple(_name(address) for address in recipients[:RECIPIENTS_SHOWN]),
        more_recipients=max(0, len(recipients) - RECIPIENTS_SHOWN),
        details=_details(message, parsed),
        notes=notes_of(message, parsed, settings.POSTAMT_DOMAIN, cut=not whole or (text.cut and not framed)),
        text=text,
        rich=rich,
        framed=framed,
        files=[_file(number, file) for number, file in enumerate(parsed.attachments) if not (framed and _stands_in(file, parsed.html))],
        answers_all=len([address for address in {*parsed.from_, *recipients} if not _is_own(address)]) > 1,
        language=_language(parsed),
    )


def _language(parsed: ParsedMessage) -> str:
    """For screen readers and hyphenation. RFC 3282."""
    value = next((value for name, value in parsed.headers if name.lower() == "content-language"), "")
    return value.strip() if LANGUAGE.fullmatch(value.strip()) else ""


def _is_own(address: Address) -> bool:
    return address.domain == settings.POSTAMT_DOMAIN


def _name(address: Address) -> str:
    return "me" if _is_own(address) else address.name


def _stands_in(attachment: Attachment, html: str) -> bool:
    """Whether the frame shows it: an image that the HTML names by its Content-ID. RFC 2392."""
    return bool(attachment.content_id) and f"cid:{attachment.content_id}" in html


def _details(message: Message, parsed: ParsedMessage) -> list[Detail]:
    lists = {
        "From": parsed.from_,
        "Sender": parsed.sender,
        "Reply to": parsed.reply_to,
        "To": parsed.to,
        "Cc": parsed.cc,
        "Bcc": parsed.bcc,
    }
    details = [
        Detail(label, addresses[:ADDRESSES_SHOWN], max(0, len(addresses) - ADDRESSES_SHOWN))
        for label, addresses in lists.items()
        if addresses
    ]
    details.append(Detail("Dated", moment=parsed.date) if parsed.date else Detail("Dated", words="not at all"))
    details.append(Detail("Sent" if _is_mine(message) else "Received", moment=message.received_at))
    details.append(Detail("Security", words="written here" if _is_mine(message) else verdicts_in_words(message) or "not checked"))
    return details


def _file(number: int, attachment: Attachment) -> File:
    name = safe_filename(attachment.filename)
    stem, dot, extension = name.rpartition(".")
    tile = extension if dot and stem and extension.isalnum() and len(extension) <= 4 else attachment.content_type.rpartition("/")[2]
    return File(number, name, tile[:4].upper(), hue(tile.lower()), attachment.size)
