"""The names inside an archive, as far as they lie open: nothing is unpacked, and lists are read up to a bound.

What a list says is only a hint for warnings: a hostile archive may hold one thing and list another.
"""

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

NAMES_LIMIT = 1_000
NAME_LIMIT = 255  # bytes; of a longer one the end counts
WINDOW = 1 << 20  # bytes searched where an archive says nothing of where its list is
COMMENT_LIMIT = 65_557  # a zip ends with 22 bytes and a comment of up to 64 KB
DIRECTORY_LIMIT = 1 << 16
GZ_WINDOW = 1 << 12

# Flags, length of the name; the name follows. APPNOTE 4.3.7, 4.3.12.
IN_LIST = re.compile(rb"PK\x01\x02.{4}(..).{18}(..).{16}", re.DOTALL)
IN_FRONT = re.compile(rb"PK\x03\x04..(..).{18}(..)..", re.DOTALL)
OCTAL = re.compile(rb" *([0-7]+)")
LOCKED = 1
AES_IN_7Z = b"\x06\xf1\x07\x01"


@dataclass(frozen=True, slots=True)
class Listing:
    """`locked` says that a password is needed for at least one of them."""

    names: tuple[str, ...] = ()
    locked: bool = False


def names_in_zip(content: bytes) -> Listing:
    """From the list at its end, or, where that is missing, from what stands before each file."""
    end = content.rfind(b"PK\5\6", max(0, len(content) - COMMENT_LIMIT))
    start = end - int.from_bytes(content[end + 12 : end + 16], "little") if end != -1 else -1
    listing = _listing(content, IN_LIST.finditer(content, start, end)) if start >= 0 else Listing()
    return listing if listing.names else _listing(content, IN_FRONT.finditer(content, 0, WINDOW))


def _listing(content: bytes, entries: Iterable[re.Match[bytes]]) -> Listing:
    names: list[str] = []
    locked = False
    for entry in islice(entries, NAMES_LIMIT):
        name_end = entry.end() + int.from_bytes(entry[2], "little")
        names.append(content[max(entry.end(), name_end - NAME_LIMIT) : name_end].decode("utf-8", "replace"))
        locked |= bool(entry[1][0] & LOCKED)
    return Listing(tuple(names), locked)


def names_in_tar(content: bytes) -> Listing:
    """POSIX 1003.1 ustar: blocks of 512 bytes, a name and a size in octal in each header."""
    names: list[str] = []
    at = 0
    while len(names) < NAMES_LIMIT and content[at : at + 1] not in (b"", b"\0"):
        names.append(content[at : at + 100].partition(b"\0")[0].decode("utf-8", "replace"))
        size = OCTAL.match(content, at + 124, at + 136)
        if size is None:
            break
        at += 512 * (1 + (int(size[1], 8) + 511) // 512)
    return Listing(tuple(names))


def names_in_7z(content: bytes) -> Listing:
    """No names, since its list is compressed; but whether that list is encrypted. 7zFormat.txt."""
    start = 32 + int.from_bytes(content[12:20], "little")
    size = int.from_bytes(content[20:28], "little")
    return Listing(locked=AES_IN_7Z in content[start : start + min(size, WINDOW)])


def start_of_gz(content: bytes) -> bytes:
    """The first bytes of what it holds; empty where they cannot be read. RFC 1952."""
    try:
        return zlib.decompressobj(wbits=31).decompress(content[:GZ_WINDOW], GZ_WINDOW)
    except zlib.error:
        return b""


def names_in_ole(content: bytes) -> bytes:
    """The part of a compound file that holds its directory: names in UTF-16. MS-CFB 2.2, 2.6."""
    size = 1 << min(content[30], 16) if len(content) > 30 else 512
    start = (int.from_bytes(content[48:52], "little") + 1) * size
    return content[start : start + DIRECTORY_LIMIT]
