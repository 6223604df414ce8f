"""Events: which records count, and that nothing else does harm."""

import json
from typing import Any

import pytest

from indexer.events import on_receipt
from mailbox.store import bucket, conversations
from mailbox.store.receipts import receipt_in
from postamt import lambdas
from tests.unit.in_memory import Mailbox, mail

SES_ID = "o8s7lq0v6kmq5j2sj2b2vs9tgr1vgt4t8b6mcqo1"


def notification(**changed: Any) -> dict[str, Any]:
    """What SES publishes to the topic of an S3 action."""
    word = {"status": "PASS"}
    return {
        "notificationType": "Received",
        "receipt": {
            "timestamp": "2026-11-24T10:00:00.000Z",
            "processingTimeMillis": 400,
            "recipients": ["me@example.com", "other@example.com"],
            "spamVerdict": word,
            "virusVerdict": word,
            "spfVerdict": {"status": "GRAY"},
            "dkimVerdict": word,
            "dmarcVerdict": {"status": "FAIL"},
            "action": {"type": "S3", "topicArn": "arn:x", "bucketName": "postamt-test", "objectKey": f"incoming/{SES_ID}"},
            **changed.pop("receipt", {}),
        },
        "mail": {"timestamp": "2026-11-24T10:00:00.000Z", "source": "ann@example.org", "messageId": SES_ID, **changed.pop("mail", {})},
        **changed,
    }


def sns(message: object) -> dict[str, Any]:
    text = message if isinstance(message, str) else json.dumps(message)
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {"Type": "Notification", "Message": text}}]}


def test_it_works(mailbox: Mailbox) -> None:
    mailbox.arrive(mail(1), SES_ID)
    lambdas.indexer(sns(notification()), None)
    mailbox.tell(f"receipts/{SES_ID}.json")
    found = bucket.get(f"receipts/{SES_ID}.json")
    assert found is not None
    receipt = receipt_in(found.body)
    assert receipt is not None
    assert receipt.envelope_recipients == ("me@example.com", "other@example.com")
    assert (receipt.envelope_from, receipt.received_at) == ("ann@example.org", "2026-11-24T10:00:00.000Z")
    message = conversations.find_message(f"incoming-{SES_ID}")
    assert message is not None
    assert message.verdicts == {"dkim": "PASS", "dmarc": "FAIL", "spam": "PASS", "spf": "GRAY", "virus": "PASS"}


@pytest.mark.parametrize(
    "message",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "[]",
        "{",
        {},
        notification(notificationType="Bounce"),
        notification(mail={"messageId": "../x"}),
        notification(mail={"messageId": None}),
        notification(receipt={"action": {"type": "S3", "bucketName": "someone-else", "objectKey": f"incoming/{SES_ID}"}}),
        notification(receipt={"action": {"type": "S3", "bucketName": "postamt-test", "objectKey": "incoming/another"}}),
        notification(receipt={"action": {"type": "SNS"}}),
        {"notificationType": "Received", "receipt": [], "mail": "x"},
        {"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": "postamt-test"}, "object": {"key": "incoming/x"}}}]},
        {"command": "print('executed')"},
        {"notificationType": "Received", "padding": "x" * 300_000},
    ],
)
def test_what_is_no_receipt_of_ours_leaves_no_trace(mailbox: Mailbox, message: object) -> None:
    lambdas.indexer(sns(message), None)
    assert list(bucket.keys("receipts/")) == []


@pytest.mark.parametrize("record", [{}, {"Sns": None}, {"Sns": {"Message": None}}, {"Sns": {"Message": {}}}, {"Sns": []}])
def test_a_record_without_a_message_is_left_alone(mailbox: Mailbox, record: dict[str, Any]) -> None:
    on_receipt(record)
    assert list(bucket.keys("receipts/")) == []


def test_a_receipt_holds_known_fields_within_bounds(mailbox: Mailbox) -> None:
    hostile = notification(
        receipt={
            "recipients": ["a@example.com" * 30] * 600,
            "spamVerdict": {"status": "<b>"},
            "virusVerdict": "PASS",
            "unknown": "x" * 1000,
        },
        mail={"source": {"not": "text"}},
    )
    mailbox.put(f"incoming/{SES_ID}")
    lambdas.indexer(sns(hostile), None)
    found = bucket.get(f"receipts/{SES_ID}.json")
    assert found is not None
    receipt = receipt_in(found.body)
    assert receipt is not None
    assert (len(receipt.envelope_recipients), max(map(len, receipt.envelope_recipients))) == (500, 320)
    assert set(json.loads(found.body)) == {"envelope_from", "envelope_recipients", "verdicts", "received_at"}


def test_a_receipt_with_strange_words_keeps_only_those_of_ses(mailbox: Mailbox) -> None:
    strange = {"recipients": "me", "spamVerdict": {"status": "<b>"}, "virusVerdict": "PASS", "dkimVerdict": None}
    mailbox.put(f"incoming/{SES_ID}")
    lambdas.indexer(sns(notification(receipt=strange, mail={"source": 7})), None)
    found = bucket.get(f"receipts/{SES_ID}.json")
    assert found is not None
    assert json.loads(found.body) == {
        "envelope_from": "",
        "envelope_recipients": [],
        "verdicts": {"dmarc": "FAIL", "spf": "GRAY"},
        "received_at": "2026-11-24T10:00:00.000Z",
    }


def test_events_of_sent_mail_and_other_prefixes_index_what_they_should(mailbox: Mailbox) -> None:
    mailbox.put("sent/s1", mail(1))
    mailbox.tell("events/s1/e1.json", "outbox/" + "a" * 32, "drafts/x", "settings/filters.json", "parts/a/1", "state/incoming-x.json.bak")
    assert mailbox.items() == {}
    mailbox.tell("sent/s1.json")
    assert conversations.count("sent") == 1
