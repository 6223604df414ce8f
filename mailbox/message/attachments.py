"""Attachments: every leaf part that is no body, and the names under which they may be offered for download. RFC 2183, 6266.

The name a sender gives is never a path: `safe_filename` makes one harmless basename of it.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import quote

FILENAME_LIMIT = 150

INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
SEPARATORS = re.compile(r"[\\/]")
FORBIDDEN = re.compile(r'[:*?"<>|]')
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|\Z)", re.IGNORECASE)  # devices of Windows, whatever their extension
NOT_ASCII = re.compile(r"[^ -~]")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message. `inline` says that the HTML shows it by its Content-ID. RFC 2392."""

    part_number: str
    filename: str
    content_type: str
    content_id: str
    inline: bool
    content: bytes = field(repr=False)

    @property
    def size(self) -> int:
        return len(self.content)


def safe_filename(name: str) -> str:
    """One basename that every file system takes: no path, no control or direction characters, at most 150 characters, never empty."""
    name = SEPARATORS.split(INVISIBLE.sub("", name))[-1]
    name = FORBIDDEN.sub("_", name).strip(". ")
    if len(name) > FILENAME_LIMIT:
        stem, dot, extension = name.rpartition(".")
        keep = extension[:20] if dot else ""
        name = f"{(stem or name)[: FILENAME_LIMIT - len(keep) - 1]}{dot}{keep}"
    return f"_{name}" if RESERVED.match(name) else name or "attachment"


def content_disposition(filename: str) -> str:
    """A Content-Disposition value that makes browsers save under this name: ASCII fallback and UTF-8 form. RFC 6266."""
    name = safe_filename(filename)
    fallback = NOT_ASCII.sub("_", name).replace("\\", "_").replace('"', "_").replace("%", "_")
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"
