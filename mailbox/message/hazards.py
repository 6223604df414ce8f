"""What a reader is warned of before a file is saved, in plain words: programs, disguises, macros, locks, web pages. Worst first.

Told by what the file is and by the name it will have on a disk. A scan for viruses is another thing; these are its blind spots.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailbox.message.archives import Listing, names_in_7z, names_in_ole, names_in_tar, names_in_zip, start_of_gz
from mailbox.message.attachments import Attachment, download_name, safe_filename
from mailbox.message.filetypes import FAMILY_OF, FileType, extension_of, family_declared, file_type
from mailbox.message.rar import names_in_rar

HAZARDS_AT_MOST = 2

OPENED = {"program", "shortcut", "disk image", "web page"}  # what acts when it is opened
PLAIN = {"text", "mail", "calendar", "contact"}
TEXTUAL = {"html", "svg", "sh", "url", "desktop"}  # these act only under a name that says so, or none
ALIKE = {("archive", "office"), ("office", "archive"), ("mail", "office")}
LISTED = {"tar": names_in_tar, "rar": names_in_rar, "7z": names_in_7z}
ZIPS = {"zip", "docx", "xlsx", "xlsb", "pptx", "vsdx"}

HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u115f\u1160\u200b\u2028-\u202e\u2060-\u2069\u2800\u3164\uffa0\U000e0000-\U000e007f]")
FAR_RIGHT = re.compile(r"(?<!\s)\s{4,}+\.\w{1,12}\s*\Z")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MACROS_IN_OLE = ("_VBA_PROJECT".encode("utf-16-le"), "Macros".encode("utf-16-le"))
MACROS_IN_ZIP = re.compile(r"(?:vbaProject\.bin|/macrosheets/)", re.IGNORECASE)

CALLED = {
    "image": "a picture",
    "pdf": "a PDF",
    "office": "an Office document",
    "archive": "an archive",
    "media": "sound or video",
    "text": "a text",
    "mail": "a message",
    "calendar": "a calendar entry",
    "contact": "a contact",
    "web page": "a web page",
    "disk image": "a disk image",
    "shortcut": "a shortcut",
    "program": "a program",
}


@dataclass(frozen=True, slots=True)
class Hazard:
    """`label` stands beside the size of the file, `words` say what it means."""

    label: str
    words: str


ACTS = {
    "program": Hazard("program", "It is a program. It can run on your computer and do there whatever you can."),
    "shortcut": Hazard("shortcut", "It is a shortcut. It can start a program, or open a page, that it does not show."),
    "disk image": Hazard("disk image", "It opens as a disk. Programs on it can run on your computer without the usual warning."),
    "web page": Hazard("web page", "It opens as a web page from your computer. Such pages imitate sign-in pages: type no password."),
}
HIDDEN_CHARACTERS = Hazard(
    "disguised name", "Its name held hidden characters, which make a file look like another kind. They are taken out."
)
MACROS = Hazard("macros", "It holds macros: programs that run if you allow them when you open it.")
LOCKED = Hazard("locked", "It is locked with a password, so no virus scan could look into it.")


def hazards_of(attachment: Attachment, kind: FileType) -> tuple[Hazard, ...]:
    """At most two, worst first; none for an ordinary file. `kind` is its type by content."""
    name = download_name(attachment)
    listing = _listing(attachment.content, kind)
    claimed = FAMILY_OF.get(extension_of(name), "") or family_declared(attachment.content_type)
    found = [
        *_acts(kind, claimed),
        *_disguised(attachment.filename, name),
        *_misnamed(kind, claimed, named=extension_of(name) in FAMILY_OF),
        *_macros(attachment.content, kind, listing),
        *_holds_program(attachment.content, kind, listing),
        *_locked(attachment.content, kind, listing),
    ]
    return tuple(sorted(found, key=lambda hazard: hazard == ACTS["web page"]))[:HAZARDS_AT_MOST]


def _listing(content: bytes, kind: FileType) -> Listing:
    if kind.extension in ZIPS:
        return names_in_zip(content)
    if kind.extension == "gz" and file_type(start := start_of_gz(content)).extension == "tar":
        return names_in_tar(start)
    listed = LISTED.get(kind.extension)
    return listed(content) if listed else Listing()


def _acts(kind: FileType, claimed: str) -> Iterator[Hazard]:
    """It counts what a computer takes it for by its name, and what it is unless that name keeps it from acting."""
    if claimed in OPENED:
        yield ACTS[claimed]
    elif kind.family in OPENED and not (claimed and kind.extension in TEXTUAL):
        yield ACTS[kind.family]


def _disguised(given: str, name: str) -> Iterator[Hazard]:
    """`invoice.pdf.exe`, also with spaces that push its end out of sight, and names that run backwards."""
    if HIDDEN.search(given):
        yield HIDDEN_CHARACTERS
        return
    stem, _, extension = name.rpartition(".")
    inner = extension_of(stem.rstrip())
    if FAR_RIGHT.search(given) or (FAMILY_OF.get(extension.lower(), "") in OPENED and FAMILY_OF.get(inner, "web page") not in OPENED):
        yield Hazard("disguised name", f"Its name is made to look like something else: it ends in .{extension}.")


def _misnamed(kind: FileType, claimed: str, *, named: bool) -> Iterator[Hazard]:
    known = claimed and kind.family and kind.family not in PLAIN
    if not known or claimed in OPENED or kind.family == claimed or (claimed, kind.family) in ALIKE:
        return
    if claimed in PLAIN and kind.extension in TEXTUAL:
        return
    says = "Its name says" if named else "Its sender says"
    yield Hazard("not what it says", f"{says} it is {CALLED[claimed]}, but it is {CALLED[kind.family]}.")


def _macros(content: bytes, kind: FileType, listing: Listing) -> Iterator[Hazard]:
    in_zip = any(MACROS_IN_ZIP.search(name) for name in listing.names)
    if in_zip or (kind.extension in ("doc", "xls", "ppt", "ole") and any(name in names_in_ole(content) for name in MACROS_IN_OLE)):
        yield MACROS


def _holds_program(content: bytes, kind: FileType, listing: Listing) -> Iterator[Hazard]:
    on_disk = (name.rstrip(". ") for name in listing.names)
    names = [name for name in on_disk if FAMILY_OF.get(extension_of(name)) in ("program", "shortcut", "disk image")]
    if names and kind.family == "archive":
        yield Hazard("holds a program", f"It holds a program that can run on your computer: {safe_filename(names[0])}")
    elif kind.extension == "gz" and file_type(start_of_gz(content)).family == "program":
        yield Hazard("holds a program", "It holds a program that can run on your computer.")


def _locked(content: bytes, kind: FileType, listing: Listing) -> Iterator[Hazard]:
    if listing.locked or (kind.extension == "ole" and ENCRYPTED in names_in_ole(content)):
        yield LOCKED
