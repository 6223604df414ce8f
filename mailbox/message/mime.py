"""The tree of a message's parts, walked over the raw bytes in linear time. RFC 2045, 2046.

Yields leaves only: a message/rfc822 is one leaf and is not entered. Depth and number of parts are bounded; what lies beyond stays
together as one leaf, so that nothing is lost. The body of a leaf is decoded when asked for.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailbox.message.headers import Field, first, header_end, read_fields
from mailbox.message.parameters import parse_parameters

DEPTH_LIMIT = 30
PART_LIMIT = 1_000
PART_HEADER_LIMIT = 1 << 16

NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


@dataclass(frozen=True, slots=True)
class Entity:
    """A MIME entity: its fields and where its body lies in the raw message."""

    part_number: str
    fields: list[Field]
    start: int
    end: int
    content_type: str
    parameters: dict[str, str]
    disposition: str
    disposition_parameters: dict[str, str]

    @property
    def filename(self) -> str:
        return self.disposition_parameters.get("filename") or self.parameters.get("name") or ""

    @property
    def content_id(self) -> str:
        return first(self.fields, "content-id").strip("<> \t")


class Walker:
    """One walk over one message; `defects` says what was odd."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.defects: list[str] = []
        self.count = 0

    def leaves(self, fields: list[Field], start: int) -> Iterator[Entity]:
        yield from self._walk(_entity("", fields, start, len(self.raw), "text/plain"), 0)

    def _walk(self, entity: Entity, depth: int) -> Iterator[Entity]:
        if not entity.content_type.startswith("multipart/"):
            yield self._leaf(entity)
            return
        if depth == DEPTH_LIMIT:
            self.defects.append(f"Parts nested deeper than {DEPTH_LIMIT} are kept as one attachment.")
            yield self._leaf(entity)
            return
        spans = list(self._spans(entity))
        if not spans:
            self.defects.append("A multipart without its boundary is read as text.")
            yield self._leaf(_entity(entity.part_number, [], entity.start, entity.end, "text/plain"))
        default = "message/rfc822" if entity.content_type == "multipart/digest" else "text/plain"
        prefix = f"{entity.part_number}." if entity.part_number else ""
        for number, (start, end) in enumerate(spans, 1):
            block_end, body = header_end(self.raw, start, end)
            fields = read_fields(self.raw[start : min(block_end, start + PART_HEADER_LIMIT)])
            yield from self._walk(_entity(f"{prefix}{number}", fields, body, end, default), depth + 1)

    def _leaf(self, entity: Entity) -> Entity:
        self.count += 1
        return entity

    def _spans(self, entity: Entity) -> Iterator[tuple[int, int]]:
        boundary = entity.parameters.get("boundary", "").rstrip()
        if not boundary:
            return
        delimiter = b"--" + boundary.encode("utf-8", "replace")
        begin, pos = -1, entity.start
        while (at := self.raw.find(delimiter, pos, entity.end)) != -1:
            pos = at + len(delimiter)
            if at > entity.start and self.raw[at - 1] not in b"\r\n":
                continue
            line_end = _line_end(self.raw, pos, entity.end)
            tail = self.raw[pos : min(line_end, pos + 100)].strip()
            if tail not in (b"", b"--"):
                continue
            if begin != -1:
                yield begin, _before_break(self.raw, at, begin)
            if tail == b"--":
                return
            begin = pos = min(line_end + 1, entity.end)
            if self.count >= PART_LIMIT:
                break
        if begin != -1:
            if pos < entity.end and self.count < PART_LIMIT:
                self.defects.append("A multipart has no closing boundary.")
            yield begin, entity.end


def _line_end(raw: bytes, pos: int, end: int) -> int:
    at = raw.find(b"\n", pos, end)
    return end if at == -1 else at


def _before_break(raw: bytes, at: int, begin: int) -> int:
    """The line break before a delimiter belongs to the delimiter."""
    if at > begin and raw[at - 1 : at] == b"\n":
        at -= 1
    if at > begin and raw[at - 1 : at] == b"\r":
        at -= 1
    return at


def _entity(part_number: str, fields: list[Field], start: int, end: int, default: str) -> Entity:
    content_type, parameters = parse_parameters(first(fields, "content-type"))
    disposition, disposition_parameters = parse_parameters(first(fields, "content-disposition"))
    if content_type.count("/") != 1:
        content_type = default if not content_type else "text/plain"
    return Entity(part_number, fields, start, end, content_type, parameters, disposition, disposition_parameters)


def content_of(raw: bytes, entity: Entity) -> bytes:
    """The body of a leaf with its transfer encoding undone, as far as it can be. RFC 2045 section 6."""
    body = raw[entity.start : entity.end]
    encoding = first(entity.fields, "content-transfer-encoding").strip(" \t;\"'").lower()
    if encoding == "base64":
        return decode_base64(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return decode_uu(body)
    return body


def decode_base64(body: bytes) -> bytes:
    """Tolerates foreign characters, padding in the middle and a cut end."""
    try:
        if b"=" not in body.rstrip(b"=\r\n \t"):
            return base64.b64decode(body)
    except binascii.Error:
        pass
    out = []
    for run in body.split(b"="):
        run = NOT_BASE64.sub(b"", run)
        run = run[: -1 or None] if len(run) % 4 == 1 else run
        out.append(base64.b64decode(run + b"=" * (-len(run) % 4)))
    return b"".join(out)


def decode_uu(body: bytes) -> bytes:
    out = []
    for line in body.splitlines():
        if line.startswith(b"begin ") or line == b"end":
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(out)
