"""`POST /api/emails`; what it queues is read from the outbox."""

import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from mailbox.store import bucket, outbox
from mailbox.store.aws import client
from mailbox.store.outbox import QueuedMessage
from sender import ses
from sender.deliver import deliver
from tests.unit.api.conftest import Program
from tests.unit.in_memory import Mailbox, mail

ANN = {"addr_spec": "ann@example.org", "display_name": "Weber, Ann"}
MAIL: dict[str, Any] = {"to": [ANN], "subject": "Schüsseln", "text": "Are they ready?\nBob"}


def queued() -> list[QueuedMessage]:
    found = [outbox.read_queued(key.removeprefix("outbox/")) for key in bucket.keys("outbox/")]
    return [one for one in found if one]


def the_mail() -> tuple[EmailMessage, QueuedMessage]:
    (one,) = queued()
    return message_from_bytes(one.raw, _class=EmailMessage, policy=policy.default), one


def test_it_works(program: Program, mailbox: Mailbox) -> None:
    answer = program.post("/api/emails", {**MAIL, "cc": [{"addr_spec": "bob@example.org"}], "bcc": [{"addr_spec": "cy@example.org"}]})
    written, one = the_mail()
    assert (answer.status_code, answer.json()["from"]) == (202, "me@postamt.localhost")
    assert answer.json()["envelope_recipients"] == ["ann@example.org", "bob@example.org", "cy@example.org"]
    assert (written["To"], written["Cc"], written["Bcc"]) == ('"Weber, Ann" <ann@example.org>', "bob@example.org", None)
    assert (written["Subject"], written.get_content().split("\r\n")[:2]) == ("Schüsseln", ["Are they ready?", "Bob"])
    assert (one.envelope.envelope_from, one.envelope.bcc) == ("me@postamt.localhost", ("cy@example.org",))
    messages = client("sqs").receive_message(QueueUrl=mailbox.queue_url)["Messages"]
    assert [json.loads(message["Body"]) for message in messages] == [{"outbox": answer.json()["outbox_id"]}]


def test_an_answer_stands_in_its_conversation_and_comes_from_where_the_mail_went(program: Program, mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(2, parent=1, root=1, to="Garden <garden@postamt.localhost>"))
    assert program.post("/api/emails", {**MAIL, "in_reply_to": id}).json()["from"] == "garden@postamt.localhost"
    written, one = the_mail()
    assert (written["In-Reply-To"], written["References"]) == ("<m2@example.org>", "<m1@example.org> <m2@example.org>")
    assert (written["To"], written["Subject"], one.envelope.re) == ('"Weber, Ann" <ann@example.org>', "Schüsseln", id)


def test_a31_a_repeated_request_is_one_mail(program: Program, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [program.post("/api/emails", MAIL, Idempotency_Key="order-7") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202] * 3
    assert len({answer.json()["outbox_id"] for answer in answers}) == 1
    assert len(queued()) == 1


def test_a31_also_after_the_mail_was_sent(program: Program, mailbox: Mailbox) -> None:
    ses.client().create_email_identity(EmailIdentity="postamt.localhost")
    first = program.post("/api/emails", MAIL, Idempotency_Key="order-7").json()["outbox_id"]
    deliver(first)
    assert program.post("/api/emails", MAIL, Idempotency_Key="order-7").json()["outbox_id"] == first
    deliver(first)
    assert len([key for key in bucket.keys("sent/") if not key.endswith(".json")]) == 1


def test_without_a_key_or_with_other_words_it_is_another_mail(program: Program, mailbox: Mailbox) -> None:
    for headers in ({}, {}, {"Idempotency_Key": "a"}, {"Idempotency_Key": "b"}):
        program.post("/api/emails", MAIL, **headers)
    program.post("/api/emails", {**MAIL, "text": "Another"}, Idempotency_Key="a")
    assert len(queued()) == 5


@pytest.mark.parametrize("field", ["to", "cc", "bcc"])
def test_a_recipient_by_another_name_is_another_mail(program: Program, mailbox: Mailbox, field: str) -> None:
    for name in ("Ann", "Weber, Ann", "Ann"):
        program.post("/api/emails", {**MAIL, field: [{**ANN, "display_name": name}]}, Idempotency_Key="a")
    assert len(queued()) == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"to": "ann@example.org"}, "to"),
        ({"to": ["ann@example.org"]}, "to[0]"),
        ({"to": [ANN, {"addr_spec": "ann"}]}, "to[1].addr_spec"),
        ({"to": [{"addr_spec": "a@b.example, c@d.example"}]}, "to[0].addr_spec"),
        ({"to": [{"addr_spec": "a@b.example\r\nBcc: x@y.example"}]}, "to[0].addr_spec"),
        ({"to": [{**ANN, "display_name": "Ann\r\nBcc: x@y.example"}]}, "to[0].display_name"),
        ({"to": [{**ANN, "key": "x"}]}, "to[0].key"),
        ({"to": [ANN] * 51}, "to"),
        ({"subject": "One\nTwo"}, "subject"),
        ({"subject": "x" * 901}, "subject"),
        ({"subject": None}, "subject"),
        ({"text": "a\0b"}, "text"),
        ({"text": ["x"]}, "text"),
        ({"in_reply_to": "../x"}, "in_reply_to"),
        ({"from": "boss@postamt.localhost"}, "from"),
        ({"headers": {"X": "y"}}, "headers"),
    ],
)
def test_a29_what_is_not_as_described_is_400_and_named(program: Program, mailbox: Mailbox, changed: dict[str, Any], field: str) -> None:
    answer = program.post("/api/emails", {**MAIL, **changed})
    assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert queued() == []


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"to": []}, "to", "Add at least one recipient."),
        ({"to": [{"addr_spec": "ann@example"}]}, "to", "ann@example is not a complete address."),
        ({"cc": [{"addr_spec": "grün@example.org"}]}, "cc", "only plain letters work before the @"),
        (
            {"to": [{"addr_spec": f"a{n}@example.org"} for n in range(40)], "bcc": [{"addr_spec": f"b{n}@example.org"} for n in range(11)]},
            "to",
            "51",
        ),
        ({"in_reply_to": "incoming-absent"}, "in_reply_to", "There is no such message to answer."),
    ],
)
def test_a30_what_cannot_be_sent_is_422_and_says_why(
    program: Program, mailbox: Mailbox, changed: dict[str, Any], field: str, words: str
) -> None:
    answer = program.post("/api/emails", {**MAIL, **changed})
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert words in answer.json()["detail"]
    assert queued() == []


@pytest.mark.parametrize("key", ["", "x" * 65, "a b", "ü", "a/b"])
def test_a_key_that_is_none_is_refused_and_not_ignored(program: Program, key: str) -> None:
    answer = program.post("/api/emails", MAIL, Idempotency_Key=key)
    assert (answer.status_code, answer.json()["field"]) == (400, "Idempotency-Key")


def test_a_text_may_be_long_and_no_longer_than_it_may(program: Program) -> None:
    assert program.post("/api/emails", {**MAIL, "text": "word " * 200_000}).status_code == 202
    assert program.post("/api/emails", {**MAIL, "text": "x" * 1_000_001}).status_code == 400
    assert program.post("/api/emails", {**MAIL, "text": "x" * 5_000_001}).status_code == 413
