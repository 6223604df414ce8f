"""`GET /api/emails/<id>`: one message; `/raw`: its bytes. HTML is the sender's own and stays in the raw mail; here are the words of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, cast

from django.http import HttpResponse

from mailbox.api.bearer import ApiRequest
from mailbox.api.endpoint import Endpoint, Operation
from mailbox.api.people import Person, people
from mailbox.api.shapes import rule
from mailbox.auth import message_or_404, raw_or_404
from mailbox.message.attachments import Attachment, download_name
from mailbox.message.body import TEXT_SHOWN, text_of
from mailbox.message.parse import ParsedMessage
from mailbox.message.protection import read_mail
from mailbox.pages.attachment import raw_download
from mailbox.store import conversations
from mailbox.store.models import Message
from mailbox.store.receipts import known_verdicts

Folder = Literal["inbox", "sent", "archive", "drafts", "trash", "junk"]
Verdict = Literal["PASS", "FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED"] | None


@dataclass(frozen=True, slots=True)
class Verdicts:
    """In the words of SES; null where it said nothing, as for what was sent."""

    spam: Verdict
    virus: Verdict
    spf: Verdict
    dkim: Verdict
    dmarc: Verdict


@dataclass(frozen=True, slots=True)
class File:
    number: int
    filename: Annotated[str, rule("Safe to save under.")]
    content_type: Annotated[str, rule("As the sender says.")]
    size: Annotated[int, rule("Bytes.")]
    inline: Annotated[bool, rule("Shown by the HTML, as a picture in it is.")]


@dataclass(frozen=True, slots=True)
class Flags:
    seen: bool
    flagged: bool
    answered: bool
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Email:
    id: str
    thread_id: str
    conversation: Annotated[tuple[str, ...], rule("The ids of the newest messages of its conversation, oldest first; its own among them.")]
    folder: Folder
    received_at: Annotated[datetime, rule("By our clock: when it came, or was sent.")]
    size: int
    from_: tuple[Person, ...]
    sender: tuple[Person, ...]
    reply_to: tuple[Person, ...]
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    bcc: tuple[Person, ...]
    subject: str
    date: Annotated[datetime | None, rule("What the sender says; null if nothing that can be read.")]
    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    text: Annotated[str, rule("The words: its plain text, or the text of its HTML.", maxLength=TEXT_SHOWN)]
    text_cut: Annotated[bool, rule("The text goes on in the raw mail.")]
    has_html: bool
    attachments: tuple[File, ...]
    flags: Flags
    verdicts: Verdicts
    defects: Annotated[tuple[str, ...], rule("What could not be read as it should.")]


def get_email(request: ApiRequest, id: str) -> Email:
    message = message_or_404(id)
    parsed = read_mail(raw_or_404(message))
    text = text_of(parsed)
    return Email(
        id=message.id,
        thread_id=message.thread_id,
        conversation=conversation_of(message),
        folder=cast(Folder, message.folder),
        received_at=message.received_at,
        size=int(message.size),
        **named_in(parsed),
        subject=parsed.subject,
        date=parsed.date,
        message_id=parsed.message_id,
        in_reply_to=parsed.in_reply_to,
        references=parsed.references,
        text=text[:TEXT_SHOWN],
        text_cut=len(text) > TEXT_SHOWN,
        has_html=bool(parsed.html),
        attachments=tuple(file_of(number, attachment) for number, attachment in enumerate(parsed.attachments)),
        flags=flags_of(message, {label.slug for label in request.labels}),
        verdicts=verdicts_of(message),
        defects=parsed.defects,
    )


def conversation_of(message: Message) -> tuple[str, ...]:
    found = conversations.get_conversation(message.thread_id)
    return tuple(dict.fromkeys([*(one.id for one in found if one.folder != "purged"), message.id]))


def named_in(parsed: ParsedMessage) -> dict[str, tuple[Person, ...]]:
    return {name: people(getattr(parsed, name)) for name in ("from_", "sender", "reply_to", "to", "cc", "bcc")}


def file_of(number: int, attachment: Attachment) -> File:
    return File(number, download_name(attachment), attachment.content_type, attachment.size, attachment.inline)


def flags_of(message: Message, known: set[str]) -> Flags:
    labels = tuple(slug for slug in message.labels if slug in known)
    return Flags(message.seen, message.flagged, "answered" in message.keywords, labels)


def verdicts_of(message: Message) -> Verdicts:
    said = known_verdicts(message.verdicts)
    return Verdicts(**{name: said.get(name) for name in ("spam", "virus", "spf", "dkim", "dmarc")})  # type: ignore[arg-type]


def get_raw(_request: ApiRequest, id: str) -> HttpResponse:
    return raw_download(message_or_404(id))


email = Endpoint(
    GET=Operation(act=get_email, summary="Read one message. It is not marked as seen.", gives=Email),
)
raw = Endpoint(
    GET=Operation(
        act=get_raw,
        summary="Get the bytes of one message. One over 4 MB is fetched from the bucket, by a link that needs no token and lives a minute.",
        otherwise="application/octet-stream",
        redirects=True,
    ),
)
