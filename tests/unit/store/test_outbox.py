"""The road out: queued once, claimed once, filed with what is known of it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from mailbox.store import bucket, outbox
from mailbox.store.aws import client
from mailbox.store.keys import outbox_key
from mailbox.store.outbox import OutgoingEnvelope, SentCopy
from tests.unit.in_memory import Mailbox, mail

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ENVELOPE = OutgoingEnvelope("me@example.com", ("ann@example.org", "bob@example.org"), NOON, ("bob@example.org",), "incoming-ses1")
LINE: dict[str, Any] = json.loads(ENVELOPE.to_json())


def test_it_works(mailbox: Mailbox) -> None:
    id = outbox.queue_message(b"From: me\r\n\r\n\x00\n\xff", ENVELOPE)
    (message,) = client("sqs").receive_message(QueueUrl=mailbox.queue_url)["Messages"]
    assert outbox.queued_id(message["Body"]) == id
    queued = outbox.read_queued(id)
    assert queued is not None
    assert (queued.raw, queued.envelope) == (b"From: me\r\n\r\n\x00\n\xff", ENVELOPE)


def test_queueing_the_same_mail_again_keeps_the_first(mailbox: Mailbox) -> None:
    id = outbox.queue_message(b"first", ENVELOPE)
    assert outbox.queue_message(b"second", ENVELOPE, id) == id
    queued = outbox.read_queued(id)
    assert queued is not None
    assert queued.raw == b"first"


def test_a_mail_is_claimed_by_one_sender_only(mailbox: Mailbox) -> None:
    id = outbox.queue_message(mail(1), ENVELOPE)
    assert [outbox.claim(id) for _ in range(3)] == [True, False, False]
    outbox.release(id)
    assert outbox.claim(id)


def test_a_sent_copy_is_filed_with_its_sidecar_and_stands_in_its_conversation(mailbox: Mailbox) -> None:
    mailbox.arrive(mail(1))
    copy = SentCopy("me@example.com", ("ann@example.org",), NOON, "own@example.com", "0102-000000@eu-west-1.amazonses.com", "o" * 32)
    outbox.file_sent("0102-000000", mail(2, parent=1), copy)
    sidecar = bucket.get("sent/0102-000000.json")
    assert sidecar is not None
    assert json.loads(sidecar.body) == {
        "envelope_from": "me@example.com",
        "envelope_recipients": ["ann@example.org"],
        "sent_at": "2026-11-24T12:00:00Z",
        "message_id": "own@example.com",
        "ses_message_id": "0102-000000@eu-west-1.amazonses.com",
        "outbox": "o" * 32,
        "bcc": [],
        "draft": None,
    }
    mailbox.tell("sent/0102-000000.json", "sent/0102-000000")
    folders = sorted(item["folder"]["S"] for item in mailbox.items().values() if "folder" in item)
    assert folders == ["inbox", "sent"]


def test_an_id_that_ses_never_gives_is_refused(mailbox: Mailbox) -> None:
    copy = SentCopy("me@example.com", ("a@example.org",), NOON, "x", "y", "o" * 32)
    with pytest.raises(ValueError, match="not an id of SES"):
        outbox.file_sent("../state/x", b"", copy)


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"outbox": 1}', '{"outbox": "../x"}', '{"outbox": "' + "a" * 31 + '"}', "x" * 9999])
def test_a_message_of_the_queue_that_names_no_mail_names_none(body: str) -> None:
    assert outbox.queued_id(body) is None


@pytest.mark.parametrize("id", ["", "x", "../incoming/a", "a" * 32])
def test_a_mail_that_was_never_queued_is_none(mailbox: Mailbox, id: str) -> None:
    assert outbox.read_queued(id) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"envelope_from": 1},
        {"envelope_from": "nobody"},
        {"envelope_from": "a@b\r\nRCPT TO:<x@y>"},
        {"envelope_recipients": []},
        {"envelope_recipients": "ann@example.org"},
        {"envelope_recipients": ["ann@example.org"] * 51},
        {"envelope_recipients": [{"a@b": 1}]},
        {"bcc": [None]},
        {"re": "../x"},
        {"draft": 7},
        {"queued_at": "soon"},
    ],
)
def test_an_envelope_of_another_shape_is_not_believed(mailbox: Mailbox, wrong: dict[str, Any]) -> None:
    bucket.put(outbox_key("a" * 32), json.dumps({**LINE, **wrong}).encode() + b"\nraw")
    with pytest.raises(ValueError, match="no envelope"):
        outbox.read_queued("a" * 32)
