"""The content inside signed data of S/MIME."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbox.message.cms import SIGNED_DATA, signed_content
from mailbox.message.parse import parse
from tests.mails import mail

VERSION = b"\x02\x01\x01"


def element(tag: int, content: bytes) -> bytes:
    size = len(content).to_bytes(4)
    return bytes([tag, 0x84]) + size + content


def endless(tag: int, content: bytes) -> bytes:
    return bytes([tag, 0x80]) + content + b"\0\0"


def signed(octets: bytes, digests: bytes = b"\x31\x00") -> bytes:
    data = element(0x06, bytes.fromhex("2a864886f70d010701"))
    content = element(0x30, VERSION + digests + element(0x30, data + element(0xA0, octets)))
    return b"\x30\x80" + b"\x06\x09" + SIGNED_DATA + element(0xA0, content)


def test_it_works() -> None:
    (container,) = parse(mail("signed-around-its-content")).attachments
    content = signed_content(container.content)
    assert content
    assert content.startswith(b"Content-Type: multipart/mixed")
    assert content.endswith(b"--I--\r\n")


@pytest.mark.parametrize(
    ("raw", "content"),
    [
        (signed(element(0x04, b"abc")), b"abc"),
        (signed(endless(0x24, b"\x04\x02ab" + element(0x04, b"c"))), b"abc"),
        (signed(element(0x24, b"\x04\x02ab\x04\x00\x04\x01c")), b"abc"),
        (signed(b"\x04\x01a", digests=endless(0x31, endless(0x30, b"\x06\x01\x00"))), b"a"),
        (signed(element(0x04, b"")), b""),
        (signed(b""), None),
        (signed(b"\x04\x80"), None),
        (signed(b"\x04\x84\xff\xff\xff\xff"), None),
        (signed(b"\x04\x01a", digests=b"\x31\x80" + b"\x30\x80" * 1_000), None),
        (signed(b"\x24\x80"), None),
        (signed(endless(0x24, b"\x04\x01a" * 90_000)), b"a" * 90_000),
        (signed(endless(0x24, b"\x04\x01a" * 100_000)), None),
        (signed(b"\x04\x01a", digests=endless(0x31, b"\x05\x00" * 100_000)), None),
        (b"", None),
        (b"\x06\x09" + SIGNED_DATA, None),
    ],
)
def test_the_content_is_found_whole_or_in_pieces_or_not_at_all(raw: bytes, content: bytes | None) -> None:
    assert (signed_content(raw) or None) == (content or None)


@given(st.binary())
def test_any_bytes_are_read(tail: bytes) -> None:
    signed_content(b"\x30\x80\x06\x09" + SIGNED_DATA + tail)
    signed_content(signed(tail))
