"""When AWS does not answer as it should: one sentence in the log, one error for everybody above."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from pytest_django import Settings

from mailbox.store import bucket, conversations, flags, outbox
from mailbox.store.errors import MailboxNotReachable, reaching
from tests.unit.in_memory import Mailbox, forget_clients, mail
from tests.unit.store.test_outbox import ENVELOPE

Act = Callable[[], Any]
READS: list[Act] = [
    lambda: bucket.get("incoming/a"),
    lambda: list(bucket.keys("incoming/")),
    lambda: bucket.put("incoming/a", b""),
]


@pytest.mark.parametrize("read", READS)
def test_a_missing_bucket_is_said_once_in_the_log(
    mailbox: Mailbox, settings: Settings, caplog: pytest.LogCaptureFixture, read: Act
) -> None:
    settings.POSTAMT_BUCKET = "not-there"
    with caplog.at_level(logging.ERROR), pytest.raises(MailboxNotReachable):
        read()
    assert [record.getMessage() for record in caplog.records] == [
        "The mailbox is not reachable at the bucket: the bucket does not exist: check POSTAMT_BUCKET"
    ]


@pytest.mark.parametrize("read", READS)
def test_no_name_of_a_bucket_at_all_is_the_same(mailbox: Mailbox, settings: Settings, read: Act) -> None:
    settings.POSTAMT_BUCKET = ""
    with pytest.raises(MailboxNotReachable):
        read()


@pytest.mark.parametrize(
    "read",
    [
        lambda: conversations.list_page("inbox"),
        lambda: conversations.count("inbox"),
        lambda: conversations.get_conversation("0" * 32),
        lambda: conversations.find_message("incoming-a"),
        lambda: conversations.newest_rows(10),
        lambda: flags.act("0" * 32, None, lambda now: now),
    ],
)
@pytest.mark.parametrize("table", ["not-there", ""])
def test_a_missing_table_is_said_in_the_log(
    mailbox: Mailbox, settings: Settings, caplog: pytest.LogCaptureFixture, read: Act, table: str
) -> None:
    settings.POSTAMT_TABLE = table
    with caplog.at_level(logging.ERROR), pytest.raises(MailboxNotReachable):
        read()
    assert "not reachable at the table" in caplog.text


def test_a_missing_queue_is_said_in_the_log(mailbox: Mailbox, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.POSTAMT_QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/not-there"
    with pytest.raises(MailboxNotReachable):
        outbox.queue_message(mail(1), ENVELOPE)
    assert "check POSTAMT_QUEUE_URL" in caplog.text


def test_an_endpoint_that_nobody_listens_at_is_not_reachable(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setattr("time.sleep", lambda _: None)
    settings.POSTAMT_BUCKET, settings.POSTAMT_TABLE = "postamt-test", "postamt-nobody"
    everything: list[Act] = [*READS, lambda: conversations.list_page("inbox")]
    forget_clients()
    try:
        for read in everything:
            with pytest.raises(MailboxNotReachable):
                read()
    finally:
        forget_clients()


@pytest.mark.parametrize("code", ["SlowDown", "ThrottlingException", "AccessDenied", "ServiceUnavailable", "InternalError"])
def test_a_refusal_of_aws_is_not_reachable(code: str) -> None:
    with pytest.raises(MailboxNotReachable, match=r"^the bucket: "), reaching("the bucket"):
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "GetObject")


@pytest.mark.parametrize("code", ["SignatureDoesNotMatch", "ExpiredToken", "UnrecognizedClientException", "403"])
def test_a_key_that_aws_does_not_take_is_not_reachable(code: str) -> None:
    with pytest.raises(MailboxNotReachable, match="does not let us in"), reaching("the bucket"):
        raise ClientError({"Error": {"Code": code}}, "GetObject")


def test_no_connection_is_not_reachable() -> None:
    with pytest.raises(MailboxNotReachable, match="EndpointConnectionError"), reaching("the bucket"):
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")


def test_a_mistake_of_ours_stays_what_it_is() -> None:
    with pytest.raises(ClientError), reaching("the table"):
        raise ClientError({"Error": {"Code": "ValidationException", "Message": "no"}}, "PutItem")
