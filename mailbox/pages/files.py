"""The files below an open message: name, tile, size and warnings of each, without those that its frame shows as pictures."""

import re
from dataclasses import dataclass

from mailbox.message.attachments import Attachment, download_name
from mailbox.message.filetypes import FAMILY_OF, FileType, extension_of, file_type
from mailbox.message.hazards import Hazard, hazards_of
from mailbox.message.images import data_url
from mailbox.message.parse import ParsedMessage
from mailbox.message.roles import role_of
from mailbox.pages.avatars import hue

SHOWN_AT_MOST = 100

PICTURE = re.compile(r'"(data:image/[^"]+)"')


@dataclass(frozen=True, slots=True)
class File:
    number: int
    name: str
    tile: str
    hue: int
    size: int
    role: str
    hazards: tuple[Hazard, ...]


@dataclass(frozen=True, slots=True)
class Files:
    """`shown` are the first of them; `number` and `size` are of all, and are what one download of all brings."""

    shown: list[File]
    number: int
    size: int

    @property
    def more(self) -> int:
        return self.number - len(self.shown)

    @property
    def need_care(self) -> bool:
        return any(file.hazards for file in self.shown)


def files_of(parsed: ParsedMessage, *, shown_in: str) -> Files:
    """`shown_in` is the HTML of the frame, or empty."""
    files = listed(parsed, shown_in=shown_in)
    shown = [_file(number, attachment) for number, attachment in files[:SHOWN_AT_MOST]]
    return Files(shown, len(files), sum(attachment.size for _, attachment in files))


def listed(parsed: ParsedMessage, *, shown_in: str) -> list[tuple[int, Attachment]]:
    """Those that stand below the message, by their number in its address."""
    pictures = set(PICTURE.findall(shown_in))
    files = enumerate(parsed.attachments)
    return [(number, file) for number, file in files if not (pictures and file.inline and data_url(file.content) in pictures)]


def _file(number: int, attachment: Attachment) -> File:
    name, kind = download_name(attachment), file_type(attachment.content)
    tile = _tile(name, kind, attachment.content_type)
    return File(number, name, tile[:4].upper(), hue(tile), attachment.size, role_of(attachment), hazards_of(attachment, kind))


def _tile(name: str, kind: FileType, content_type: str) -> str:
    """What it is, where that is known and the name says something else; otherwise what the name says."""
    extension = extension_of(name)
    if kind.family not in ("", "text", "archive", FAMILY_OF.get(extension, "")):
        return kind.extension
    fits = extension.isalnum() and len(extension) <= 4
    return extension if fits else kind.extension or content_type.rpartition("/")[2]
