"""What SES does with a message it receives: match the active receipt rules, put it into the bucket, tell the topic.

Only boto3 calls, so that mail comes in as it does on AWS. The copy for all recipients of a transaction is one object, and its
notification names them all. Nothing here scans mail or asks a resolver: see `verdicts_of` in ses_lines.
"""

import json
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local.environment import REGION
from local.ses_lines import Transaction, ses_lines, verdicts_of

RULES_FRESH_FOR = 1.0  # seconds; a burst of mail asks for the rules once a second
HEADERS_SHOWN = 10_240  # what SES shows of the headers in a notification
BASE32_HEX = "0123456789abcdefghijklmnopqrstuv"

Rule = Mapping[str, Any]


class NobodyTakesIt(LookupError):
    """No enabled rule of the active rule set takes mail for this recipient: SMTP 550."""


def new_inbound_id() -> str:
    """In SES's form: 40 characters of base32hex."""
    return "".join(secrets.choice(BASE32_HEX) for _ in range(40))


def takes(rule: Rule, recipient: str) -> bool:
    """SES's matching: an address, a domain, or `.domain` for all its subdomains; a rule without recipients takes all."""
    if not rule.get("Enabled"):
        return False
    wanted = [entry.lower() for entry in rule.get("Recipients") or ()]
    address = recipient.lower()
    domain = address.rpartition("@")[2]
    return not wanted or address in wanted or domain in wanted or any(entry[0] == "." and domain.endswith(entry) for entry in wanted)


class Receiving:
    """The receiving half of SES over one endpoint. Safe to use from several threads."""

    def __init__(self, environment: Mapping[str, str], receipts: Path | None = None) -> None:
        self._receipts = receipts
        session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], region_name=REGION)
        options: dict[str, Any] = {"endpoint_url": environment["AWS_ENDPOINT_URL"], "config": Config(max_pool_connections=32)}
        self._ses = session.client("ses", **options)
        self._s3 = session.client("s3", **options)
        self._sns = session.client("sns", **options)
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._read_at = float("-inf")

    def rules(self) -> list[Rule]:
        with self._lock:
            if time.monotonic() - self._read_at > RULES_FRESH_FOR:
                self._rules = list(self._ses.describe_active_receipt_rule_set().get("Rules", []))
                self._read_at = time.monotonic()
            return self._rules

    def accepts(self, recipient: str) -> bool:
        return any(takes(rule, recipient) for rule in self.rules())

    def receive(self, transaction: Transaction) -> str:
        """Stores the message and publishes its notification; answers with SES's id. It returns only when the object is stored.

        Raises NobodyTakesIt, or botocore's errors when the bucket does not take it.
        """
        ses_id = new_inbound_id()
        now = datetime.now(UTC)
        verdicts = verdicts_of(transaction)
        raw = ses_lines(transaction, ses_id, now, verdicts) + transaction.raw
        stored = False
        for rule in self.rules():
            recipients = [recipient for recipient in transaction.envelope_recipients if takes(rule, recipient)]
            if not recipients:
                continue
            for action in rule["Actions"]:
                if "S3Action" in action:
                    notification = notification_of(transaction, ses_id, now, verdicts, recipients, raw)
                    self._store(action["S3Action"], ses_id, raw, notification)
                    stored = True
                if "StopAction" in action:
                    return ses_id
        if not stored:
            raise NobodyTakesIt(", ".join(transaction.envelope_recipients))
        return ses_id

    def _store(self, action: Mapping[str, str], ses_id: str, raw: bytes, notification: dict[str, Any]) -> None:
        prefix = action.get("ObjectKeyPrefix", "")
        self._s3.put_object(Bucket=action["BucketName"], Key=prefix + ses_id, Body=raw, ContentType="application/octet-stream")
        if "TopicArn" not in action:
            return
        notification["receipt"]["action"] = {
            "type": "S3",
            "topicArn": action["TopicArn"],
            "bucketName": action["BucketName"],
            "objectKeyPrefix": prefix,
            "objectKey": prefix + ses_id,
        }
        message = json.dumps(notification)
        if self._receipts:
            keep(self._receipts / f"{ses_id}.json", message)
        self.publish(action["TopicArn"], message)

    def publish(self, topic: str, message: str) -> None:
        """The emulator's SNS is in memory only: what was published when the post office was killed is published again at its start."""
        self._sns.publish(TopicArn=topic, Subject="Amazon SES Email Receipt Notification", Message=message)

    def publish_again(self) -> None:
        """Everything that is kept. Filing a receipt twice changes nothing."""
        for kept in sorted(self._receipts.glob("*.json")) if self._receipts else ():
            message = kept.read_text()
            self.publish(json.loads(message)["receipt"]["action"]["topicArn"], message)


def keep(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(text)
    draft.replace(path)


def notification_of(
    transaction: Transaction, ses_id: str, now: datetime, verdicts: Mapping[str, str], recipients: Sequence[str], raw: bytes
) -> dict[str, Any]:
    """The notification of an S3 action, without the action itself. SES Developer Guide, "Contents of notifications"."""
    timestamp = now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}Z"
    return {
        "notificationType": "Received",
        "receipt": {
            "timestamp": timestamp,
            "processingTimeMillis": 1,
            "recipients": list(recipients),
            **{f"{name}Verdict": {"status": status} for name, status in verdicts.items()},
        },
        "mail": {
            "timestamp": timestamp,
            "source": transaction.envelope_from,
            "messageId": ses_id,
            "destination": list(transaction.envelope_recipients),
            **shown_headers(raw),
        },
    }


def shown_headers(raw: bytes) -> dict[str, Any]:
    block = raw.partition(b"\r\n\r\n")[0][: HEADERS_SHOWN + 1]
    message = message_from_bytes(block[:HEADERS_SHOWN])
    return {
        "headersTruncated": len(block) > HEADERS_SHOWN,
        "headers": [{"name": name, "value": str(value)} for name, value in message.items()],
        "commonHeaders": common_headers(message),
    }


def common_headers(message: "Message[str, str]") -> dict[str, Any]:
    common: dict[str, Any] = {"returnPath": str(message.get("Return-Path", "")).strip("<>")}
    for name in ("from", "to", "cc"):
        values = [str(value) for value in message.get_all(name) or ()]
        if values:
            common[name] = [address for _name, address in getaddresses(values)]
    for name, field in (("date", "Date"), ("messageId", "Message-ID"), ("subject", "Subject")):
        if field in message:
            common[name] = str(message[field])
    return common
