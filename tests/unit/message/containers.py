"""Containers for the tests of files: zips and RARs, with a lock if wanted, and compound files of the old Office."""

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


def rar_of(*names: str, locked: bool = False) -> bytes:
    """RAR 5: a main header, then a header and three bytes of data for each file."""
    extra = b"\2\1\0" if locked else b""
    blocks = [_block(b"\1\0\0")]
    for name in names:
        file = bytes([2, 3 if locked else 2, *([len(extra)] if locked else []), 3, 0, 3, 0, 0, 0, len(name)])
        blocks.append(_block(file + name.encode() + extra) + b"abc")
    return b"Rar!\x1a\7\1\0" + b"".join(blocks)


def _block(header: bytes) -> bytes:
    return b"crc." + bytes([len(header)]) + header


def old_rar_of(*names: str, locked: bool = False) -> bytes:
    """RAR 4."""
    blocks = [b"cr\x73\0\0" + (13).to_bytes(2, "little") + bytes(6)]
    for name in names:
        flags = (0x8000 | (4 if locked else 0)).to_bytes(2, "little")
        sizes = (32 + len(name)).to_bytes(2, "little") + (3).to_bytes(4, "little") + bytes(15)
        blocks.append(b"cr\x74" + flags + sizes + len(name).to_bytes(2, "little") + bytes(4) + name.encode() + b"abc")
    return b"Rar!\x1a\7\0" + b"".join(blocks)
