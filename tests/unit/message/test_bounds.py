"""Mail of hostile size and shape: never an error, never lost, and always said. A41, A43 of the abuse cases."""

import pytest

from mailbox.message.parse import parse

HEAD = b"From: ann@example.org\r\nMIME-Version: 1.0\r\n"
MULTIPART = HEAD + b"Content-Type: multipart/mixed; boundary=B\r\n\r\n"
TOO_MANY = "The message has more parts than are read; the rest is kept as one attachment."


def nested(depth: int) -> bytes:
    levels = [b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (level, level + 1) for level in range(depth)]
    return HEAD + b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n" + b"".join(levels) + b"--b%d\r\n\r\ninnermost" % depth


def test_it_works() -> None:
    assert parse(nested(100)).text == "innermost"


def test_deeper_parts_are_kept_as_one_attachment() -> None:
    parsed = parse(nested(3_000))
    assert TOO_MANY in parsed.defects
    assert [attachment.content.endswith(b"innermost") for attachment in parsed.attachments] == [True]


def test_more_parts_are_kept_as_one_attachment() -> None:
    parsed = parse(MULTIPART + b"--B\r\nContent-Type: application/pdf\r\n\r\nx\r\n" * 50_000 + b"--B--")
    assert len(parsed.attachments) == 1_001
    assert parsed.attachments[-1].content.count(b"--B\r\n") == 48_999
    assert parsed.defects == (TOO_MANY,)


def test_longer_text_is_kept_as_an_attachment_too() -> None:
    parsed = parse(HEAD + b"\r\n" + b"a" * 3_000_000)
    assert len(parsed.text) == 2_000_000
    assert [attachment.size for attachment in parsed.attachments] == [3_000_000]
    assert parsed.defects == ("Only the start of the text is shown; the whole of it is kept as an attachment.",)


def test_more_addresses_are_not_read() -> None:
    parsed = parse(b"To: " + b",\r\n ".join(b"user%d@example.org" % number for number in range(20_000)) + b"\r\n\r\n")
    assert len(parsed.to) == 1_000
    assert parsed.defects == ("Only the first 1000 addresses of to are read.",)


def test_ten_thousand_header_lines_hide_nobody() -> None:
    parsed = parse(b"X-Padding: x\r\n" * 9_999 + b"From: ann@example.org\r\n\r\nHello.")
    assert [address.addr_spec for address in parsed.from_] == ["ann@example.org"]
    assert parsed.text == "Hello."
    assert len(parsed.headers) == 1_000


def test_a_header_of_megabytes_is_cut_and_the_text_still_found() -> None:
    parsed = parse(HEAD + b"X-Padding: " + b"x " * 5_000_000 + b"\r\n\r\nHello.")
    assert parsed.text == "Hello."
    assert parsed.defects == ("Only the start of the header is read.",)


def test_ten_thousand_encoded_words_are_one_subject() -> None:
    words = b"\r\n ".join([b"=?utf-8?q?=C3=A4?="] * 10_000)
    assert set(parse(b"Subject: " + words + b"\r\n\r\n").subject[:1_000]) == {"ä"}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b'"' * 20_001, id="quotes"),
        pytest.param(b'"\\"' * 10_000, id="escaped quotes"),
        pytest.param(b"(" * 20_000, id="comments"),
        pytest.param(b'<"' * 20_000, id="brackets"),
        pytest.param(b"=?a?q?" * 6_000, id="encoded words"),
        pytest.param(b"<@a:" * 10_000, id="routes"),
        pytest.param(b"a" + b" " * 20_000 + b"b", id="spaces"),
        pytest.param(b";a" * 20_000, id="parameters"),
        pytest.param(b'; a="\\' * 6_000, id="quoted parameters"),
        pytest.param(b"; name*0*=x''" * 2_500, id="sections"),
    ],
)
def test_no_value_takes_more_than_linear_time(value: bytes) -> None:
    names = (b"From", b"To", b"Subject", b"Date", b"Message-ID", b"References", b"Content-Type", b"Content-Disposition", b"Received")
    parsed = parse(b"".join(name + b": " + value + b"\r\n" for name in names) + b"\r\nHello.")
    assert len(parsed.headers) == len(names)
