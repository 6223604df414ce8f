"""Sending a queued mail: once, as written, and filed."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from django.utils import timezone

from indexer.erase import sweep
from mailbox.store import conversations
from mailbox.store.aws import client
from mailbox.store.errors import MailboxNotReachable
from postamt import lambdas
from sender.deliver import deliver
from tests.unit.acting import act_on
from tests.unit.in_memory import Mailbox
from tests.unit.sender.conftest import RAW, SES_ID, Ses, answer_with, keys, queue, stored


def event(*bodies: object) -> dict[str, Any]:
    return {"Records": [{"eventSource": "aws:sqs", "body": body if isinstance(body, str) else json.dumps(body)} for body in bodies]}


def claim_of(id: str) -> dict[str, str]:
    claim: dict[str, str] = json.loads(stored(f"outbox/{id}.claim"))
    return claim


def test_it_works(ses: Ses) -> None:
    id = queue(RAW, "ann@example.org")
    lambdas.sender(event({"outbox": id}), None)
    assert ses.raws == [RAW]
    assert ses.requests[0]["FromEmailAddress"] == "me@example.com"
    assert ses.requests[0]["Destination"] == {"ToAddresses": ["ann@example.org"]}
    assert stored(f"sent/{SES_ID}") == RAW
    assert f"outbox/{id}" not in keys()


def test_the_sidecar_keeps_the_envelope_and_both_message_ids(ses: Ses) -> None:
    id = queue(RAW, "ann@example.org", "bob@example.org", bcc=("bob@example.org",))
    deliver(id)
    sidecar = json.loads(stored(f"sent/{SES_ID}.json"))
    sent_at = sidecar.pop("sent_at")
    assert sent_at.startswith("20")
    assert sent_at.endswith("Z")
    assert sidecar == {
        "envelope_from": "me@example.com",
        "envelope_recipients": ["ann@example.org", "bob@example.org"],
        "bcc": ["bob@example.org"],
        "message_id": "own@example.com",
        "ses_message_id": f"{SES_ID}@eu-west-1.amazonses.com",
        "outbox": id,
        "draft": None,
    }


def test_the_sent_mail_stands_in_its_conversation_and_in_sent(ses: Ses, mailbox: Mailbox) -> None:
    parent = b"From: ann@example.org\r\nTo: me@example.com\r\nMessage-ID: <parent@example.org>\r\n\r\nHello?\r\n"
    mailbox.arrive(parent)
    deliver(queue(RAW.replace(b"Subject", b"In-Reply-To: <parent@example.org>\r\nReferences: <parent@example.org>\r\nSubject")))
    mailbox.tell(f"sent/{SES_ID}.json", f"sent/{SES_ID}")
    (row,) = conversations.list_page("sent").rows
    assert row.count == 2
    assert [message.key for message in conversations.get_conversation(row.thread_id)][-1] == f"sent/{SES_ID}"


def test_a_repetition_sends_nothing(ses: Ses) -> None:
    id = queue()
    lambdas.sender(event({"outbox": id}, {"outbox": id}), None)
    deliver(id)
    assert len(ses.requests) == 1


def test_a_form_posted_twice_is_one_mail_before_and_after_it_was_sent(ses: Ses) -> None:
    id = queue()
    queue(RAW.replace(b"A word", b"Another"), id=id)
    deliver(id)
    queue(RAW.replace(b"A word", b"Another"), id=id)
    deliver(id)
    assert ses.raws == [RAW]
    assert stored(f"sent/{SES_ID}") == RAW
    assert f"outbox/{id}" not in keys()


def test_a_mail_that_was_erased_is_neither_sent_nor_filed_again(ses: Ses, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    id = queue()
    deliver(id)
    mailbox.tell(f"sent/{SES_ID}.json", f"sent/{SES_ID}")
    (row,) = conversations.list_page("sent").rows
    act_on(row.thread_id, "trash", "sent")
    act_on(row.thread_id, "purge", "trash")
    assert sweep(timezone.now() + timedelta(days=1)) == 1
    assert keys() == [f"outbox/{id}.claim"]
    assert b"ann@example.org" not in stored(f"outbox/{id}.claim")
    monkeypatch.setattr("moto.s3.models.utcnow", lambda: datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1))
    lambdas.sender(event({"outbox": id}), None)
    queue(RAW.replace(b"A word", b"Another"), id=id)
    lambdas.sender(event({"outbox": id}), None)
    assert len(ses.requests) == 1
    assert keys() == [f"outbox/{id}.claim"]


def test_bcc_is_in_the_envelope_and_never_in_the_mail(ses: Ses) -> None:
    deliver(
        queue(RAW.replace(b"Subject", b"Bcc: bob@example.org\r\nSubject"), "ann@example.org", "bob@example.org", bcc=("bob@example.org",))
    )
    assert ses.requests[0]["Destination"] == {"ToAddresses": ["ann@example.org", "bob@example.org"]}
    assert ses.raws == [RAW]


def test_lines_that_would_instruct_ses_are_taken_out_and_nothing_else(ses: Ses) -> None:
    instructions = b"X-SES-CONFIGURATION-SET: other\r\nx-ses-source-arn: arn:aws:ses:one\r\n :two\r\n"
    deliver(
        queue(RAW.replace(b"Subject", instructions + b"X-Session: stays\r\nSubject").replace(b"A word", b"X-SES-IN: the body\r\nA word"))
    )
    assert ses.raws == [RAW.replace(b"Subject", b"X-Session: stays\r\nSubject").replace(b"A word", b"X-SES-IN: the body\r\nA word")]


@pytest.mark.parametrize(
    ("status", "code"), [(429, "TooManyRequestsException"), (400, "LimitExceededException"), (403, "AccessDeniedException")]
)
def test_what_ses_cannot_take_now_is_brought_again_by_the_queue(ses: Ses, status: int, code: str) -> None:
    id = queue()
    ses.refuses(status, code)
    with pytest.raises(MailboxNotReachable):
        lambdas.sender(event({"outbox": id}), None)
    deliver(id)
    assert ses.raws == [RAW, RAW]
    assert stored(f"sent/{SES_ID}") == RAW


def test_without_a_connection_the_mail_waits(ses: Ses) -> None:
    id = queue()
    ses.answers.append(EndpointConnectionError(endpoint_url="https://email.eu-west-1.amazonaws.com"))
    with pytest.raises(MailboxNotReachable):
        deliver(id)
    assert f"outbox/{id}.claim" not in keys()


@pytest.mark.parametrize("code", ["MessageRejected", "MailFromDomainNotVerifiedException", "BadRequestException", "SendingPausedException"])
def test_a_refused_mail_stays_in_the_outbox_with_the_reason_and_is_not_tried_again(ses: Ses, code: str) -> None:
    id = queue()
    ses.refuses(400, code)
    deliver(id)
    deliver(id)
    assert len(ses.requests) == 1
    assert claim_of(id)["refused"] == f"{code}: No."
    assert keys() == [f"outbox/{id}", f"outbox/{id}.claim"]


@pytest.mark.parametrize("answer", [ReadTimeoutError(endpoint_url="https://email.test"), answer_with(500, {})])
def test_a_mail_whose_answer_got_lost_is_not_sent_again(ses: Ses, answer: Any) -> None:
    id = queue()
    ses.answers.append(answer)
    deliver(id)
    deliver(id)
    assert len(ses.requests) == 1
    assert keys() == [f"outbox/{id}", f"outbox/{id}.claim"]


def test_a_claim_that_s3_took_without_answering_is_still_ours(ses: Ses) -> None:
    id = queue()
    lost: list[str] = []

    def lose_the_first_answer(request: Any, **kwargs: object) -> Any:
        lost.append(request.url)
        return answer_with(503, {}) if len(lost) == 1 else None

    events: Any = client("s3").meta.events
    events.register_first("before-send.s3.PutObject", lose_the_first_answer)
    try:
        deliver(id)
    finally:
        events.unregister("before-send.s3.PutObject", lose_the_first_answer)
    assert lost[0] == lost[1]
    assert ses.raws == [RAW]


def test_a_filing_that_broke_off_is_finished_without_sending_again(ses: Ses) -> None:
    id = queue()

    def refuse(request: Any, **kwargs: object) -> None:
        if request.url.endswith(f"/sent/{SES_ID}"):
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "PutObject")

    events: Any = client("s3").meta.events
    events.register_first("before-send.s3.PutObject", refuse)
    try:
        with pytest.raises(MailboxNotReachable):
            deliver(id)
    finally:
        events.unregister("before-send.s3.PutObject", refuse)
    assert f"sent/{SES_ID}" not in keys()
    deliver(id)
    assert len(ses.requests) == 1
    assert stored(f"sent/{SES_ID}") == RAW
    assert f"outbox/{id}" not in keys()


def test_a_message_of_the_queue_that_names_no_mail_leaves_nothing_behind(ses: Ses) -> None:
    bodies: list[object] = ["", "[" * 900, {}, {"outbox": 1}, {"outbox": "../sent/x"}, {"outbox": "0" * 32}, {"outbox": "0" * 5000}]
    lambdas.sender(event(*bodies), None)
    assert (ses.requests, keys()) == ([], [])


@pytest.mark.parametrize("body", [b"", b"{}\n" + RAW, b"[" * 70_000 + b"\n" + RAW, b'{"envelope_from": 1}\n', RAW])
def test_a_malformed_object_in_the_outbox_is_refused(ses: Ses, mailbox: Mailbox, body: bytes) -> None:
    mailbox.put(f"outbox/{'a' * 32}", body)
    deliver("a" * 32)
    assert ses.requests == []
    assert "envelope" in claim_of("a" * 32)["refused"]
