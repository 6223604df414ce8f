"""What SES tells the topic of an S3 action about a message: envelope, verdicts, where the message is, and its first headers.

SES Developer Guide, "Contents of notifications for Amazon SES email receiving". An S3 event carries neither recipients nor verdicts.
"""

from collections.abc import Mapping, Sequence
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from typing import Any

from local.ses_lines import Arrival

HEADERS_SHOWN = 10_240  # octets; SES cuts longer header blocks off

Action = Mapping[str, str]


def key_of(action: Action, arrival: Arrival) -> str:
    return action.get("ObjectKeyPrefix", "") + arrival.ses_id


def notification_of(arrival: Arrival, action: Action, recipients: Sequence[str]) -> dict[str, Any]:
    """`recipients`: those of the envelope that the action's rule takes."""
    timestamp = arrival.at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{arrival.at.microsecond // 1000:03d}Z"
    return {
        "notificationType": "Received",
        "receipt": {
            "timestamp": timestamp,
            "processingTimeMillis": 1,
            "recipients": list(recipients),
            **{f"{name}Verdict": {"status": status} for name, status in arrival.verdicts.items()},
            "action": {
                "type": "S3",
                "topicArn": action["TopicArn"],
                "bucketName": action["BucketName"],
                "objectKeyPrefix": action.get("ObjectKeyPrefix", ""),
                "objectKey": key_of(action, arrival),
            },
        },
        "mail": {
            "timestamp": timestamp,
            "source": arrival.transaction.envelope_from,
            "messageId": arrival.ses_id,
            "destination": list(arrival.transaction.envelope_recipients),
            **shown_headers(arrival.raw),
        },
    }


def shown_headers(raw: bytes) -> dict[str, Any]:
    block = raw.partition(b"\r\n\r\n")[0]
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
