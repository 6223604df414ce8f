"""Mail to the own domain comes back as SES sends it, not as we handed it over."""

from datetime import UTC, datetime

import pytest

from local.postman import as_sent

SENT_AT = datetime(2026, 11, 24, 10, 0, 5, tzinfo=UTC)
OURS = (
    b"From: me@postamt.localhost\r\nMessage-ID: <ours@postamt.localhost>\r\nTo: you@postamt.localhost\r\n"
    b"Bcc: hidden@postamt.localhost,\r\n other@postamt.localhost\r\nDate: Mon, 1 Jan 2001 00:00:00 +0000\r\n"
    b"Subject: Hello\r\nX-SES-Configuration-Set: x\r\n\r\nMessage-ID: in the body\r\n"
)


def test_it_works() -> None:
    assert as_sent(OURS, "0102abc-000000", SENT_AT) == (
        b"From: me@postamt.localhost\r\nTo: you@postamt.localhost\r\nSubject: Hello\r\n"
        b"Message-ID: <0102abc-000000@eu-west-1.amazonses.com>\r\nDate: Tue, 24 Nov 2026 10:00:05 +0000\r\n"
        b"\r\nMessage-ID: in the body\r\n"
    )


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b"Subject: x\n\nbare\n", b"\nbare\n"),
        (b"Subject: x\r\n\r\n", b"\r\n"),
        (b"Subject: x", b"\r\n"),
        (b"", b"\r\n"),
        (b"Subject: x\r\n\r\na\n\nb", b"\r\na\n\nb"),
    ],
)
def test_odd_messages_keep_their_body(raw: bytes, body: bytes) -> None:
    headers = b"Date: Tue, 24 Nov 2026 10:00:05 +0000\r\n"
    assert as_sent(raw, "x", SENT_AT).partition(headers)[2] == body
