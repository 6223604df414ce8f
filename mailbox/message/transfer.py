"""Content transfer encodings undone, as far as they can be: base64, quoted-printable, uuencode. RFC 2045 section 6. Never raises."""

import binascii
import re
import string
from itertools import islice

RUNS_LIMIT = 1_000
LINES_LIMIT = 1_000_000

BASE64 = string.ascii_letters + string.digits + "+/="
NOT_BASE64 = bytes(set(range(256)) - set(BASE64.encode()))
UU_LINE = re.compile(rb"[^\r\n]+")
UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} .*\n", re.MULTILINE)


def decode_transfer(body: bytes, encoding: str) -> bytes:
    """The bytes a body stands for; with an unknown encoding it is taken as it is."""
    match encoding.partition(";")[0].strip(" \t\"'").lower():
        case "base64":
            return decode_base64(body)
        case "quoted-printable":
            return binascii.a2b_qp(body)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return decode_uuencode(body)
    return body


def decode_base64(text: bytes) -> bytes:
    """Tolerates foreign characters, padding in the middle, missing padding and a cut end."""
    text = text.translate(None, NOT_BASE64).rstrip(b"=")
    if b"=" not in text:
        return _decoded_run(text)
    *runs, rest = text.split(b"=", RUNS_LIMIT)
    return b"".join(map(_decoded_run, [*runs, rest.replace(b"=", b"")]))


def _decoded_run(run: bytes) -> bytes:
    if len(run) % 4 == 1:  # half a byte is left over
        run = run[:-1]
    return binascii.a2b_base64(run + b"=" * (-len(run) % 4))


def decode_word(text: bytes, encoding: str) -> bytes:
    """The bytes of an encoded word: B is base64, Q is quoted-printable with `_` for a space. RFC 2047 section 4."""
    return decode_base64(text) if encoding in "bB" else binascii.a2b_qp(text, header=True)


def decode_uuencode(body: bytes) -> bytes:
    """The file between `begin` and `end`; of damaged lines what can be read."""
    begin = UU_BEGIN.search(body)
    decoded = bytearray()
    for line in islice(UU_LINE.finditer(body, begin.end() if begin else 0), LINES_LIMIT):
        if line[0].startswith(b"end"):
            break
        length = (line[0][0] - 32) & 63
        try:
            decoded += binascii.a2b_uu(line[0][: (length * 4 + 5) // 3 + 1])
        except binascii.Error:
            continue
    return bytes(decoded)
