"""Raw bytes to `ParsedMessage`: the one way in for every mail, whatever wrote it.

`parse` never raises and its work is bounded; what could not be read as it should is said in `defects`. Nothing here decides what may be
shown: text is free of control characters, HTML is the sender's own and stays untrusted.
"""

from dataclasses import dataclass, field
from datetime import datetime

from mailbox.message.address import Address, parse_addresses
from mailbox.message.attachments import Attachment
from mailbox.message.authentication import SesBlock, ses_block
from mailbox.message.charsets import clean, decode
from mailbox.message.headers import Field, decode_words, first, header_end, message_ids, one_line, parse_date, read_fields, values_of
from mailbox.message.mime import Entity, Walker, content_of
from mailbox.message.preview import preview_of

TEXT_LIMIT = 2_000_000


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    subject: str
    from_: tuple[Address, ...]
    sender: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    date: datetime | None
    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    ses: SesBlock | None
    preview: str
    defects: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    flowed: bool


@dataclass(slots=True)
class Bodies:
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flowed: bool = False


def parse(raw: bytes) -> ParsedMessage:
    """The message in these bytes. Never raises; at most linear work, with caps on depth, parts, fields, addresses and text."""
    block_end, body_start = header_end(raw, 0, len(raw))
    fields = read_fields(raw[:block_end])
    walker = Walker(raw)
    bodies = Bodies()
    for leaf in walker.leaves(fields, body_start):
        _add(bodies, raw, leaf, walker.defects)
    text, html = "\n".join(bodies.texts), "\n".join(bodies.htmls)
    ids = message_ids(first(fields, "message-id"))
    return ParsedMessage(
        subject=_subject(fields),
        from_=_addresses(fields, "from"),
        sender=_addresses(fields, "sender"),
        reply_to=_addresses(fields, "reply-to"),
        to=_addresses(fields, "to"),
        cc=_addresses(fields, "cc"),
        bcc=_addresses(fields, "bcc"),
        date=parse_date(first(fields, "date")),
        message_id=ids[0] if ids else None,
        in_reply_to=message_ids(first(fields, "in-reply-to")),
        references=message_ids(" ".join(values_of(fields, "references"))),
        text=text,
        html=html,
        attachments=tuple(bodies.attachments),
        ses=ses_block(fields),
        preview=preview_of(text, html),
        defects=tuple(dict.fromkeys(walker.defects)),
        headers=tuple((name, decode_words(value)) for name, value in fields),
        flowed=bodies.flowed,
    )


def thread_root(parsed: ParsedMessage, own_id: str | None) -> str | None:
    """The id all messages of a conversation share: oldest of References, else In-Reply-To, else the message's own."""
    return next(iter(parsed.references or parsed.in_reply_to), own_id)


def _subject(fields: list[Field]) -> str:
    return one_line(decode_words(first(fields, "subject"))).strip()


def _addresses(fields: list[Field], name: str) -> tuple[Address, ...]:
    return parse_addresses(", ".join(values_of(fields, name)))


def _add(bodies: Bodies, raw: bytes, leaf: Entity, defects: list[str]) -> None:
    content = content_of(raw, leaf)
    is_body = leaf.content_type in ("text/plain", "text/html") and leaf.disposition != "attachment" and not leaf.filename
    if is_body and len(content) > TEXT_LIMIT:
        defects.append("A body over 2 MB is cut; the whole of it is kept as an attachment.")
    if not is_body or len(content) > TEXT_LIMIT:
        bodies.attachments.append(_attachment(leaf, content))
    if is_body:
        text = decode(content[:TEXT_LIMIT], leaf.parameters.get("charset"))
        (bodies.texts if leaf.content_type == "text/plain" else bodies.htmls).append(text)
        bodies.flowed |= leaf.parameters.get("format", "").lower() == "flowed"


def _attachment(leaf: Entity, content: bytes) -> Attachment:
    return Attachment(
        part_number=leaf.part_number or "1",
        filename=clean(leaf.filename),
        content_type=leaf.content_type,
        content_id=leaf.content_id,
        inline=leaf.disposition == "inline" or bool(leaf.content_id and leaf.disposition != "attachment"),
        content=content,
    )
