"""`check --round-trip`: a mail to ourselves, and when it was received, stored, indexed and shown.

It is sent by SES itself and not by the webmail's own road, so that a fault of sending is not taken for one of receiving. It cites an id
of its own, which survives what SES rewrites: that id is its conversation, and so the index is asked for it without a search.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from mailbox.message.parse import parse
from mailbox.store.facts import thread_id_of
from mailbox.store.models import MESSAGE, instant
from postamt.checkup.deployed import Deployed
from postamt.checkup.line import Result
from postamt.checkup.shown import shown
from postamt.checkup.trouble import TROUBLE, explained

T = TypeVar("T")
Row = dict[str, Any]
PATIENCE = 120.0  # seconds for each station
LOOK_EVERY = 1.0
HEAD = 20_000  # octets: all that a small mail begins with
INCOMING = "incoming/"
NOT_RECEIVED = "See the lines mx, identity and rule-set above. A mail that SES refused comes back to {sender}, which is here, too."
NOT_INDEXED = "The log /aws/lambda/{function} says why; when that is mended, `manage.py reindex --missing` indexes it."
LETTER = """From: Postamt <{sender}>\r
To: {address}\r
Subject: Round trip of {started:%Y-%m-%d %H:%M:%S} UTC\r
References: <{token}@{domain}>\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=us-ascii\r
\r
Sent by manage.py check to see that mail arrives. You may delete it.\r
"""


@dataclass(frozen=True, slots=True)
class Canary:
    address: str
    raw: bytes
    token: str
    sent_at: datetime

    @property
    def thread_id(self) -> str:
        return thread_id_of("", parse(self.raw), None)

    def after(self, when: datetime) -> str:
        return f"{max(0.0, (when - self.sent_at).total_seconds()):.0f} s after it was sent"


def round_trip(deployed: Deployed, patience: float = PATIENCE) -> Iterator[Result]:
    """A result for each station; the first that fails is the last."""
    try:
        canary = sent(deployed)
        yield good("sent", f"SES took a mail to {canary.address}.")
        row = awaited(lambda: row_of(deployed, canary), patience)
        yield from stations(deployed, canary, row) if row else lost(deployed, canary)
        if row:
            yield shown(deployed, row["id"]["S"], canary.after)
    except TROUBLE as trouble:
        yield Result("round-trip", False, *explained(trouble))


def good(station: str, says: str) -> Result:
    return Result(f"round-trip-{station}", True, says, "")


def sent(deployed: Deployed) -> Canary:
    canary = made(deployed)
    deployed.client("sesv2").send_email(
        FromEmailAddress=canary.address, Destination={"ToAddresses": [canary.address]}, Content={"Raw": {"Data": canary.raw}}
    )
    return canary


def made(deployed: Deployed) -> Canary:
    taken = deployed.deployment.recipients(deployed.domain)[0]
    address = taken if "@" in taken else f"canary@{taken}"
    token, started = f"canary-{secrets.token_hex(16)}", datetime.now(UTC)
    letter = LETTER.format(sender=address, address=address, started=started, token=token, domain=deployed.domain)
    return Canary(address, letter.encode("ascii"), token, started)


def awaited(look: Callable[[], T | None], patience: float) -> T | None:
    deadline = time.monotonic() + patience
    while True:
        found = look()
        if found is not None or time.monotonic() > deadline:
            return found
        time.sleep(LOOK_EVERY)


def row_of(deployed: Deployed, canary: Canary) -> Row | None:
    found = deployed.client("dynamodb").query(
        TableName=deployed.deployment.table,
        KeyConditionExpression="pk = :thread AND begins_with(sk, :message)",
        ExpressionAttributeValues={":thread": {"S": f"t#{canary.thread_id}"}, ":message": {"S": MESSAGE}},
        ConsistentRead=True,
    )["Items"]
    return next((row for row in found if row["key"]["S"].startswith(INCOMING)), None)


def stations(deployed: Deployed, canary: Canary, row: Row) -> Iterator[Result]:
    """Whole seconds: SES writes no finer, and S3 neither."""
    seen_at = datetime.now(UTC)
    stored = deployed.client("s3").head_object(Bucket=deployed.deployment.bucket, Key=row["key"]["S"])["LastModified"]
    yield good("received", f"SES received it {canary.after(instant(row['received_at']['S']))}.")
    yield good("stored", f"It was in {deployed.deployment.bucket} {canary.after(stored)}.")
    yield good("indexed", f"It was found in {deployed.deployment.table} {canary.after(seen_at)}.")


def lost(deployed: Deployed, canary: Canary) -> Iterator[Result]:
    """It is in no row: was it stored?"""
    if key := stored_as(deployed, canary):
        todo = NOT_INDEXED.format(function=deployed.deployment.indexer_function)
        yield good("stored", f"It is in {deployed.deployment.bucket} as {key}.")
        yield Result("round-trip-indexed", False, "It was not indexed in time.", todo)
    else:
        yield Result("round-trip-received", False, "It has not arrived in time.", NOT_RECEIVED.format(sender=canary.address))


def stored_as(deployed: Deployed, canary: Canary) -> str | None:
    """Looks through the whole listing, which takes its time; but only when something is wrong already."""
    s3, bucket = deployed.client("s3"), deployed.deployment.bucket
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=INCOMING):
        for entry in page.get("Contents", []):
            if entry["LastModified"] >= canary.sent_at.replace(microsecond=0):
                head = s3.get_object(Bucket=bucket, Key=entry["Key"], Range=f"bytes=0-{HEAD}")["Body"].read()
                if canary.token.encode() in head:
                    return str(entry["Key"])
    return None
