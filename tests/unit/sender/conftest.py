"""The sender before an SES that the test plays: it keeps what it is asked to send, and answers as told."""

import base64
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from mailbox.store import bucket, outbox
from mailbox.store.outbox import OutgoingEnvelope
from sender import ses as sender_ses
from tests.unit.in_memory import mailbox

__all__ = ["mailbox"]

SES_ID = "0102018f00000000-aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee-000000"
RAW = (
    b"From: Me <me@example.com>\r\nTo: Ann <ann@example.org>\r\nSubject: Hello\r\n"
    b"Message-ID: <own@example.com>\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n\r\nA word.\r\n"
)


class Stream(io.BytesIO):
    def stream(self, *args: object, **kwargs: object) -> Iterator[bytes]:
        yield self.read()


def answer_with(status: int, body: object, headers: dict[str, str] | None = None) -> AWSResponse:
    make: Any = AWSResponse
    answer: AWSResponse = make("https://aws.test/", status, headers or {}, Stream(json.dumps(body).encode()))
    return answer


@dataclass
class Ses:
    """`answers` are given in turn, an exception is raised; after them SES takes everything."""

    answers: list[AWSResponse | Exception] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, request: Any, **kwargs: object) -> AWSResponse:
        self.requests.append(json.loads(request.body))
        if not self.answers:
            return answer_with(200, {"MessageId": SES_ID})
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def refuses(self, status: int, code: str) -> None:
        self.answers.append(answer_with(status, {"message": "No."}, {"x-amzn-errortype": code}))

    @property
    def raws(self) -> list[bytes]:
        """The bytes that SES was asked to send, one for each call."""
        return [base64.b64decode(request["Content"]["Raw"]["Data"]) for request in self.requests]


@pytest.fixture
def ses(mailbox: object, settings: Any) -> Iterator[Ses]:
    settings.POSTAMT_DOMAIN = "example.com"
    ses = Ses()
    events: Any = sender_ses.client().meta.events
    events.register_first("before-send.sesv2.SendEmail", ses)
    yield ses
    events.unregister("before-send.sesv2.SendEmail", ses)


def queue(raw: bytes = RAW, *recipients: str, sender: str = "me@example.com", bcc: tuple[str, ...] = (), id: str | None = None) -> str:
    envelope = OutgoingEnvelope(sender, recipients or ("ann@example.org",), datetime(2026, 11, 24, 10, tzinfo=UTC), bcc=bcc)
    return outbox.queue_message(raw, envelope, id)


def keys() -> list[str]:
    return list(bucket.keys(""))


def stored(key: str) -> bytes:
    found = bucket.get(key)
    assert found, f"{key} is not there"
    return found.body
