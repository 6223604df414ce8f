"""Drafts to exact bytes, and answers to drafts. RFC 5322, MIME, format=flowed text. Whatever goes into a header is refused or encoded.

Header lines are written here, already folded: Python's own folding turns a Message-ID of more than 78 characters into an encoded word,
which breaks conversations, and encodes the comma between two recipients with foreign names (CVE-2025-1795). Bcc is never a header.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, quote
from hashlib import sha256

import idna

from mailbox.message.address import Address, is_addr_spec
from mailbox.message.attachments import Attachment, download_name, safe_filename
from mailbox.message.body import lines_of
from mailbox.message.flowed import SURROGATES, Written, flowed_text
from mailbox.message.parse import ParsedMessage

RECIPIENTS_AT_MOST = 50  # SES counts To, Cc and Bcc together
MESSAGE_LIMIT = 40 * 1024 * 1024  # bytes, as SES counts them
REFERENCES_LIMIT = 950  # characters, so that the field fits one line of 998
QUOTED_AT_MOST = 100_000
NAMED_AT_MOST = 20
LONGEST_LINE = 900  # longer ones are not sent as they are: SMTP ends a line at 998

BREAKS_HEADERS = re.compile("[\r\n\x00]")
MESSAGE_ID = re.compile(r"[!-;=?-~]{3,900}")
CONTENT_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,80}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
REPLY_MARKS = re.compile(r"(?:\s*(?:re|aw|sv|antw|odp)\s*(?:\[\d{1,3}\])?\s*:)+\s*", re.IGNORECASE)
FORWARD_MARKS = re.compile(r"(?:\s*(?:fwd?|wg)\s*:)+\s*", re.IGNORECASE)
FORWARDED = "---------- Forwarded message ---------"


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it is sent. Ids are without `<>`, `references` oldest first."""

    from_: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    subject: str
    text: str
    in_reply_to: str | None
    references: tuple[str, ...]
    attachments: tuple[Attachment, ...] = ()


class ComposeError(ValueError):
    """What keeps a draft from being sent: the field of the draft, and a sentence for its writer."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field}: {sentence}")
        self.field = field
        self.sentence = sentence


def reply(
    parsed: ParsedMessage, mode: str, *, own: tuple[Address, ...], identity: Address, message_id: str | None, zone: tzinfo = UTC
) -> Draft:
    """The draft of an answer to `parsed`, whose own id is `message_id`, sent from `identity`. Dates are told in `zone`.

    `mode` is `reply`, `all` or `forward`; a forward goes to nobody yet and carries the attachments.
    """
    to, cc = ((), ()) if mode == "forward" else _answered(parsed, mode, own)
    chain = (*(parsed.references or parsed.in_reply_to[:1]), message_id or "")
    ids = tuple(id for id in dict.fromkeys(chain) if MESSAGE_ID.fullmatch(id))
    is_answer = mode != "forward" and ids[-1:] == (message_id,)
    return Draft(
        from_=identity,
        to=to,
        cc=cc,
        bcc=(),
        subject=_forward_subject(parsed.subject) if mode == "forward" else _reply_subject(parsed.subject),
        text=_forwarded(parsed, zone) if mode == "forward" else _quoted(parsed, zone),
        in_reply_to=message_id if is_answer else None,
        references=ids,
        attachments=tuple(replace(file, filename=download_name(file)) for file in parsed.attachments if mode == "forward"),
    )


def _answered(parsed: ParsedMessage, mode: str, own: tuple[Address, ...]) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    mine = {address.addr_spec.lower() for address in own}
    is_own = any(address.addr_spec.lower() in mine for address in parsed.from_)
    to = parsed.to if is_own else parsed.reply_to or parsed.from_
    if mode == "reply":
        return _distinct(to, mine) or _distinct(to, ()), ()
    everybody = to if is_own else (*to, *parsed.to)
    answered = _distinct(everybody, mine)
    return answered, _distinct(parsed.cc, mine | {address.addr_spec.lower() for address in answered})


def _distinct(addresses: Iterable[Address], without: Collection[str]) -> tuple[Address, ...]:
    found: dict[str, Address] = {}
    for address in addresses:
        if address.addr_spec:
            found.setdefault(address.addr_spec.lower(), address)
    return tuple(address for name, address in found.items() if name not in without)


def _reply_subject(subject: str) -> str:
    marks = REPLY_MARKS.match(subject)
    return f"Re: {subject[marks.end() :] if marks else subject}".strip()


def _forward_subject(subject: str) -> str:
    marks = FORWARD_MARKS.match(subject)
    return f"Fwd: {subject[marks.end() :] if marks else subject}".strip()


def _quoted(parsed: ParsedMessage, zone: tzinfo) -> str:
    when = f"On {_told(parsed.date, zone)}, " if parsed.date else ""
    name = parsed.from_[0].name if parsed.from_ else "somebody"
    lines = [_with_marks(line.depth + 1, line) for line in _lines(parsed)]
    return "\n".join(["", "", f"{when}{name} wrote:", *lines, ""])


def _forwarded(parsed: ParsedMessage, zone: tzinfo) -> str:
    block = {
        "From": _named(parsed.from_),
        "Date": _told(parsed.date, zone) if parsed.date else "",
        "Subject": parsed.subject,
        "To": _named(parsed.to),
        "Cc": _named(parsed.cc),
    }
    head = [f"{name}: {value}" for name, value in block.items() if value]
    return "\n".join(["", "", FORWARDED, *head, "", *(_with_marks(line.depth, line) for line in _lines(parsed)), ""])


def _lines(parsed: ParsedMessage) -> list[Written]:
    lines, cut = lines_of(parsed, QUOTED_AT_MOST)
    return [*lines, Written(0, "[…]")] if cut else lines


def _with_marks(depth: int, line: Written) -> str:
    return f"{'>' * depth}{' ' if depth and line.text else ''}{line.text}".rstrip()


def _told(date: datetime, zone: tzinfo) -> str:
    try:
        local = date.astimezone(zone)
    except OverflowError:  # at the end of the calendar, which only a forged date names
        local, zone = date.astimezone(UTC), UTC
    return f"{local:%a}, {local.day} {local:%b %Y} at {local:%H:%M}{' UTC' if zone is UTC else ''}"


def _named(addresses: tuple[Address, ...]) -> str:
    names = [f"{address.display_name} <{address.addr_spec}>" if address.display_name else address.addr_spec for address in addresses]
    more = [f"{len(names) - NAMED_AT_MOST} more"] if len(names) > NAMED_AT_MOST else []
    return ", ".join(names[:NAMED_AT_MOST] + more)


class WrittenHeader(str):
    """The value of a header as its lines shall be: encoded, folded, ASCII."""

    __slots__ = ()


class ComposedPolicy(EmailPolicy):
    """`policy.SMTP`, but headers that were written here are left as they are."""

    def header_store_parse(self, name: str, value: str) -> tuple[str, str]:
        return (name, value) if isinstance(value, WrittenHeader) else super().header_store_parse(name, value)


POLICY = ComposedPolicy(linesep="\r\n", refold_source="none")


def compose(draft: Draft, *, message_id: str, date: datetime) -> bytes:
    """The message as it is sent; the same bytes for the same arguments. Raises ComposeError for whatever must not or cannot be sent."""
    recipients_of(draft)
    message = EmailMessage(POLICY)
    for name, value in _headers(draft, message_id, date):
        message[name] = WrittenHeader(value)
    _set_text(message, flowed_text(draft.text))
    for attachment in draft.attachments:
        _attach(message, attachment)
    if message.is_multipart():
        message.set_boundary(f"=_{sha256(message_id.encode()).hexdigest()[:32]}")
    raw = message.as_bytes()
    if len(raw) > MESSAGE_LIMIT:
        raise ComposeError("attachments", f"The message would be {len(raw) // 1_000_000} MB; at most 40 MB can be sent.")
    return raw


def recipients_of(draft: Draft) -> tuple[str, ...]:
    """Everybody the message goes to, each once, as the envelope names them: domains in ASCII. Raises ComposeError where that cannot be."""
    sendable(draft.from_, "from")
    fields = {"to": draft.to, "cc": draft.cc, "bcc": draft.bcc}
    recipients = dict.fromkeys(sendable(address, field) for field, addresses in fields.items() for address in addresses)
    if not recipients:
        raise ComposeError("to", "Add at least one recipient.")
    if len(recipients) > RECIPIENTS_AT_MOST:
        raise ComposeError("to", f"A message goes to at most {RECIPIENTS_AT_MOST} recipients; this one names {len(recipients)}.")
    return tuple(recipients)


def sendable(address: Address, field: str) -> str:
    """The addr-spec in ASCII. Raises ComposeError where mail cannot go there. RFC 5321 4.1.2, 5890."""
    _one_line(address.display_name, field)
    local_part, _, domain = address.addr_spec.rpartition("@")
    if not is_addr_spec(address.addr_spec):
        raise ComposeError(field, f"{shown(address.addr_spec)} is not a complete address.")
    if not local_part.isascii():
        raise ComposeError(field, f"Mail to {shown(address.addr_spec)} cannot be sent: only plain letters work before the @.")
    try:
        return f"{local_part}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError as error:
        raise ComposeError(field, f"{shown(domain)} is not the name of a domain.") from error


def shown(text: str) -> str:
    """A wrong value inside a sentence: on one line, and not longer than it."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _one_line(text: str, field: str) -> str:
    if BREAKS_HEADERS.search(text):
        raise ComposeError(field, f"A line break cannot stand here: {shown(text)}")
    return SURROGATES.sub("\ufffd", text).strip()


def _headers(draft: Draft, message_id: str, date: datetime) -> Iterator[tuple[str, str]]:
    yield "From", _mailboxes([draft.from_], "from")
    for name, addresses in (("To", draft.to), ("Cc", draft.cc)):
        if addresses:
            yield name, _mailboxes(addresses, name.lower())
    yield "Subject", _unstructured(_one_line(draft.subject, "subject"), "Subject")
    yield "Date", format_datetime(date)
    yield "Message-ID", _id(message_id, "message_id")
    if draft.in_reply_to:
        yield "In-Reply-To", _id(draft.in_reply_to, "in_reply_to")
    if draft.references:
        yield "References", "\r\n ".join(_id(reference, "references") for reference in bounded_references(draft.references))


def bounded_references(references: tuple[str, ...]) -> tuple[str, ...]:
    """The first, which names the conversation, and as many of the newest as fit one line. RFC 5322 3.6.4, RFC 5537 3.4.4."""
    room = REFERENCES_LIMIT - len(references[0]) if references else 0
    newest: list[str] = []
    for reference in reversed(references[1:]):
        room -= len(reference) + len(" <>")
        if room < 0:
            break
        newest.append(reference)
    return references[:1] + tuple(reversed(newest))


def _id(message_id: str, field: str) -> str:
    _one_line(message_id, field)
    if not MESSAGE_ID.fullmatch(message_id):
        raise ComposeError(field, f"{shown(message_id)} is not the id of a message.")
    return f"<{message_id}>"


def _mailboxes(addresses: Iterable[Address], field: str) -> str:
    return ",\r\n ".join(_mailbox(_one_line(address.display_name, field), sendable(address, field)) for address in addresses)


def _mailbox(display_name: str, addr_spec: str) -> str:
    if not display_name:
        return addr_spec
    if _is_plain(display_name):
        return f'"{quote(display_name)}" <{addr_spec}>'
    return f"{_encoded_words(display_name, 60)}\r\n <{addr_spec}>"


def _unstructured(text: str, name: str) -> str:
    return text if _is_plain(text) and len(text) <= 78 - len(name) - 2 else _encoded_words(text, 76 - len(name))


def _encoded_words(text: str, width: int) -> str:
    return Header(text, "utf-8", maxlinelen=width).encode(linesep="\r\n")


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and "=?" not in text and len(text) <= 200


def _set_text(message: EmailMessage, text: str) -> None:
    is_plain = text.isascii() and all(len(line) <= LONGEST_LINE for line in text.split("\n"))
    encoding = "7bit" if is_plain else "quoted-printable"
    message.set_content(text, charset="utf-8", cte=encoding, params={"format": "flowed"})


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    filename = safe_filename(_one_line(attachment.filename, "attachments"))
    content_type = _one_line(attachment.content_type, "attachments").lower()
    main, _, sub = content_type.partition("/")
    # Multipart and message types must not be base64 (RFC 2046 5.2.1), and only base64 is sure to arrive as it was.
    if not CONTENT_TYPE.fullmatch(content_type) or main in ("multipart", "message"):
        main, sub = "application", "octet-stream"
    message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=filename)
