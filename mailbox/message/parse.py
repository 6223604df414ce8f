"""Raw bytes to `ParsedMessage`: the one way in for every mail, whatever wrote it.

`parse` never raises and its work is bounded; what could not be read as it should is said in `defects`. Nothing here decides what may be
shown: text is free of control characters, HTML is the sender's own and stays untrusted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote

from mailbox.message.address import ADDRESS_LIMIT, Address, parse_addresses
from mailbox.message.attachments import Attachment
from mailbox.message.charsets import Fallback, codec_of, decode
from mailbox.message.headers import Headers, message_ids, one_line, parse_date, plain, read_headers, readable
from mailbox.message.mime import Part, Walker, part_of
from mailbox.message.preview import preview_of
from mailbox.message.ses_block import SesBlock, ses_block

TEXT_LIMIT = 2_000_000
HEADERS_LIMIT = 1_000
DEFECTS_LIMIT = 20
BODIES = ("text/plain", "text/html")
ONCE = ("from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date", "message-id")  # RFC 5322 3.6

CID = re.compile(r"""cid:([^\s"'<>()]+)""", re.IGNORECASE)
BOM = b"\xef\xbb\xbf"


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
    delsp: bool  # of flowed text: the space before a soft break is no part of it


def parse(raw: bytes) -> ParsedMessage:
    """The message in these bytes. Never raises; caps on depth, parts, fields, addresses and text keep the work linear."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    fallback = Fallback(raw)
    headers = read_headers(raw, len(BOM) if raw.startswith(BOM) else 0, len(raw), fallback)
    walker = Walker(raw, fallback)
    bodies = Bodies(walker)
    for leaf in walker.leaves(part_of(headers, "", len(raw))):
        bodies.take(leaf)
    text, html = "\n".join(bodies.texts), "".join(bodies.htmls)
    date = parse_date(headers.first("date"))
    walker.defects += _defects(headers, date)
    addresses = {name: _addresses(headers, name, walker.defects) for name in ("from", "sender", "reply-to", "to", "cc", "bcc")}
    return ParsedMessage(
        subject=readable(headers.first("subject")),
        from_=addresses["from"],
        sender=addresses["sender"],
        reply_to=addresses["reply-to"],
        to=addresses["to"],
        cc=addresses["cc"],
        bcc=addresses["bcc"],
        date=date,
        message_id=next(iter(message_ids(headers.first("message-id"))), None),
        in_reply_to=message_ids(headers.first("in-reply-to")),
        references=message_ids(" ".join(headers.all("references"))),
        text=text,
        html=html,
        attachments=bodies.attachments(html),
        ses=ses_block(headers.fields),
        preview=preview_of(text, html),
        defects=tuple(dict.fromkeys(walker.defects))[:DEFECTS_LIMIT],
        headers=tuple((name, plain(value)) for name, value in headers.fields[:HEADERS_LIMIT]),
        flowed=bodies.flowed,
        delsp=bodies.delsp,
    )


def thread_root(parsed: ParsedMessage, own_id: str | None) -> str | None:
    """The id all messages of a conversation share: the oldest of References, else of In-Reply-To, else the message's own."""
    return next(iter(parsed.references or parsed.in_reply_to), own_id)


def _defects(headers: Headers, date: datetime | None) -> Iterator[str]:
    if headers.cut:
        yield "Only the start of the header is read."
    for name in ONCE:
        if len(headers.all(name)) > 1:
            yield f"There is more than one {name} field."
    if headers.first("date") and date is None:
        yield "The date cannot be read."


def _addresses(headers: Headers, name: str, defects: list[str]) -> tuple[Address, ...]:
    values = headers.all(name)
    addresses = parse_addresses(", ".join(values)) if values else ()
    if len(addresses) == ADDRESS_LIMIT:
        defects.append(f"Only the first {ADDRESS_LIMIT} addresses of {name} are read.")
    return addresses


@dataclass(slots=True)
class Bodies:
    """What the leaves of a message come to: text, HTML and attachments."""

    walker: Walker
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    files: list[tuple[Part, bytes]] = field(default_factory=list)
    flowed: bool = False
    delsp: bool = False
    room: int = TEXT_LIMIT

    def take(self, leaf: Part) -> None:
        content = self.walker.content(leaf)
        if leaf.content_type not in BODIES or leaf.disposition == "attachment" or leaf.filename:
            self.files.append((leaf, content))
        else:
            self._read(leaf, content)

    def attachments(self, html: str) -> tuple[Attachment, ...]:
        """All files; inline are those that the HTML shows. What the sender calls inline may be shown nowhere."""
        shown = {unquote(content_id) for content_id in CID.findall(html)} if any(leaf.content_id for leaf, _ in self.files) else set()
        return tuple(
            Attachment(
                part_number=leaf.part_number or "1",
                filename=leaf.filename,
                content_type=one_line(leaf.content_type),
                content_id=one_line(leaf.content_id),
                inline=leaf.content_id in shown,
                content=content,
            )
            for leaf, content in self.files
        )

    def _read(self, leaf: Part, content: bytes) -> None:
        if len(content) > self.room:
            self.walker.defects.append("Only the start of the text is shown; the whole of it is kept as an attachment.")
            self.files.append((leaf, content))
        charset = leaf.parameters.get("charset", "")
        if charset and codec_of(charset) is None:
            self.walker.defects.append(f"The charset {charset[:40]!r} is unknown.")
        text = decode(content[: self.room], charset, self.walker.fallback)
        self.room -= min(self.room, len(content))
        if leaf.content_type == "text/html":
            self.htmls.append(f"{text}\n")  # so that an empty HTML body is one still
        elif text:
            self.texts.append(text)
            if leaf.parameters.get("format", "").lower() == "flowed":
                self.flowed = True
                self.delsp |= leaf.parameters.get("delsp", "").lower() == "yes"
