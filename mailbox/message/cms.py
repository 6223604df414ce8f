"""The content inside S/MIME's signed data, where a signature is wrapped around a mail instead of standing below it. RFC 5652, X.690.

Only the way down to that content is read; certificates and signatures are not looked at. Nothing raises, and no element is read twice.
"""

from dataclasses import dataclass

SEQUENCE, SET, CONTEXT_0, INTEGER, IDENTIFIER = 0x30, 0x31, 0xA0, 0x02, 0x06
OCTETS, OCTETS_IN_PIECES = 0x04, 0x24
INDEFINITE = 0x80
END_OF_CONTENTS = b"\0\0"
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
DEPTH_LIMIT = 10
ELEMENTS_LIMIT = 100_000  # programs write the content in pieces of a kilobyte or more


class Malformed(ValueError):
    """The bytes are no signed data; never leaves this module."""


def is_signed_data(raw: bytes) -> bool:
    """Whether a pkcs7-mime body is a mail with its signature. Its label `smime-type` is often missing or wrong; the bytes say it."""
    return SIGNED_DATA in raw[:24]


def signed_content(raw: bytes) -> bytes | None:
    """The MIME entity that was signed; None for other data, for a signature without its content, and for what is damaged before it."""
    if not is_signed_data(raw):
        return None
    cursor = Cursor(raw)
    try:
        for step in (SEQUENCE, -IDENTIFIER, CONTEXT_0, SEQUENCE, -INTEGER, -SET, SEQUENCE, -IDENTIFIER, CONTEXT_0):
            if step > 0:
                cursor.enter(step)
            else:
                cursor.skip(-step)
        return cursor.octets()
    except (Malformed, IndexError):
        return None


@dataclass(slots=True)
class Cursor:
    """A place among the elements. Lengths may be given or be marked by their end."""

    raw: bytes
    position: int = 0
    entered: int = 0

    def enter(self, tag: int) -> int | None:
        """Step over the head of an element with this tag; the length of what follows, or None where its end is marked."""
        self.entered += 1
        if self.raw[self.position] != tag or self.entered > ELEMENTS_LIMIT:
            raise Malformed
        length = self.raw[self.position + 1]
        self.position += 2
        if length == INDEFINITE:
            return None
        if length < INDEFINITE:
            return length
        size = length - INDEFINITE
        length = int.from_bytes(self.raw[self.position : self.position + size])
        self.position += size
        if size > 8 or length > len(self.raw) - self.position:
            raise Malformed
        return length

    def skip(self, tag: int, depth: int = 0) -> None:
        length = self.enter(tag)
        if length is not None:
            self.position += length
        elif depth > DEPTH_LIMIT:
            raise Malformed
        else:
            while not self._at_end_of_contents():
                self.skip(self.raw[self.position], depth + 1)
            self.position += 2

    def octets(self) -> bytes:
        """The octet string here, whole or in pieces."""
        if self.raw[self.position] == OCTETS:
            return self._piece()
        length = self.enter(OCTETS_IN_PIECES)
        end = len(self.raw) if length is None else self.position + length
        pieces: list[bytes] = []
        while self.position < end and not (length is None and self._at_end_of_contents()):
            pieces.append(self._piece())
        return b"".join(pieces)

    def _piece(self) -> bytes:
        length = self.enter(OCTETS)
        if length is None:
            raise Malformed
        self.position += length
        return self.raw[self.position - length : self.position]

    def _at_end_of_contents(self) -> bool:
        return self.raw[self.position : self.position + 2] == END_OF_CONTENTS
