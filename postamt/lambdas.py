"""Entry points of the three Lambdas: web, indexer, sender. Each knows the shapes of event it takes; nothing else gets further.

Zappa's own handler would run code that an event names (`raw_command`, `command`, `manage`, a command inside an SNS message). So indexer
and sender never load it, and the web entry hands it a request built from known fields alone.
"""

import gc
import logging
import os
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from logging.config import dictConfig
from typing import Any

Event = Mapping[str, Any]
Record = Mapping[str, Any]

log = logging.getLogger(__name__)

NOTHING: Event = {"Records": []}
REQUEST_FIELDS = (
    "resource",
    "path",
    "httpMethod",
    "headers",
    "multiValueHeaders",
    "queryStringParameters",
    "multiValueQueryStringParameters",
    "pathParameters",
    "requestContext",
    "body",
    "isBase64Encoded",
)
HEADER_FIELDS = ("headers", "multiValueHeaders")
# A token without the underscore: in WSGI `X_Viewer_Address` would arrive under the very name of `X-Viewer-Address`, and be believed.
HEADER_NAME = re.compile(r"[!#$%&'*+.^`|~0-9A-Za-z-]+")


class EventRefused(PermissionError):
    """The event is of no shape this function takes."""


def web(event: Any, context: Any) -> dict[str, Any]:
    """A request from API Gateway (REST, proxy integration), and nothing else."""
    request = request_in(event)
    from zappa.handler import lambda_handler  # loads the whole application; the other two functions never need it

    return with_each_cookie_once(lambda_handler(request, context))


def request_in(event: Any) -> dict[str, Any]:
    if not isinstance(event, dict) or not isinstance(event.get("httpMethod"), str) or not isinstance(event.get("requestContext"), dict):
        raise EventRefused("The web function takes requests of API Gateway only.")
    request = {name: event[name] for name in REQUEST_FIELDS if name in event}
    return request | {field: with_plain_names(request[field]) for field in HEADER_FIELDS if request.get(field)}


def with_plain_names(headers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in headers.items() if HEADER_NAME.fullmatch(name)}


def with_each_cookie_once(response: dict[str, Any]) -> dict[str, Any]:
    """Zappa repeats each Set-Cookie several times in different spellings, and API Gateway ends headers at 10,240 bytes."""
    headers = response.get("multiValueHeaders")
    if not headers:
        return response
    names = [name for name in headers if name.lower() == "set-cookie"]
    cookies = dict.fromkeys(cookie.strip() for name in names for cookie in headers[name])
    kept = {name: values for name, values in headers.items() if name not in names}
    if cookies:
        kept["Set-Cookie"] = list(cookies)
    return {**{name: value for name, value in response.items() if name != "headers"}, "multiValueHeaders": kept}


def indexer(event: Any, _context: Any) -> None:
    """Events of the bucket, receipts from their topic, and the clock, which empties Trash and wakes jobs once a day."""
    prepare()
    from indexer.daily import do_what_is_due
    from indexer.events import on_bucket_event, on_receipt

    if is_schedule(event):
        do_what_is_due(datetime.now(UTC))
    handle(event, {"aws:s3": on_bucket_event, "aws:sns": on_receipt})


def is_schedule(event: Any) -> bool:
    """Whose rule it was does not matter: there is one thing to do by the clock, and to do it once too often does no harm."""
    return isinstance(event, dict) and event.get("source") == "aws.events" and event.get("detail-type") == "Scheduled Event"


def sender(event: Any, _context: Any) -> None:
    """Messages of the outbox queue."""
    prepare()
    from mailbox.store.outbox import queued_id
    from sender.deliver import deliver

    def on_queued(record: Record) -> None:
        body = record.get("body")
        id = queued_id(body) if isinstance(body, str) else None
        if id is None:
            log.warning("A message of the queue names no mail and is dropped")
        else:
            deliver(id)

    handle(event, {"aws:sqs": on_queued})


def handle(event: Any, takers: Mapping[str, Callable[[Record], None]]) -> None:
    """Gives each record to the taker of its source. A record that cannot be handled now does not keep the following ones waiting; it
    fails the event at the end, and AWS delivers it again (twice, then it goes to the dead letters)."""
    from mailbox.store.errors import MailboxNotReachable

    failed: Exception | None = None
    for record in records_in(event):
        source = str(record.get("eventSource") or record.get("EventSource"))
        take = takers.get(source)
        try:
            if take is not None:
                take(record)
        except Exception as error:
            # Why the mailbox was not reachable was logged where it happened.
            log.error("Not done, AWS brings it again: %s", name_of(record), exc_info=not isinstance(error, MailboxNotReachable))
            failed = error
    if failed is not None:
        raise failed


def name_of(record: Record) -> str:
    """What an operator finds a record by: the key of the object, or the message's own id."""
    try:
        return f"the event of {record['s3']['object']['key']!r:.300}"
    except (KeyError, TypeError):
        sns = record.get("Sns")
        id = sns.get("MessageId") if isinstance(sns, dict) else record.get("body")
        return f"the message {id!r:.300}"


def records_in(event: Any) -> Iterable[Record]:
    records = event.get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list):
        log.info("An event without records is left alone")
        return []
    return [record for record in records if isinstance(record, dict)]


@cache
def prepare() -> None:
    """Settings and log lines as everywhere else. Zappa does this for the web function, by way of Django's applications: templates, forms
    and models, which take longer to load than all that the other two need."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postamt.settings")
    from django.conf import settings

    if not settings.configured:  # else somebody listens already, and this would take the log away
        dictConfig(settings.LOGGING)


def start(handler: str) -> None:
    """Loads what the first event will need: Lambda lends a function more CPU while it starts than it then runs on. All of it stays, and to
    look for garbage in it would take a tenth of that time."""
    gc.disable()
    match handler:
        case "postamt.lambdas.web":
            import zappa.handler  # noqa: F401
        case "postamt.lambdas.indexer":
            indexer(NOTHING, None)
        case "postamt.lambdas.sender":
            sender(NOTHING, None)
    gc.freeze()
    gc.enable()


if "_HANDLER" in os.environ:  # Lambda's own word for what it is about to run
    start(os.environ["_HANDLER"])
