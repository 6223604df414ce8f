"""Header blocks, encoded words, ids and dates."""

from datetime import UTC, datetime

import pytest

from mailbox.message.headers import decode_words, message_ids, parse_date, read_headers, readable


def test_it_works() -> None:
    raw = b"Subject: Hello\r\n world\r\nX-A:1\r\nx-a : 2\r\n\r\nBody"
    headers = read_headers(raw, 0, len(raw))
    assert headers.fields == [("subject", "Hello world"), ("x-a", "1"), ("x-a", "2")]
    assert (headers.first("x-a"), headers.all("x-a"), headers.first("none")) == ("1", ["1", "2"], "")
    assert raw[headers.start :] == b"Body"


@pytest.mark.parametrize(
    ("raw", "names", "body"),
    [
        (b"\nA: 1\n", [], b"A: 1\n"),
        (b"Just text\nwithout header\n", [], b"Just text\nwithout header\n"),
        (b"A: 1\nJust text\n", ["a"], b"Just text\n"),
        (b"A: 1\njunk\nB: 2\n\nBody", ["a", "b"], b"Body"),
        (b"A: 1\n \nB: 2\n\nBody", ["a", "b"], b"Body"),
        (b" A: 1\n\nBody", [], b"Body"),
        (b"A\0: 1\nB B: 2\nC: 3\n\n", ["c"], b""),
        (b"A: 1\r\r\nB: 2\r\r\n\r\r\nBody", ["a", "b"], b"Body"),
    ],
)
def test_lines_that_are_no_fields_do_not_start_the_body(raw: bytes, names: list[str], body: bytes) -> None:
    headers = read_headers(raw, 0, len(raw))
    assert [name for name, _ in headers.fields] == names
    assert raw[headers.start :] == body


def test_a_field_may_be_japanese_in_seven_bits() -> None:
    raw = b"Subject: " + "こんにちは".encode("iso2022_jp") + b"\r\nTo: a@example.org\r\n\r\n"
    assert read_headers(raw, 0, len(raw)).fields == [("subject", "こんにちは"), ("to", "a@example.org")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?Q?a_b=5Fc?=", "a b_c"),
        ("=?utf-8?B?w6Q=?= =?utf-8?B?w7Y=?=", "äö"),
        ("=?utf-8?B?w6Q=?= x =?utf-8?B?w7Y=?=", "ä x ö"),
        ("=?utf-8?B?w6Q=?==?iso-8859-1?Q?=F6?=", "äö"),
        ("=?utf-8*de?Q?=C3=A4?=", "ä"),
        ("=?utf-8?B?w6Q?=", "ä"),
        ("=?utf-8?Q?a b?=", "a b"),
        ("=?utf-8?Q?cut =?utf-8?Q?whole?=", "=?utf-8?Q?cut whole"),
        ("=?utf-8?Q?never closed", "=?utf-8?Q?never closed"),
        ("=?nobody?Q?=E4?=", "ä"),
        ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
        ("=?x-unknown?X?a?=", "=?x-unknown?X?a?="),
        ("a=?utf-8?Q?=C3=A4?=b", "aäb"),
    ],
)
def test_encoded_words_are_decoded_with_their_common_violations(value: str, text: str) -> None:
    assert decode_words(value) == text


def test_a_readable_value_is_one_line_without_direction_marks() -> None:
    assert readable("=?utf-8?Q?a=0D=0Ab=00?= \t \u202ec") == "a b c"


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("<a@x> <b@x>", ("a@x", "b@x")),
        ("<a@x><b@x>\r\n <a@x>", ("a@x", "b@x", "a@x")),
        ("Your mail of today <a@x> (was: nothing)", ("a@x",)),
        ("a@x", ("a@x",)),
        ("12345", ("12345",)),
        ("message of a@x today", ("a@x",)),
        ("< a@x >", ("a@x",)),
        ("<>", ()),
        ("", ()),
    ],
)
def test_message_ids_come_without_their_brackets(value: str, ids: tuple[str, ...]) -> None:
    assert message_ids(value) == ids


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 24 Nov 2025 10:00:00 +0100",
        "24 Nov 25 09:00 GMT",
        "Mon, 24 Nov 2025 04:00:00 EST",
        "Mon Nov 24 09:00:00 2025",
        "Mon, 24 Nov 2025 10:00:00 +0100 (CET)",
        "Mon, 24 Nov 2025 09:00:00 -0000",
        "Mon,24 Nov 2025 09:00:00",
    ],
)
def test_dates_are_moments_in_utc(value: str) -> None:
    assert parse_date(value) == datetime(2025, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("value", ["", "yesterday", "Mon, 31 Feb 2025 10:00:00 +0000", "Fri, 31 Dec 9999 23:59:59 -2359"])
def test_impossible_dates_are_none(value: str) -> None:
    assert parse_date(value) is None
