"""Transfer encodings, whole and damaged."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbox.message.transfer import decode_transfer


def test_it_works() -> None:
    assert decode_transfer(b"SGVsbG8=\r\n", "base64") == b"Hello"
    assert decode_transfer(b"caf=C3=A9 =\r\nau lait", "Quoted-Printable") == "café au lait".encode()


@pytest.mark.parametrize(
    ("body", "encoding", "content"),
    [
        (b"SGVs\nbG8", "base64", b"Hello"),
        (b"SGVsbG8", " BASE64;", b"Hello"),
        (b"SGVsbG8=SGVsbG8=", "base64", b"HelloHello"),
        (b"SGVs*bG8=--", "base64", b"Hello"),
        (b"SGVsbG8=S", "base64", b"Hello"),
        (b"====", "base64", b""),
        (b"a=ZZb=", "quoted-printable", b"a=ZZb"),
        (b"begin 644 x\n%2&5L;&\\\n`\nend\n", "x-uuencode", b"Hello"),
        (b"a=20b", "8bit", b"a=20b"),
        (b"a=20b", "nonsense", b"a=20b"),
    ],
)
def test_damage_costs_no_more_than_what_is_damaged(body: bytes, encoding: str, content: bytes) -> None:
    assert decode_transfer(body, encoding) == content


@settings(deadline=None)
@given(st.binary(), st.integers(1, 80))
def test_base64_comes_back_however_it_is_wrapped(content: bytes, width: int) -> None:
    text = base64.b64encode(content)
    assert decode_transfer(b"\r\n".join(text[at : at + width] for at in range(0, len(text), width)), "base64") == content


@settings(deadline=None)
@given(st.binary(), st.sampled_from(["base64", "quoted-printable", "uuencode"]))
def test_any_body_decodes_to_something(body: bytes, encoding: str) -> None:
    assert isinstance(decode_transfer(body, encoding), bytes)
