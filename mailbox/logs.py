"""The log: one JSON object a line, so that nothing a stranger wrote can forge a line of its own.

What may be secret never gets out: request objects and local variables are not written, texts are cut, and whatever looks like a
token, a signature or one of our own secrets is blotted out, wherever it came from.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LONGEST_TEXT = 2_000
LONGEST_ERROR = 500
DEEPEST_TRACE = 20
BLOT = "[secret]"
SECRET_SETTINGS = ("POSTAMT_AUTH_SECRET", "POSTAMT_JWT_SECRET", "POSTAMT_ORIGIN_SECRET", "SECRET_KEY")
SHORTEST_SECRET = 8
LOOKS_SECRET = re.compile(
    r"eyJ[\w-]{5,}\.[\w-]*\.?[\w-]*"  # a JSON web token
    r"|(?<=X-Amz-Signature=)\w+|(?<=X-Amz-Credential=)[\w%/-]+|(?<=X-Amz-Security-Token=)[\w%/+=-]+"  # a presigned URL
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
)
OWN_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request"}


class JsonFormatter(logging.Formatter):
    """Time, level, logger and text of an event, what it was given as `extra`, and where an exception came from."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": clean(record.getMessage(), LONGEST_TEXT),
        }
        line |= extras(record)
        if record.exc_info and record.exc_info[1]:
            line |= failure(record.exc_info[1])
        return json.dumps(line)


def extras(record: logging.LogRecord) -> dict[str, object]:
    """Plain values alone: an object's repr may hold anything."""
    given = {name: value for name, value in vars(record).items() if name not in OWN_ATTRIBUTES}
    return {
        name: clean(value, LONGEST_TEXT) if isinstance(value, str) else value
        for name, value in given.items()
        if isinstance(value, str | int | float | bool)
    }


def failure(error: BaseException) -> dict[str, object]:
    """Where it happened, by file and line; never the source lines' values."""
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST_TRACE:]
    return {
        "error": type(error).__name__,
        "reason": clean(str(error), LONGEST_ERROR),
        "trace": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def clean(text: str, longest: int) -> str:
    for name in SECRET_SETTINGS:
        secret = secret_named(name)
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, BLOT)
    return LOOKS_SECRET.sub(BLOT, text)[:longest]


def secret_named(name: str) -> str:
    """Empty where this process has none: indexer and sender know no secret, and Django refuses to read an empty SECRET_KEY."""
    try:
        return str(getattr(settings, name, ""))
    except ImproperlyConfigured:
        return ""
