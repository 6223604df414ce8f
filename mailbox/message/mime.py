"""The tree of a message's parts, walked over the raw bytes. RFC 2045, 2046.

Yields leaves only: a message/rfc822 is one leaf and is not entered. Depth, number of parts and bytes searched are bounded; what lies
beyond stays together as one leaf, so that nothing is lost, and `defects` says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from mailbox.message.charsets import Fallback
from mailbox.message.headers import Headers, read_headers
from mailbox.message.parameters import parse_parameters
from mailbox.message.transfer import decode_transfer

DEPTH_LIMIT = 120
PART_LIMIT = 1_000
HEADER_BYTES_LIMIT = 4_000_000
SEARCH_LIMIT = 160_000_000
PART_FIELD_LIMIT = 100
LINE_LIMIT = 1_000
TRIES_LIMIT = 100_000
SNIFF_LIMIT = 1 << 16
TOO_MUCH = "The message has more parts than are read; the rest is kept as one attachment."

DELIMITER_OF_SOME_PART = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\n(?=content-)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """A MIME entity: what its headers say and where its body lies in the raw message."""

    part_number: str
    content_type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    content_id: str
    transfer_encoding: str
    start: int
    end: int


def part_of(headers: Headers, part_number: str, end: int, default: str = "text/plain") -> Part:
    content_type, parameters = parse_parameters(headers.first("content-type"))
    disposition, disposition_parameters = parse_parameters(headers.first("content-disposition"))
    filename = disposition_parameters.get("filename") or parameters.get("name", "")
    if not content_type:
        content_type = default
    elif content_type.count("/") != 1:
        content_type = "application/octet-stream" if filename and content_type != "text" else "text/plain"
    return Part(
        part_number=part_number,
        content_type=content_type,
        parameters=parameters,
        disposition=disposition,
        filename=filename,
        content_id=headers.first("content-id").strip("<> \t"),
        transfer_encoding=headers.first("content-transfer-encoding"),
        start=headers.start,
        end=end,
    )


@dataclass(slots=True)
class Walker:
    """One walk over one message."""

    raw: bytes
    fallback: Fallback
    defects: list[str] = field(default_factory=list)
    parts: int = 0
    header_bytes: int = 0
    searched: int = 0
    tries: int = 0

    def leaves(self, part: Part, depth: int = 0) -> Iterator[Part]:
        """The leaves below this part in order; the part itself when it is one."""
        if not part.content_type.startswith("multipart/"):
            yield part
        elif self._is_too_much(part, depth):
            yield self._opaque(part, part.start)
        else:
            yield from self._children(part, depth)

    def content(self, leaf: Part) -> bytes:
        return decode_transfer(self.raw[leaf.start : leaf.end], leaf.transfer_encoding)

    def _is_too_much(self, part: Part, depth: int) -> bool:
        self.searched += part.end - part.start
        return depth >= DEPTH_LIMIT or self.searched > SEARCH_LIMIT

    def _opaque(self, part: Part, start: int) -> Part:
        self.defects.append(TOO_MUCH)
        return replace(part, content_type="application/octet-stream", disposition="attachment", transfer_encoding="", start=start)

    def _children(self, part: Part, depth: int) -> Iterator[Part]:
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        prefix = f"{part.part_number}." if part.part_number else ""
        number = 0
        for number, (start, end) in enumerate(self._spans(part), 1):
            if self.parts >= PART_LIMIT or self.header_bytes > HEADER_BYTES_LIMIT:
                yield self._opaque(part, start)
                return
            headers = read_headers(self.raw, start, end, self.fallback, PART_FIELD_LIMIT)
            self.parts += 1
            self.header_bytes += headers.start - start
            yield from self.leaves(part_of(headers, f"{prefix}{number}", end, default), depth + 1)
        if not number:
            self.defects.append("A multipart holds no parts.")
            if not depth:
                yield replace(part, content_type="text/plain")

    def _spans(self, part: Part) -> Iterator[tuple[int, int]]:
        """Where the parts lie. A part that follows the closing delimiter counts too: nested multiparts of one boundary end so."""
        begin = -1
        for at, after, closing in self._delimiters(part):
            if begin != -1:
                yield begin, max(begin, self._before_break(at))
            begin = -1 if closing else after
        if begin != -1:
            self.defects.append("A multipart is not closed.")
            yield begin, part.end

    def _delimiters(self, part: Part) -> Iterator[tuple[int, int, bool]]:
        """The delimiter lines of a multipart: where each starts, where the next line starts, whether it is the closing one."""
        boundary = self._boundary(part)
        delimiter = b"\n--" + boundary
        pos = part.start - 1
        while boundary and (at := self.raw.find(delimiter, pos, part.end)) != -1:
            self.tries += 1
            if self.tries > TRIES_LIMIT:
                self.defects.append(TOO_MUCH)
                return
            pos = at + len(delimiter)
            rest, line_end = self._rest_of_line(pos, part.end)
            if rest in (b"", b"--"):
                pos = line_end
                yield at + 1, min(line_end + 1, part.end), rest == b"--"

    def _rest_of_line(self, pos: int, end: int) -> tuple[bytes, int]:
        """What stands on the line from `pos` on, and where the line ends; a long line is cut."""
        at = self.raw.find(b"\n", pos, min(pos + LINE_LIMIT, end))
        line_end = min(pos + LINE_LIMIT, end) if at == -1 else at
        return self.raw[pos:line_end].strip(), line_end

    def _boundary(self, part: Part) -> bytes:
        """The boundary as labelled, or, when no line has it, the one that the first part seems to start with."""
        boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
        if boundary and self.raw.find(b"\n--" + boundary, part.start - 1, part.end) != -1:
            return boundary
        found = DELIMITER_OF_SOME_PART.search(self.raw, part.start, min(part.end, part.start + SNIFF_LIMIT))
        return found[1] if found else b""

    def _before_break(self, at: int) -> int:
        """The line break before a delimiter belongs to the delimiter."""
        return at - 2 if self.raw[at - 2 : at] == b"\r\n" else at - 1
