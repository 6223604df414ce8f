"""What SES does with a message it receives: match the active receipt rules, put it into the bucket, tell the topic.

Only boto3 calls, so that mail comes in as it does on AWS. The copy for all recipients of a transaction is one object, and its
notification names them all. The lines on top and the verdicts come from ses_lines.
"""

import json
import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.environment import REGION
from local.notification import Action, key_of, notification_of
from local.ses_lines import Arrival, Transaction, arrival_of

RULES_FRESH_FOR = 1.0  # seconds; a burst of mail asks for the rules once a second

Rule = Mapping[str, Any]

log = logging.getLogger(__name__)


class NobodyTakesIt(LookupError):
    """No enabled rule of the active rule set takes mail for this recipient: SMTP 550."""


def takes(rule: Rule, recipient: str) -> bool:
    """SES's matching: an address, a domain, or `.domain` for all its subdomains; a rule without recipients takes all."""
    if not rule.get("Enabled"):
        return False
    wanted = [entry.lower() for entry in rule.get("Recipients") or ()]
    address = recipient.lower()
    domain = address.rpartition("@")[2]
    return not wanted or address in wanted or domain in wanted or any(entry[0] == "." and domain.endswith(entry) for entry in wanted)


def s3_actions(rules: Sequence[Rule], envelope_recipients: Sequence[str]) -> Iterator[tuple[Action, list[str]]]:
    """What is to be done with a message, in the order of the rules, and for which of its recipients."""
    for rule in rules:
        recipients = [recipient for recipient in envelope_recipients if takes(rule, recipient)]
        for action in rule["Actions"] if recipients else ():
            if "S3Action" in action:
                yield action["S3Action"], recipients
            if "StopAction" in action:
                return


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
        actions = list(s3_actions(self.rules(), transaction.envelope_recipients))
        if not actions:
            raise NobodyTakesIt(", ".join(transaction.envelope_recipients))
        arrival = arrival_of(transaction)
        for action, recipients in actions:
            self._store(arrival, action)
            if "TopicArn" in action:
                self._tell(arrival, action, recipients)
        return arrival.ses_id

    def _store(self, arrival: Arrival, action: Action) -> None:
        key = key_of(action, arrival)
        self._s3.put_object(Bucket=action["BucketName"], Key=key, Body=arrival.raw, ContentType="application/octet-stream")

    def _tell(self, arrival: Arrival, action: Action, recipients: Sequence[str]) -> None:
        """The message is stored by now: a topic that does not answer must not bring it a second time."""
        message = json.dumps(notification_of(arrival, action, recipients))
        if self._receipts:
            keep(self._receipts / f"{arrival.ses_id}.json", message)
        try:
            self._publish(message)
        except (BotoCoreError, ClientError) as trouble:
            log.warning("A receipt is published at the next start: %s", trouble)

    def _publish(self, message: str) -> None:
        topic = json.loads(message)["receipt"]["action"]["topicArn"]
        self._sns.publish(TopicArn=topic, Subject="Amazon SES Email Receipt Notification", Message=message)

    def publish_again(self) -> None:
        """All that is kept: the emulator's SNS forgets what it was publishing when it is killed. Filing a receipt twice changes nothing."""
        for kept in sorted(self._receipts.glob("*.json")) if self._receipts else ():
            try:
                self._publish(kept.read_text())
            except (ValueError, KeyError, TypeError) as trouble:  # cut off by a power cut
                log.warning("%s cannot be read and is put aside: %s", kept, trouble)
                kept.replace(kept.with_suffix(".unreadable"))


def keep(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(text)
    draft.replace(path)
