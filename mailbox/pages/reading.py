"""One message of a conversation as its page shows it: folded, from its row alone, or open, with what was read from the bucket.

Everything here is plain data for a template with autoescape. Rich HTML is not here: it has a response of its own, in a frame.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from mailbox.message.address import Address
from mailbox.message.authentication import Acquaintance, Authentication, author_of
from mailbox.message.body import TextBody, is_rich, language_of, render_text, without_links
from mailbox.message.domains import shown_address
from mailbox.message.mailto import unsubscribe_mailto
from mailbox.message.parse import ParsedMessage
from mailbox.message.protection import read_mail
from mailbox.message.sanitize import Sanitized
from mailbox.pages.answers import Answer, answers_to
from mailbox.pages.avatars import ME, hue, initials, shown_name
from mailbox.pages.block import blockable
from mailbox.pages.body import sanitized_html
from mailbox.pages.files import Files, files_of
from mailbox.pages.images import images_of, vouched_sender
from mailbox.pages.invitation import Card, card_of
from mailbox.pages.notes import Note, notes_of, security_in_words
from mailbox.pages.place import with_query
from mailbox.pages.sender_identity import is_own
from mailbox.pages.trust import authentication_of
from mailbox.store import bucket
from mailbox.store.models import Message
from mailbox.store.preferences import Senders

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
class Manner:
    """How a message is opened. `hosts` are our own, to which no link of a mail may lead; `known`: what the mailbox knows of its sender;
    `senders`: asks whose images are shown, once a page; `trust` and `images`: the tokens of a reader who asked for its links although it is
    doubtful, and for its images."""

    hosts: set[str]
    may_frame: bool
    known: Acquaintance
    senders: Callable[[], Senders]
    trust: str = ""
    images: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What an open message shows beyond its head."""

    recipients: tuple[str, ...]
    more_recipients: int
    details: list[Detail]
    notes: list[Note]
    doubtful: bool  # links are text, files need a second click, no answer is offered
    trust: str
    invitation: Card | None
    blockable: str  # the address that may be blocked
    unsubscribe_url: str  # of a ready draft, which leaves the mailing list when it is sent
    text: TextBody
    rich: bool
    framed: bool
    body_url: str
    files: Files
    answers: list[Answer]
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


def opened(message: Message, url: str, manner: Manner) -> MessageView:
    """Reads and parses the raw message: one S3 read.

    The address comes from the raw message: a row cuts a long one, and its end is what says whose it is.
    """
    stored = bucket.get(message.key)
    if stored is None:
        return _view(message, message.from_[1], url, open=True)
    parsed = read_mail(stored.body)
    return _view(
        message, author_of(parsed).addr_spec, url, open=True, content=_content(message, parsed, manner, cut=len(stored.body) < stored.size)
    )


def _view(message: Message, address: str, url: str, *, open: bool, content: Content | None = None) -> MessageView:
    display_name = message.from_[0]
    is_me = message.is_sent or (is_own(address) and message.verdicts.get("dmarc") == "PASS")
    name = ME if is_me else shown_name(display_name, address)
    return MessageView(message, name, shown_address(address), initials(display_name or address), hue(address), url, open, content)


def _content(message: Message, parsed: ParsedMessage, manner: Manner, *, cut: bool) -> Content:
    recipients, text = parsed.to + parsed.cc, render_text(parsed, own_hosts=manner.hosts)
    rich = is_rich(parsed.html)
    framed = rich and manner.may_frame
    frame = sanitized_html(parsed, manner.hosts) if framed else Sanitized("")
    authentication = authentication_of(message, parsed, manner.known, frame.deceptive_links)
    doubtful = authentication.is_doubtful and not manner.trust
    sender = vouched_sender(message, parsed, authentication)
    images = images_of(0 if doubtful or manner.images else frame.remote_images, sender, manner.senders)
    cut = cut or (text.cut and not framed)
    return Content(
        recipients=tuple(_name(address) for address in recipients[:RECIPIENTS_SHOWN]),
        more_recipients=max(0, len(recipients) - RECIPIENTS_SHOWN),
        details=_details(message, parsed, authentication),
        notes=notes_of(message, parsed, authentication, trusted=bool(manner.trust), images=images, cut=cut),
        doubtful=doubtful,
        trust=manner.trust,
        invitation=card_of(parsed),
        blockable=blockable(message),
        unsubscribe_url="" if authentication.is_doubtful or message.folder == "junk" else _unsubscribe_url(message, parsed),
        text=without_links(text) if doubtful else text,
        rich=rich,
        framed=framed,
        body_url=with_query(reverse("message_body", args=[message.id]), trust=manner.trust, images=manner.images),
        files=files_of(parsed, shown_in=frame.html),
        answers=answers_to(message, parsed, doubtful=doubtful),
        language=language_of(parsed),
    )


def _unsubscribe_url(message: Message, parsed: ParsedMessage) -> str:
    return with_query(reverse("compose"), re=message.id, mode="leave") if unsubscribe_mailto(parsed.headers) else ""


def _name(address: Address) -> str:
    return ME if is_own(address.addr_spec) else shown_name(address.display_name, address.addr_spec)


def _details(message: Message, parsed: ParsedMessage, authentication: Authentication) -> list[Detail]:
    return [
        *_people(parsed),
        Detail("Dated", moment=parsed.date, words="" if parsed.date else "not at all"),
        Detail("Sent" if message.is_sent else "Received", moment=message.received_at),
        Detail("Security", words=security_in_words(message, authentication)),
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
    return [Detail(label, _shown(people), max(0, len(people) - ADDRESSES_SHOWN)) for label, people in fields.items() if people]


def _shown(people: Sequence[Address]) -> tuple[Address, ...]:
    return tuple(Address(address.display_name, shown_address(address.addr_spec)) for address in people[:ADDRESSES_SHOWN])
