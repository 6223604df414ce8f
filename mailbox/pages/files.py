"""The files below an open message: name, tile and size of each, without those that its frame shows as pictures."""

from dataclasses import dataclass

from mailbox.message.attachments import Attachment, safe_filename
from mailbox.message.images import data_url
from mailbox.message.parse import ParsedMessage
from mailbox.pages.avatars import hue


@dataclass(frozen=True, slots=True)
class File:
    number: int
    name: str
    tile: str
    hue: int
    size: int


def files_of(parsed: ParsedMessage, *, shown_in: str) -> list[File]:
    """`shown_in` is the HTML of the frame, or empty."""
    return [_file(number, file) for number, file in enumerate(parsed.attachments) if not _stands_in(shown_in, file)]


def _stands_in(html: str, attachment: Attachment) -> bool:
    """Whether the frame shows it as a picture: it does so only for some types, and only up to a size."""
    return attachment.inline and bool(address := data_url(attachment.content)) and address in html


def _file(number: int, attachment: Attachment) -> File:
    name = safe_filename(attachment.filename)
    stem, dot, extension = name.rpartition(".")
    tile = extension if dot and stem and extension.isalnum() and len(extension) <= 4 else attachment.content_type.rpartition("/")[2]
    return File(number, name, tile[:4].upper(), hue(tile.lower()), attachment.size)
