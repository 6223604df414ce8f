"""The header block of a message or part: fields, encoded words, ids and dates. RFC 5322, 2047.

Works on whatever stands before the first empty line; lines that are no field are skipped, not taken for the start of the body. A field
is a (name, value) pair with the name in lower case and the value unfolded and free of control characters, encoded words undecoded.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from mailbox.message.charsets import CONTROL_BYTES, clean, decode

Field = tuple[str, str]

BLOCK_LIMIT = 1 << 20
FIELD_LIMIT = 2_000
VALUE_LIMIT = 1 << 16
IDS_LIMIT = 200

BLANK_LINE = re.compile(rb"\n\r?\n|\r\r(?!\n)")
FOLD = re.compile(rb"\r*\n(?=[ \t])")
FIELD_NAME = re.compile(r"[!-9;-~]+")
WORD = re.compile(r"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bBqQ])\?")
MESSAGE_ID = re.compile(r"<([^<>]+)>")


def header_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block that starts at `start` ends, and where the body begins."""
    if raw[start : start + 1] == b"\n":
        return start, start + 1
    if raw[start : start + 2] == b"\r\n":
        return start, start + 2
    blank = BLANK_LINE.search(raw, start, end)
    return (blank.start(), blank.end()) if blank else (end, end)


def read_fields(block: bytes) -> list[Field]:
    """The fields of a header block in order, at most FIELD_LIMIT of them. Any bytes."""
    block = block[:BLOCK_LIMIT]
    if b"\n" not in block:
        block = block.replace(b"\r", b"\n")
    block = FOLD.sub(b"", block).translate(None, CONTROL_BYTES).replace(b"\r", b"")
    fields: list[Field] = []
    for line in _text_of(block).split("\n"):
        name, colon, value = line.partition(":")
        name = name.rstrip(" \t")
        if colon and FIELD_NAME.fullmatch(name):
            fields.append((name.lower(), value[:VALUE_LIMIT].strip(" \t")))
            if len(fields) == FIELD_LIMIT:
                break
    return fields


def _text_of(block: bytes) -> str:
    try:
        return block.decode("ascii")
    except UnicodeDecodeError:
        return "\n".join(decode(line, None) for line in block.split(b"\n"))


def values_of(fields: Iterable[Field], name: str) -> list[str]:
    return [value for field_name, value in fields if field_name == name]


def first(fields: Iterable[Field], name: str) -> str:
    return next((value for field_name, value in fields if field_name == name), "")


def decode_words(value: str) -> str:
    """Text of an unstructured value with encoded words decoded, also where they are broken or stand inside other text. RFC 2047.

    Words that follow each other with the same charset are decoded as one, since senders cut them inside a character.
    """
    if "=?" not in value:
        return value
    out: list[str] = []
    pending, pending_charset, pos = b"", "", 0
    while (word := WORD.search(value, pos)) and (stop := value.find("?=", word.end())) != -1:
        between = value[pos : word.start()]
        charset = word[1].lower()
        if pending_charset and (between.strip() or charset != pending_charset):
            out.append(decode(pending, pending_charset))
            pending = b""
        if not pending_charset or between.strip():
            out.append(between)
        pending, pending_charset = pending + _word_bytes(word[2], value[word.end() : stop]), charset
        pos = stop + 2
    if pending_charset:
        out.append(decode(pending, pending_charset))
    out.append(value[pos:])
    return one_line("".join(out))


def _word_bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(raw.replace(b"_", b" "), header=True)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return b""


def one_line(text: str) -> str:
    """Text of a header as one line without control characters."""
    return clean(text.replace("\r", " ").replace("\n", " ").replace("\t", " "))


def message_ids(value: str) -> tuple[str, ...]:
    """The message ids in a value, without <>, in order, each once. RFC 5322 3.6.4."""
    found = MESSAGE_ID.findall(value) or value.split()
    ids = ("".join(text.split()).strip("<>") for text in found[:IDS_LIMIT])
    return tuple(dict.fromkeys(text for text in ids if text))


def parse_date(value: str) -> datetime | None:
    """The moment a Date field names, in UTC. None for a missing or unreadable date. RFC 5322 3.3."""
    try:
        parsed = parsedate_tz(value[:100])
        if parsed is None:
            return None
        return datetime(*parsed[:6], tzinfo=UTC) - timedelta(seconds=parsed[9] or 0)  # type: ignore[misc]
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
