"""A whole local post office on free ports, as a test sees it; the fixture `post_office` (tests/conftest.py) starts one.

Everything is the real thing: the emulator, the Lambdas, SMTP, the webmail as a process of its own. Tests in this process that call
the project's code, or boto3, speak to the same AWS as its owner.
"""

import json
import smtplib
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import boto3
import pytest
from django.conf import settings

from local.environment import Office, write_private
from local.postoffice import PostOffice as Running
from local.ses_lines import Transaction
from mailbox.store import aws

T = TypeVar("T")
PATIENCE = 60.0


class PostOffice:
    """What a test may know of the running post office, and do to it."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.endpoint = running.office.endpoint
        self.bucket = running.environment["POSTAMT_BUCKET"]
        self.table = running.environment["POSTAMT_TABLE"]
        self.domain = running.office.domain
        self.auth_secret = running.secrets.auth
        self.smtp_port = running.office.smtp_port
        self.web_url = running.office.web_url
        self.state = running.office.state
        self.environment = dict(running.environment)

    @property
    def web_environment(self) -> dict[str, str]:
        """The environment of the web process, with its own AWS identity."""
        return self.running.web_environment

    def client(self, service: str, environment: dict[str, str] | None = None) -> Any:
        """A boto3 client as the owner of the account, or as the identity of `environment`."""
        identity = environment or self.environment
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self.endpoint,
            region_name=identity["AWS_REGION"],
            aws_access_key_id=identity["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=identity["AWS_SECRET_ACCESS_KEY"],
        )

    def deliver(self, raw: bytes, to: str | None = None, envelope_from: str = "ann@example.org", **verdicts: str) -> str:
        """Hands raw mail to the receipt rules, as SMTP would, and waits for its row; answers with the message's id."""
        return self.wait_for_row(self.hand_over(raw, to, envelope_from, **verdicts))

    def hand_over(self, raw: bytes, to: str | None = None, envelope_from: str = "ann@example.org", **verdicts: str) -> str:
        """The same without waiting."""
        recipient = to or f"owner@{self.domain}"
        return f"incoming-{self.running.receiving.receive(Transaction(raw, envelope_from, (recipient,), verdicts=verdicts))}"

    def send(self, raw: bytes, *to: str, envelope_from: str = "ann@example.org") -> None:
        """Over a real SMTP connection."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=PATIENCE) as smtp:
            smtp.sendmail(envelope_from, list(to) or [f"owner@{self.domain}"], raw)

    def rows(self, message_id: str) -> list[dict[str, Any]]:
        """Keys of the message rows with this id, by the index `by_id`."""
        found = self.client("dynamodb").query(
            TableName=self.table, IndexName="by_id", KeyConditionExpression="id = :id", ExpressionAttributeValues={":id": {"S": message_id}}
        )
        return list(found["Items"])

    def wait_for_row(self, message_id: str) -> str:
        wait_until(lambda: self.rows(message_id), f"{message_id} was not indexed; {self.running.emulator.log} may say why")
        return message_id

    def start_web(self) -> None:
        self.running.start_web()

    def stop_web(self) -> None:
        self.running.stop_web()


@contextmanager
def as_web(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The project's own clients under the identity of the web process."""
    others = dict(aws.clients)
    with monkeypatch.context() as patch:
        for name, value in post_office.web_environment.items():
            patch.setenv(name, value)
        aws.clients.clear()
        yield
    aws.clients.clear()
    aws.clients.update(others)


def wait_until(look: Callable[[], T | None], complaint: str, patience: float = PATIENCE) -> T:
    """What `look` found, once it finds something."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"After {patience:.0f} seconds: {complaint}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def office_in(state: Path) -> Office:
    """A post office on free ports with the secrets of tests/settings.py."""
    state.mkdir(parents=True, exist_ok=True)
    known = {"auth": settings.POSTAMT_AUTH_SECRET, "jwt": settings.POSTAMT_JWT_SECRET, "aws": "0123456789abcdef0123456789abcdef01234567"}
    write_private(state / "secrets.json", json.dumps(known))
    return Office(state, settings.POSTAMT_DOMAIN, free_port(), free_port(), free_port())
