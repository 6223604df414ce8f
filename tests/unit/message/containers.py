"""Containers for the tests of files: zips, with a lock if wanted, and compound files of the old Office."""

import io
import zipfile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECTOR = 512


def zip_of(*names: str, locked: bool = False, comment: bytes = b"") -> bytes:
    """A zip that holds a few bytes under each name. A lock is a flag beside each name; nothing here is encrypted."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = comment
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), f"{name} itself")
    content = bytearray(out.getvalue())
    for magic, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        at = content.find(magic)
        while locked and at != -1:
            content[at + offset] |= 1
            at = content.find(magic, at + 1)
    return bytes(content)


def ole_of(*names: str, root_class: bytes = bytes(16)) -> bytes:
    """A compound file whose directory, its second sector, has these names. MS-CFB 2.2, 2.6."""
    header = bytearray(OLE.ljust(SECTOR, b"\0"))
    header[30], header[48] = 9, 1
    entries = b"".join(_entry(name, root_class if name == "Root Entry" else bytes(16)) for name in ("Root Entry", *names))
    return bytes(header) + bytes(SECTOR) + entries


def _entry(name: str, class_id: bytes) -> bytes:
    text = name.encode("utf-16-le")
    return (text.ljust(64, b"\0") + (len(text) + 2).to_bytes(2, "little") + bytes(14) + class_id).ljust(128, b"\0")
