"""The header block of a message or part: fields, encoded words, ids and dates. RFC 5322, 2047.

The block is whatever stands before the first empty line; lines in it that are no fields are skipped, not taken for the start of the
body. Values are unfolded text in which encoded words still stand; 8-bit bytes, legal or not, are already characters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from mailbox.message.charsets import Fallback, clean, decode, is_jis
from mailbox.message.transfer import decode_word

Field = tuple[str, str]

BLOCK_LIMIT = 1 << 19
FIELD_LIMIT = 10_000
IDS_LIMIT = 1_000

BLANK_LINE = re.compile(rb"\n\r*\n")
# Charset (a language after `*` is dropped), encoding, text. A word that is not closed before another opens is plain text.
WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,60})?\?([bBqQ])\?((?:[^?=]++|=(?!\?(?!=))|\?(?!=))*+)\?=")
RAW_WORD = re.compile(rb"=\?[^?\s]{1,60}\?[qQ]\?[^?]*\?=")
STRAY_LINE = re.compile(rb"^(?![ \t])(?![!-9;-~]+[ \t]*:)", re.MULTILINE)
EIGHT_BIT = re.compile(rb"[\x80-\xff]")
DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
MESSAGE_ID = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one block in order, names in lower case. `start` is where the body begins, `cut` says that fields are missing."""

    fields: list[Field]
    by_name: dict[str, list[str]]
    start: int
    cut: bool

    def first(self, name: str) -> str:
        values = self.by_name.get(name)
        return values[0] if values else ""

    def all(self, name: str) -> list[str]:
        return self.by_name.get(name, [])


def read_headers(raw: bytes, start: int, end: int, fallback: Fallback | None = None, limit: int = FIELD_LIMIT) -> Headers:
    """The headers of the entity in raw[start:end]. Without an empty line the body begins at the first line that is no field."""
    block_end, body = _block(raw, start, end)
    block = raw[start : min(block_end, start + BLOCK_LIMIT)]
    fields = list(_fields(block, fallback, limit))
    if not fields or block_end == end:
        stray = STRAY_LINE.search(block)
        body = start + stray.start() if stray and stray.start() < len(block) else body
    by_name: dict[str, list[str]] = {}
    for name, value in fields:
        by_name.setdefault(name, []).append(value)
    return Headers(fields, by_name, body, cut=block_end - start > BLOCK_LIMIT or len(fields) == limit)


def _block(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block ends and where the body begins."""
    for line_end in (b"\n", b"\r\n"):
        if raw.startswith(line_end, start, end):
            return start, start + len(line_end)
    blank = BLANK_LINE.search(raw, start, min(end, start + BLOCK_LIMIT))
    if blank is not None:
        return blank.start(), blank.end()
    found = [(at, at + len(gap)) for gap in (b"\n\n", b"\n\r\n") if (at := raw.find(gap, start + BLOCK_LIMIT - 1, end)) != -1]
    return min(found, default=(end, end))


def _fields(block: bytes, fallback: Fallback | None, limit: int) -> Iterator[Field]:
    for line in _lines(block.replace(b"\r\n", b"\n").replace(b"\n ", b" ").replace(b"\n\t", b"\t"), fallback, limit):
        name, colon, value = line.partition(":")
        name = name.rstrip(" \t")
        if colon and name and " " not in name and name.isascii() and name.isprintable():
            yield name.lower(), value.strip(" \t\r\n")


def _lines(block: bytes, fallback: Fallback | None, limit: int) -> list[str]:
    if block.isascii() and not is_jis(block):
        return block.decode("ascii").split("\n", limit)[:limit]
    return [_text_of(line, fallback) for line in block.split(b"\n", limit)[:limit]]


def _text_of(line: bytes, fallback: Fallback | None) -> str:
    """Text of a line that may hold 8-bit bytes, or Japanese in seven; what stands in an encoded word is left to its own charset."""
    if line.isascii():
        return decode(line, "") if is_jis(line) else line.decode("ascii")
    escaped = RAW_WORD.sub(lambda word: EIGHT_BIT.sub(lambda byte: b"=%02X" % byte[0][0], word[0]), line)
    return escaped.decode("ascii") if escaped.isascii() else decode(escaped, "", fallback)


def decode_words(value: str) -> str:
    """A value with its encoded words decoded, also where they are broken or stand inside other text. RFC 2047.

    Words that follow each other in one charset are decoded as one, since senders cut them inside a character.
    """
    if "=?" not in value:
        return value
    out: list[str] = []
    pending: list[bytes] = []
    charset, pos = "", 0
    for word in WORD.finditer(value):
        between = value[pos : word.start()]
        apart = bool(between.strip())
        if pending and (apart or word[1] != charset):
            out.append(decode(b"".join(pending), charset))
        if apart or not pending:
            out.append(between)
        if apart or word[1] != charset:
            pending.clear()
        pending.append(decode_word(word[3].encode("utf-8", "replace"), word[2]))
        charset, pos = word[1], word.end()
    out.append(decode(b"".join(pending), charset))
    out.append(value[pos:])
    return "".join(out)


def one_line(text: str) -> str:
    """Text as one line without control characters."""
    return text if text.isprintable() else clean(text.replace("\r", " ").replace("\n", " ").replace("\t", " "))


def plain(value: str) -> str:
    """A value as text: encoded words decoded, on one line."""
    return one_line(decode_words(value)) if "=?" in value or not value.isprintable() else value


def readable(value: str) -> str:
    """A name or subject for people: as `plain`, with single spaces, and nothing that turns the direction of the text around it."""
    text = plain(value)
    return " ".join((text if text.isascii() else DIRECTIONS.sub("", text)).split())


def message_ids(value: str) -> tuple[str, ...]:
    """The message ids in a value, without <>, in order. Without any brackets, the words that could be ids. RFC 5322 3.6.4."""
    found = MESSAGE_ID.findall(value)
    if not found:
        words = value.split()
        found = words if len(words) == 1 else [word for word in words if "@" in word]
    ids = ("".join(one_line(text).split()).strip("<>") for text in found[:IDS_LIMIT])
    return tuple(text for text in ids if text)


def parse_date(value: str) -> datetime | None:
    """The moment a date field names, in UTC. None for a missing or unreadable date. RFC 5322 3.3."""
    try:
        parsed = parsedate_tz(value[:100])
        if parsed is None:
            return None
        year, month, day, hour, minute, second = parsed[:6]
        local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)  # 60 is a leap second
        return local - timedelta(seconds=parsed[9] or 0)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
