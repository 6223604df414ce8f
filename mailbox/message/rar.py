"""The names inside a RAR archive of either format, and whether it is locked. Headers only, up to a bound; nothing is unpacked.

Formats: unrar's technote.txt (RAR 4), rarlab.com/technote.htm (RAR 5).
"""

from collections.abc import Iterator

from mailbox.message.archives import NAME_LIMIT, NAMES_LIMIT, Listing

OLD, NEW = b"Rar!\x1a\7\0", b"Rar!\x1a\7\1\0"
BLOCKS_LIMIT = 2 * NAMES_LIMIT

Entry = tuple[str, bool]


def names_in_rar(content: bytes) -> Listing:
    entries = list(_new(content) if content.startswith(NEW) else _old(content) if content.startswith(OLD) else ())
    return Listing(tuple(name for name, _ in entries if name), any(locked for _, locked in entries))


def _old(content: bytes) -> Iterator[Entry]:
    at = len(OLD)
    for _ in range(BLOCKS_LIMIT):
        kind, flags, size = content[at + 2 : at + 3], _number(content, at + 3, 2), _number(content, at + 5, 2)
        if size < 7 or (kind == b"\x73" and flags & 0x80):
            yield "", bool(kind == b"\x73" and flags & 0x80)  # the headers themselves are encrypted
            return
        if kind == b"\x74":
            start = at + (40 if flags & 0x100 else 32)
            yield _name(content, start, _number(content, at + 26, 2)), bool(flags & 4)
        at += size + (_number(content, at + 7, 4) if flags & 0x8000 else 0)


def _new(content: bytes) -> Iterator[Entry]:
    at = len(NEW)
    for _ in range(BLOCKS_LIMIT):
        size, at = _vint(content, at + 4)
        end = at + size
        kind, at = _vint(content, at)
        if kind == 4 or not 0 < size <= len(content):
            yield "", kind == 4  # the headers themselves are encrypted
            return
        flags, at = _vint(content, at)
        extra, at = _vint(content, at) if flags & 1 else (0, at)
        data, at = _vint(content, at) if flags & 2 else (0, at)
        if kind == 2:
            yield _file_name(content, at), _is_encrypted(content, end - extra, end)
        at = end + data


def _file_name(content: bytes, at: int) -> str:
    flags, at = _vint(content, at)
    for _ in ("size", "attributes"):
        _, at = _vint(content, at)
    at += (4 if flags & 2 else 0) + (4 if flags & 4 else 0)  # time and checksum
    for _ in ("compression", "system"):
        _, at = _vint(content, at)
    length, at = _vint(content, at)
    return _name(content, at, length)


def _is_encrypted(content: bytes, at: int, end: int) -> bool:
    """Whether a record of the extra area says so: it is the first there."""
    if at == end:
        return False
    _, at = _vint(content, at)
    return _vint(content, at)[0] == 1


def _name(content: bytes, start: int, length: int) -> str:
    """Up to a zero byte, after which RAR 4 repeats it in another encoding; of a long one the end."""
    name = content[start : start + min(length, 1 << 16)].partition(b"\0")[0]
    return name[-NAME_LIMIT:].decode("utf-8", "replace")


def _number(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size], "little")


def _vint(content: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and where it ends."""
    value = 0
    for shift, byte in enumerate(content[at : at + 10]):
        value |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            return value, at + shift + 1
    return 0, at + 10
