"""The table of forbidden acts: who tries what, and which sentence of whose policy stands in the way.

Each row has a twin, the same policy without that sentence (its condition or the whole denial removed, or the missing grant added),
under which the same act goes through. So it is the policy that forbids it, and nothing else.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cdk_infra.deployment import Deployment
from cdk_infra.grants import Document

MAIL = b"From: owner@example.org\r\nTo: ann@elsewhere.example\r\nSubject: Hello\r\n\r\nA word.\r\n"
MESSAGE = {"pk": {"S": "t#0123"}, "sk": {"S": "m#2026-11-24T10:00:00Z#incoming-x"}}
ROW = {"pk": {"S": "v#inbox"}, "sk": {"S": "2026-11-24T10:00:00Z#0123"}, "row": {"S": "{}"}}
SECRET = "/elsewhere/secret"
OTHER_DOMAIN = "other.example"

Clients = Callable[[str], Any]
Change = Callable[[Document], Document]


@dataclass(frozen=True, slots=True)
class Account:
    """The deployment as one identity sees it."""

    deployment: Deployment
    client: Clients
    queue_url: str

    def put(self, key: str, **conditions: str) -> None:
        self.client("s3").put_object(Bucket=self.deployment.bucket, Key=key, Body=b"{}", **conditions)

    def get(self, key: str) -> None:
        self.client("s3").get_object(Bucket=self.deployment.bucket, Key=key)

    def delete(self, key: str) -> None:
        self.client("s3").delete_object(Bucket=self.deployment.bucket, Key=key)

    def write(self, **request: Mapping[str, Any]) -> None:
        """One write in a transaction."""
        ((member, item),) = request.items()
        self.client("dynamodb").transact_write_items(TransactItems=[{member: {"TableName": self.deployment.table, **item}}])

    def put_item(self, item: Mapping[str, Any]) -> None:
        self.client("dynamodb").put_item(TableName=self.deployment.table, Item=item)

    def send(self, sender: str) -> None:
        self.client("sesv2").send_email(
            FromEmailAddress=sender, Destination={"ToAddresses": ["ann@elsewhere.example"]}, Content={"Raw": {"Data": MAIL}}
        )


@dataclass(frozen=True, slots=True)
class Forbidden:
    identity: str
    act: str
    tries: Callable[[Account], None]
    twin: Change

    def __str__(self) -> str:
        return f"{self.identity} {self.act}"


def unbound(sid: str, key: str) -> Change:
    """The statement without what it asks of this condition key."""

    def change(document: Document) -> Document:
        for statement in document["Statement"]:
            if statement["Sid"] == sid:
                statement["Condition"] = {
                    operator: kept
                    for operator, keys in statement["Condition"].items()
                    if (kept := {name: value for name, value in keys.items() if name != key})
                }
        return document

    return change


def without(sid: str) -> Change:
    def change(document: Document) -> Document:
        return document | {"Statement": [statement for statement in document["Statement"] if statement["Sid"] != sid]}

    return change


def granted(action: str, resource: str = "*") -> Change:
    def change(document: Document) -> Document:
        return document | {"Statement": [*document["Statement"], {"Effect": "Allow", "Action": action, "Resource": resource}]}

    return change


def twin_of(document: Document, twin: Change) -> Document:
    """Made from a copy."""
    return twin(json.loads(json.dumps(document)))


def set_attribute(name: str) -> dict[str, Any]:
    return {
        "Key": MESSAGE,
        "UpdateExpression": "SET #0 = :0",
        "ExpressionAttributeNames": {"#0": name},
        "ExpressionAttributeValues": {":0": {"S": "x"}},
    }


def flag_outside_a_transaction(account: Account) -> None:
    account.client("dynamodb").update_item(TableName=account.deployment.table, **set_attribute("seen"))


def read_a_secret(account: Account) -> None:
    account.client("ssm").get_parameter(Name=SECRET)


def take_from_the_queue(account: Account) -> None:
    account.client("sqs").receive_message(QueueUrl=account.queue_url)


def put_into_the_queue(account: Account) -> None:
    account.client("sqs").send_message(QueueUrl=account.queue_url, MessageBody="{}")


def switch_versions_off(account: Account) -> None:
    account.client("s3").put_bucket_versioning(Bucket=account.deployment.bucket, VersioningConfiguration={"Status": "Suspended"})


OWN, OTHER = "owner@example.org", f"owner@{OTHER_DOMAIN}"
FLAGS, LIST_ROWS, OWN_ROWS = "ChangeFlagsInATransaction", "ChangeListRowsInATransaction", "KeepUndoAndSignInAttempts"
LEADING_KEYS, ATTRIBUTES, ENCLOSING = "dynamodb:LeadingKeys", "dynamodb:Attributes", "dynamodb:EnclosingOperation"

WEB = (
    Forbidden("web", "deletes a mail", lambda aws: aws.delete("incoming/x"), granted("s3:DeleteObject")),
    Forbidden("web", "overwrites a mail", lambda aws: aws.put("incoming/x"), granted("s3:PutObject")),
    Forbidden("web", "overwrites a sent copy", lambda aws: aws.put("sent/x"), granted("s3:PutObject")),
    Forbidden("web", "forges a receipt", lambda aws: aws.put("receipts/x.json"), granted("s3:PutObject")),
    Forbidden("web", "speaks for the home server", lambda aws: aws.put("sync/heartbeat.json"), granted("s3:PutObject")),
    Forbidden("web", "claims outgoing mail", lambda aws: aws.put("outbox/x.claim"), without("NeverClaimOutgoingMail")),
    Forbidden("web", "takes queued mail back unseen", lambda aws: aws.delete("outbox/x"), granted("s3:DeleteObject")),
    Forbidden("web", "switches versions off", switch_versions_off, granted("s3:PutBucketVersioning")),
    Forbidden(
        "web", "changes the subject of a message", lambda aws: aws.write(Update=set_attribute("subject")), unbound(FLAGS, ATTRIBUTES)
    ),
    Forbidden("web", "flags a message outside a transaction", flag_outside_a_transaction, unbound(FLAGS, ENCLOSING)),
    Forbidden(
        "web",
        "updates a row that is no message",
        lambda aws: aws.write(Update=set_attribute("seen") | {"Key": {"pk": {"S": "x#"}, "sk": {"S": "x"}}}),
        unbound(FLAGS, LEADING_KEYS),
    ),
    Forbidden("web", "makes a message row", lambda aws: aws.write(Put={"Item": MESSAGE}), unbound(LIST_ROWS, LEADING_KEYS)),
    Forbidden("web", "deletes a message row", lambda aws: aws.write(Delete={"Key": MESSAGE}), unbound(LIST_ROWS, LEADING_KEYS)),
    Forbidden(
        "web",
        "writes facts into a list row",
        lambda aws: aws.write(Put={"Item": ROW | {"subject": {"S": "x"}}}),
        unbound(LIST_ROWS, ATTRIBUTES),
    ),
    Forbidden("web", "makes a list row outside a transaction", lambda aws: aws.put_item(ROW), unbound(LIST_ROWS, ENCLOSING)),
    Forbidden("web", "makes a row of any other kind", lambda aws: aws.put_item(MESSAGE), unbound(OWN_ROWS, LEADING_KEYS)),
    Forbidden(
        "web", "reads the whole table", lambda aws: aws.client("dynamodb").scan(TableName=aws.deployment.table), granted("dynamodb:Scan")
    ),
    Forbidden("web", "sends", lambda aws: aws.send(OWN), granted("ses:SendRawEmail")),
    Forbidden("web", "takes from the queue", take_from_the_queue, granted("sqs:ReceiveMessage")),
    Forbidden("web", "reads another's secret", read_a_secret, granted("ssm:GetParameter")),
)
INDEXER = (
    Forbidden("indexer", "sends", lambda aws: aws.send(OWN), granted("ses:SendRawEmail")),
    Forbidden("indexer", "overwrites a mail", lambda aws: aws.put("incoming/x"), granted("s3:PutObject")),
    Forbidden("indexer", "queues mail", lambda aws: aws.put("outbox/x"), granted("s3:PutObject")),
    Forbidden("indexer", "wakes the sender", put_into_the_queue, granted("sqs:SendMessage")),
    Forbidden("indexer", "changes settings", lambda aws: aws.put("settings/labels.json"), granted("s3:PutObject")),
    Forbidden("indexer", "deletes settings", lambda aws: aws.delete("settings/labels.json"), granted("s3:DeleteObject")),
    Forbidden(
        "indexer",
        "files a state over a person's, first",
        lambda aws: aws.put("state/new.json"),
        unbound("FirstStateOfAMessage", "s3:if-none-match"),
    ),
    Forbidden(
        "indexer",
        "files a state over a person's, later",
        lambda aws: aws.put("state/x.json"),
        unbound("ChangeStateByCompareAndSet", "s3:if-match"),
    ),
    Forbidden("indexer", "reads a secret", read_a_secret, granted("ssm:GetParameter")),
    Forbidden("indexer", "switches versions off", switch_versions_off, granted("s3:PutBucketVersioning")),
)
SENDER = (
    Forbidden("sender", "sends from another domain", lambda aws: aws.send(OTHER), unbound("Send", "ses:FromAddress")),
    Forbidden("sender", "reads mail", lambda aws: aws.get("incoming/x"), granted("s3:GetObject")),
    Forbidden("sender", "deletes mail", lambda aws: aws.delete("incoming/x"), granted("s3:DeleteObject")),
    Forbidden("sender", "deletes a sent copy", lambda aws: aws.delete("sent/x"), granted("s3:DeleteObject")),
    Forbidden("sender", "changes a state", lambda aws: aws.put("state/x.json"), granted("s3:PutObject")),
    Forbidden("sender", "writes a row", lambda aws: aws.put_item(ROW), granted("dynamodb:PutItem")),
    Forbidden("sender", "wakes itself", put_into_the_queue, granted("sqs:SendMessage")),
    Forbidden("sender", "reads a secret", read_a_secret, granted("ssm:GetParameter")),
)
SMTP = (
    Forbidden("smtp", "sends from another domain", lambda aws: aws.send(OTHER), unbound("SendFromTheOwnDomains", "ses:FromAddress")),
    Forbidden("smtp", "reads mail", lambda aws: aws.get("incoming/x"), granted("s3:GetObject")),
    Forbidden("smtp", "writes a row", lambda aws: aws.put_item(ROW), granted("dynamodb:PutItem")),
)
SYNC = (
    Forbidden("sync", "changes a state", lambda aws: aws.put("state/x.json"), granted("s3:PutObject")),
    Forbidden("sync", "overwrites a mail", lambda aws: aws.put("incoming/x"), granted("s3:PutObject")),
    Forbidden("sync", "deletes a mail", lambda aws: aws.delete("incoming/x"), granted("s3:DeleteObject")),
    Forbidden("sync", "deletes its own heartbeat", lambda aws: aws.delete("sync/x"), granted("s3:DeleteObject")),
    Forbidden("sync", "reads a draft", lambda aws: aws.get("drafts/x"), granted("s3:GetObject")),
    Forbidden("sync", "sends", lambda aws: aws.send(OWN), granted("ses:SendRawEmail")),
    Forbidden("sync", "writes a row", lambda aws: aws.put_item(ROW), granted("dynamodb:PutItem")),
)
ACTS = (*WEB, *INDEXER, *SENDER, *SMTP, *SYNC)
