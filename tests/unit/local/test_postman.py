"""Mail to the own domain comes back as SES sends it, not as we handed it over."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from local.environment import office_of
from local.postman import Postman, as_sent
from local.receive import Receiving
from local.ses_lines import Transaction

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


class Door:
    """Takes everything."""

    def __init__(self) -> None:
        self.taken: list[Transaction] = []

    def receive(self, transaction: Transaction) -> str:
        self.taken.append(transaction)
        return "x"


def test_a_torn_entry_is_put_aside_and_the_next_one_delivered(tmp_path: Path) -> None:
    office, door = office_of({"POSTAMT_STATE": str(tmp_path)}), Door()
    for folder in (office.spool, office.outbox):
        folder.mkdir()
    for name, entry in (("a", '{"sent'), ("b", json.dumps({"sent_at": 0, "envelope_recipients": ["you@postamt.localhost"]}))):
        (office.spool / f"{name}.json").write_text(entry)
        (office.outbox / f"{name}.eml").write_bytes(OURS)
    Postman(office, cast(Receiving, door)).deliver_all()
    assert [transaction.envelope_recipients for transaction in door.taken] == [("you@postamt.localhost",)]
    assert [path.name for path in office.spool.iterdir()] == ["a.unreadable"]


def test_a_torn_receipt_is_put_aside(tmp_path: Path) -> None:
    office = office_of({"POSTAMT_STATE": str(tmp_path)})
    office.receipts.mkdir()
    (office.receipts / "a.json").write_text("")
    environment = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    Receiving(environment, office.receipts).publish_again()
    assert [path.name for path in office.receipts.iterdir()] == ["a.unreadable"]
