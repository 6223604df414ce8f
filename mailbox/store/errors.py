"""What can go wrong between us and AWS, told once: in the log why, to the caller that the mailbox cannot be reached now.

Only faults of the way there end up here (nothing found, nobody answers, too busy, not allowed); a condition that did not hold is
an answer and stays where it was asked.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

log = logging.getLogger(__name__)

REASONS = {
    "NoSuchBucket": "the bucket does not exist: check POSTAMT_BUCKET",
    "ResourceNotFoundException": "the table or index does not exist: check POSTAMT_TABLE",
    "AWS.SimpleQueueService.NonExistentQueue": "the queue does not exist: check POSTAMT_QUEUE_URL and POSTAMT_DEAD_LETTER_URL",
    "QueueDoesNotExist": "the queue does not exist: check POSTAMT_QUEUE_URL and POSTAMT_DEAD_LETTER_URL",
    "InvalidBucketName": "POSTAMT_BUCKET is not the name of a bucket",
    "AccessDenied": "the role may not do this, or may not list the bucket",
    "AccessDeniedException": "the role may not do this",
}
REFUSED = {
    "403",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
BUSY = {
    "ProvisionedThroughputExceededException",
    "ProvisionedThroughputExceeded",
    "ThrottlingException",
    "ThrottlingError",
    "RequestLimitExceeded",
    "SlowDown",
    "TooManyRequestsException",
    "InternalServerError",
    "InternalError",
    "ServiceUnavailable",
    "503",
    "500",
}


class MailboxNotReachable(Exception):
    """The bucket, the table or the queue cannot be reached now. People see a page that says so; AWS delivers the event again."""


@contextmanager
def reaching(what: str) -> Iterator[None]:
    """Turns the faults of the way to `what` into MailboxNotReachable, with one line in the log that says why."""
    try:
        yield
    except (ClientError, BotoCoreError, PynamoDBException) as error:
        reason = reason_of(error)
        if reason is None:
            raise
        log.error("The mailbox is not reachable at %s: %s", what, reason)
        raise MailboxNotReachable(f"{what}: {reason}") from error


def reason_of(error: Exception) -> str | None:
    cause = cause_of(error)
    if isinstance(cause, BotoCoreError):
        return f"{type(cause).__name__}: {cause}"
    code = code_of(error)
    if code in REASONS:
        return REASONS[code]
    if code in BUSY:
        return f"AWS is too busy ({code}), also after waiting"
    return f"AWS does not let us in ({code})" if code in REFUSED else None


def code_of(error: BaseException) -> str:
    """The code AWS gave, or an empty text."""
    cause = cause_of(error)
    return str(cause.response.get("Error", {}).get("Code", "")) if isinstance(cause, ClientError) else ""


def cause_of(error: BaseException) -> BaseException:
    """What botocore said, where PynamoDB wraps it."""
    return error.cause or error if isinstance(error, PynamoDBException) else error
