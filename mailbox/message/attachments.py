"""Attachments: every leaf part that is no body, and the names under which they may be offered for download. RFC 2183, 6266.

The name a sender gives is never a path: `safe_filename` makes one harmless basename of it, `download_name` makes one for files without.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from mailbox.message.filetypes import file_type
from mailbox.message.headers import read_headers, readable
from mailbox.message.unseen import UNSEEN

FILENAME_LIMIT = 150
EXTENSION_LIMIT = 20
HEAD_LOOKED_AT = 1 << 15  # bytes of an attached message in which its subject is looked for
CALLED = {"pdf": "document", "office": "document", "web page": "page", "disk image": "disk"}  # a nameless file of this family

NOT_IN_NAMES = re.compile(f"[{UNSEEN}\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
BLANKS = re.compile(r"\s{3,}")  # enough of them push the extension out of sight
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
    return _basename(name) or "attachment"


def _basename(name: str) -> str:
    name = SEPARATORS.split(NOT_IN_NAMES.sub("", name))[-1]
    name = BLANKS.sub("  ", FORBIDDEN.sub("_", name)).strip(". ")
    return _cut(f"_{name}" if RESERVED.match(name) else name)


def _cut(name: str) -> str:
    if len(name) <= FILENAME_LIMIT:
        return name
    stem, dot, extension = name.rpartition(".")
    end = f".{extension}" if dot and stem and len(extension) <= EXTENSION_LIMIT else ""
    return (stem if end else name)[: FILENAME_LIMIT - len(end)].rstrip(". ") + end


def download_name(attachment: Attachment) -> str:
    """The name it is saved under. A message is called by its subject, any other file without a name by what it is."""
    return _basename(attachment.filename) or _name_by_content(attachment)


def _name_by_content(attachment: Attachment) -> str:
    if attachment.content_type == "message/rfc822":
        headers = read_headers(attachment.content, 0, min(len(attachment.content), HEAD_LOOKED_AT))
        return named_after(readable(headers.first("subject")), "eml")
    kind = file_type(attachment.content)
    return f"{CALLED.get(kind.family, kind.family) or 'attachment'}.{kind.extension or 'dat'}"


def named_after(subject: str, extension: str) -> str:
    """The name of a whole message as a file."""
    return safe_filename(f"{SEPARATORS.sub('-', subject).strip('. ') or 'message'}.{extension}")


def told_apart(names: Iterable[str]) -> Iterator[str]:
    """The same names, each only once on any disk: the second `Plan.pdf` is `Plan (2).pdf`, also where the first was `PLAN.PDF`."""
    taken: set[str] = set()
    counts: dict[str, int] = {}
    for name in names:
        stem, dot, extension = name.rpartition(".")
        number, unique = counts.get(name, 1), name
        while _on_disk(unique) in taken:
            number += 1
            unique = f"{stem} ({number}).{extension}" if dot and stem else f"{name} ({number})"
        counts[name] = number
        taken.add(_on_disk(unique))
        yield unique


def _on_disk(name: str) -> str:
    """The same for all names that some file system takes for one."""
    return unicodedata.normalize("NFC", name.casefold())


def content_disposition(filename: str) -> str:
    """A Content-Disposition value that makes browsers save under this name: ASCII fallback and UTF-8 form. RFC 6266."""
    name = safe_filename(filename)
    fallback = NOT_ASCII.sub("_", name).replace("\\", "_").replace('"', "_").replace("%", "_")
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"
