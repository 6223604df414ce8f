"""One message of a conversation as its page shows it: folded, from its row alone, or open, with what was read from the bucket.

Everything here is plain data for a template with autoescape. Rich HTML is not here: it has a response of its own, in a frame.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from mailbox.message.address import Address
from mailbox.message.body import TextBody, is_rich, language_of, render_text
from mailbox.message.parse import ParsedMessage, parse
from mailbox.message.sanitize import Sanitized
from mailbox.pages.avatars import ME, hue, initials, shown_name
from mailbox.pages.body import sanitized_html
from mailbox.pages.files import Files, files_of
from mailbox.pages.invitation import Card, card_of
from mailbox.pages.notes import Note, notes_of, verdicts_in_words
from mailbox.pages.sender_identity import is_own
from mailbox.store import bucket
from mailbox.store.models import Message

RECIPIENTS_SHOWN = 3
ADDRESSES_SHOWN = 100


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
    invitation: Card | None
    text: TextBody
    rich: bool
    framed: bool
    files: Files
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
    return _view(message, message.from_[1], url, open=False)


def opened(message: Message, url: str, hosts: set[str], *, may_frame: bool) -> MessageView:
    """Reads and parses the raw message: one S3 read. `hosts` are our own, to which no link of a mail may lead.

    The address comes from the raw message: a row cuts a long one, and its end is what says whose it is.
    """
    stored = bucket.get(message.key)
    if stored is None:
        return _view(message, message.from_[1], url, open=True)
    parsed = parse(stored.body)
    address = next((author.addr_spec for author in parsed.from_ or parsed.sender), "")
    cut = len(stored.body) < stored.size
    return _view(message, address, url, open=True, content=_content(message, parsed, hosts, may_frame=may_frame, cut=cut))


def _view(message: Message, address: str, url: str, *, open: bool, content: Content | None = None) -> MessageView:
    display_name = message.from_[0]
    name = ME if _is_mine(message) else shown_name(display_name, address)
    return MessageView(message, name, address, initials(display_name or address), hue(address), url, open, content)


def _is_mine(message: Message) -> bool:
    return message.key.startswith("sent/")


def _content(message: Message, parsed: ParsedMessage, hosts: set[str], *, may_frame: bool, cut: bool) -> Content:
    recipients, text = parsed.to + parsed.cc, render_text(parsed, own_hosts=hosts)
    rich = is_rich(parsed.html)
    framed = rich and may_frame
    frame = sanitized_html(parsed, hosts, allow_remote=False) if framed else Sanitized("")
    return Content(
        recipients=tuple(_name(address) for address in recipients[:RECIPIENTS_SHOWN]),
        more_recipients=max(0, len(recipients) - RECIPIENTS_SHOWN),
        details=_details(message, parsed),
        notes=notes_of(message, parsed, settings.POSTAMT_DOMAIN, remote_images=frame.remote_images, cut=cut or (text.cut and not framed)),
        invitation=card_of(parsed),
        text=text,
        rich=rich,
        framed=framed,
        files=files_of(parsed, shown_in=frame.html),
        answers_all=len([address for address in {*parsed.from_, *recipients} if not is_own(address.addr_spec)]) > 1,
        language=language_of(parsed),
    )


def _name(address: Address) -> str:
    return ME if is_own(address.addr_spec) else shown_name(address.display_name, address.addr_spec)


def _details(message: Message, parsed: ParsedMessage) -> list[Detail]:
    mine = _is_mine(message)
    return [
        *_people(parsed),
        Detail("Dated", moment=parsed.date, words="" if parsed.date else "not at all"),
        Detail("Sent" if mine else "Received", moment=message.received_at),
        Detail("Security", words="written here" if mine else verdicts_in_words(message) or "not checked"),
    ]


def _people(parsed: ParsedMessage) -> list[Detail]:
    fields = {
        "From": parsed.from_,
        "Sender": parsed.sender,
        "Reply to": parsed.reply_to,
        "To": parsed.to,
        "Cc": parsed.cc,
        "Bcc": parsed.bcc,
    }
    return [Detail(label, people[:ADDRESSES_SHOWN], max(0, len(people) - ADDRESSES_SHOWN)) for label, people in fields.items() if people]
