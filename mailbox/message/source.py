"""The source of a message for people's eyes: all its header fields, and its first bytes as text. Pure.

Nothing is hidden and nothing acts: bytes that are no UTF-8 stand as `\\xNN`, control characters as their pictures, and what turns the
direction of text or has no width as its number.
"""

import re
from dataclasses import dataclass

from mailbox.message.headers import decode_words, read_headers
from mailbox.message.ses_block import fields_of_ses
from mailbox.message.unseen import UNSEEN

SHOWN_BYTES = 200_000
FIELDS_SHOWN, VALUE_SHOWN = 500, 4_000

# With C0 but tab and line feed, DEL, C1, line separators, surrogates
SHOWN_BY_NAME = re.compile(f"[{UNSEEN}\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
PICTURES = 0x2400  # of the control characters, in their order


@dataclass(frozen=True, slots=True)
class HeaderField:
    name: str
    value: str  # encoded words decoded
    by_ses: bool


@dataclass(frozen=True, slots=True)
class Source:
    fields: list[HeaderField]
    more_fields: int
    text: str
    cut: bool  # the text is not all of the message


def source_of(raw: bytes, *, received: bool) -> Source:
    """`received`: SES itself stored these bytes, so that what looks like its block is its block. `raw` may be cut."""
    headers = read_headers(raw, 0, len(raw))
    by_ses = fields_of_ses(headers.fields) if received else 0
    shown = enumerate(headers.fields[:FIELDS_SHOWN])
    fields = [HeaderField(visible(name), one_line_visible(value), place < by_ses) for place, (name, value) in shown]
    text = raw[:SHOWN_BYTES].decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    return Source(fields, max(0, len(headers.fields) - FIELDS_SHOWN), visible(text), len(raw) > SHOWN_BYTES)


def one_line_visible(value: str) -> str:
    text = decode_words(value).strip("\n")
    return visible(text[:VALUE_SHOWN]).replace("\n", "\u240a").replace("\t", " ") + ("…" if len(text) > VALUE_SHOWN else "")


def visible(text: str) -> str:
    return SHOWN_BY_NAME.sub(lambda found: _picture(ord(found[0])), text)


def _picture(code: int) -> str:
    if code < 0x20:
        return chr(PICTURES + code)
    return "\u2421" if code == 0x7F else f"‹U+{code:04X}›"
