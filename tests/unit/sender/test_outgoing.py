"""What the sender refuses, whoever wrote it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbox.store.outbox import OutgoingEnvelope
from sender.outgoing import RAW_MOST, Refused, checked
from tests.unit.sender.conftest import RAW


@pytest.fixture(autouse=True)
def own_domain(settings: Any) -> None:
    settings.POSTAMT_DOMAIN = "example.com"


def envelope(*recipients: str, sender: str = "me@example.com") -> OutgoingEnvelope:
    return OutgoingEnvelope(sender, recipients or ("ann@example.org",), datetime(2026, 11, 24, tzinfo=UTC))


def with_from(line: str) -> bytes:
    return RAW.replace(b"From: Me <me@example.com>", line.encode())


def test_it_works() -> None:
    outgoing = checked(envelope("ann@example.org", "ann@example.org", "bob@example.org"), RAW)
    assert outgoing.envelope_recipients == ("ann@example.org", "bob@example.org")
    assert outgoing.raw == RAW


@pytest.mark.parametrize("sender", ["me@evil.example", "me@example.com.evil.example", "example.com", "@example.com", "a b@example.com"])
def test_a_foreign_envelope_sender_is_refused(sender: str) -> None:
    with pytest.raises(Refused, match="not an address of"):
        checked(envelope(sender=sender), with_from(f"From: {sender}"))


@pytest.mark.parametrize(
    "line",
    [
        "From: other@example.com",
        "From: ceo@bank.example",
        'From: "me@example.com" <ceo@bank.example>',
        "From: me@example.com, ceo@bank.example",
        "From: Us: me@example.com, ceo@bank.example;",
        "From: me@example.com\r\nFrom: ceo@bank.example",
        "From: me@example.com\r\nFROM: me@example.com",
        "From: me@example.com\r\n" + "X:\r\n" * 20_000 + "From: ceo@bank.example",
        "From:",
        "X-From: me@example.com",
    ],
)
def test_a_from_line_that_says_anything_else_is_refused(line: str) -> None:
    with pytest.raises(Refused, match="From line"):
        checked(envelope(), with_from(line))


@pytest.mark.parametrize(
    "recipient", ["ann", "ann@", "ann@example", "änn@example.org", "ann@exämple.org", "a,b@example.org", "<ann@example.org>"]
)
def test_an_address_that_ses_cannot_reach_is_refused(recipient: str) -> None:
    with pytest.raises(Refused, match="can be sent to"):
        checked(envelope("bob@example.org", recipient), RAW)


def test_fifty_recipients_are_sent_to_and_one_more_is_refused() -> None:
    many = [f"r{number}@example.org" for number in range(51)]
    assert len(checked(envelope(*many[:50]), RAW).envelope_recipients) == 50
    with pytest.raises(Refused, match="51 recipients"):
        checked(envelope(*many), RAW)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\nno header",
        RAW.replace(b"\r\n", b"\n"),
        RAW.replace(b"Hello", b"Hello\nX-SES-SOURCE-ARN: x"),
        RAW.replace(b"Hello", b"Hello\rX-SES-SOURCE-ARN: x"),
        RAW.replace(b"Hello", b"Hel\0lo"),
        RAW.replace(b"Subject: Hello", b"Subject Hello"),
        RAW.replace(b"Subject:", b"X-SES-SOURCE-ARN :"),
        b" folded: first\r\n" + RAW,
        b"X: " + b"x" * 300_000 + b"\r\n" + RAW,
        RAW.partition(b"\r\n\r\n")[0],
    ],
)
def test_a_header_that_two_readers_could_read_in_two_ways_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused, match="header"):
        checked(envelope(), raw)


def test_a_mail_over_40_mb_is_refused() -> None:
    with pytest.raises(Refused, match="bytes"):
        checked(envelope(), RAW.ljust(RAW_MOST + 1))


@given(st.binary(max_size=300), st.binary(max_size=100))
def test_any_bytes_are_sent_safely_or_refused(head: bytes, body: bytes) -> None:
    try:
        outgoing = checked(envelope(), b"From: me@example.com\r\n" + head + b"\r\n\r\n" + body)
    except Refused:
        return
    header = outgoing.raw.partition(b"\r\n\r\n")[0]
    assert header.count(b"\n") == header.count(b"\r\n") == header.count(b"\r")
    assert b"\r\nx-ses-" not in header.lower()
