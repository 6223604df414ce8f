"""A mailbox in the memory of the test: moto's S3, DynamoDB and SQS behind the project's own code.

Mail arrives as on AWS: an object is put, then the indexer's entry point gets the event S3 would send.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import boto3
import pytest
from moto import mock_aws
from pytest_django import Settings

from mailbox.store import bucket, health
from mailbox.store.aws import client, clients, made_once
from mailbox.store.keys import receipt_key
from mailbox.store.models import create_table
from postamt import lambdas
from tests.unit.calls import one_at_a_time

MAILS = Path(__file__).parent.parent / "mails"
RECEIVED = "Tue, 24 Nov 2026 10:{minute:02}:{second:02} +0000"

made_before: dict[str, Any] = {}

Items = dict[tuple[str, str], dict[str, Any]]


@dataclass
class Mailbox:
    bucket: str
    table: str
    queue_url: str
    dynamodb: Any
    count: int = 0

    def put(self, key: str, body: bytes = b"") -> str:
        bucket.put(key, body)
        return key

    def tell(self, *keys: str) -> None:
        """The indexer hears that these keys changed."""
        lambdas.indexer(bucket_event(self.bucket, *keys), None)

    def arrive(self, raw: bytes, name: str = "") -> str:
        """A mail is put under incoming/ and its event delivered; returns its id."""
        self.count += 1
        name = name or f"ses{self.count}"
        self.tell(self.put(f"incoming/{name}", raw))
        return f"incoming-{name}"

    def put_receipt(self, name: str, **verdicts: str) -> str:
        receipt = {"envelope_from": "ann@example.org", "envelope_recipients": ["me@example.com"], "verdicts": verdicts}
        return self.put(receipt_key(name), json.dumps(receipt).encode())

    def items(self) -> Items:
        """Every item of the table, without the one attribute that says nothing about mail."""
        found: Items = {}
        for page in self.dynamodb.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True):
            for item in page["Items"]:
                item.pop("version", None)
                found[item["pk"]["S"], item["sk"]["S"]] = item
        return found

    def empty_table(self) -> None:
        for pk, sk in self.items():
            self.dynamodb.delete_item(TableName=self.table, Key={"pk": {"S": pk}, "sk": {"S": sk}})


def dynamodb_client() -> Any:
    return boto3.client("dynamodb", region_name="eu-west-1")


def bucket_event(name: str, *keys: str) -> dict[str, Any]:
    return {"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": name}, "object": {"key": quote_plus(key)}}} for key in keys]}


def mail(
    n: int,
    *,
    parent: int | None = None,
    root: int | None = None,
    subject: str = "Hello",
    body: str = "A word.",
    top: str = "",
    extra: str = "",
    sender: str = "Ann <ann@example.org>",
    to: str = "Me <me@example.com>",
) -> bytes:
    """A mail as SES stores it; `n` is its number, its minute and second, and its Message-ID."""
    references = f"References: <m{parent if root is None else root}@example.org> <m{parent}@example.org>\r\n" if parent is not None else ""
    received = RECEIVED.format(minute=n // 60 % 60, second=n % 60)
    return (
        f"Return-Path: <ann@example.org>\r\n"
        f"Received: from mail.example.org by inbound-smtp.eu-west-1.amazonaws.com with SMTP id x{n}\r\n"
        f" for me@example.com; {received}\r\n{top}"
        f"From: {sender}\r\nTo: {to}\r\nMessage-ID: <m{n}@example.org>\r\n{references}"
        f"Subject: {subject}\r\n{extra}\r\n{body}\r\n"
    ).encode()


def forget_clients() -> None:
    """The next call makes its client anew: this test's AWS is another one than the last test's."""
    clients.clear()


@contextmanager
def clients_in_memory() -> Iterator[None]:
    """Clients made for moto serve all tests that use it, and no other test."""
    others = dict(clients)
    clients.clear()
    clients.update(made_before)
    try:
        yield
    finally:
        made_before.update(clients)
        clients.clear()
        clients.update(others)


@pytest.fixture
def mailbox(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """An empty mailbox."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws(), one_at_a_time(), clients_in_memory():
        settings.POSTAMT_BUCKET, settings.POSTAMT_TABLE, settings.POSTAMT_REGION = "postamt-test", "postamt-test", "eu-west-1"
        settings.POSTAMT_QUEUE_URL = client("sqs").create_queue(QueueName="postamt-test")["QueueUrl"]
        settings.POSTAMT_DEAD_LETTER_URL = client("sqs").create_queue(QueueName="postamt-test-dead")["QueueUrl"]
        health.forget()
        client("s3").create_bucket(Bucket="postamt-test", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        create_table()
        yield Mailbox("postamt-test", "postamt-test", settings.POSTAMT_QUEUE_URL, made_once("dynamodb", dynamodb_client))
