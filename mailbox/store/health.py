"""Whether the post office works, as far as the web may know: it lists no bucket, scans no table, reads no metric.

The index is asked by a pulse: a small object that the web puts where the indexer hears of it on the road of all mail, and that the
indexer answers in the table. What was given up after several tries is counted where AWS keeps it. Every page shows what was found, so
it is asked for at most once a minute in a process, and a fault of the asking is a finding too.
"""

import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.models import Model

from mailbox.store import bucket
from mailbox.store.aws import client
from mailbox.store.errors import MailboxNotReachable, reaching
from mailbox.store.keys import HOME_KEY, PULSE_KEY
from mailbox.store.models import InstantAttribute, TableMeta, stamp

ASKED_EVERY = 60  # seconds
PATIENCE = timedelta(minutes=2)  # a cold start, and a repetition of what failed once
HOME_PATIENCE = timedelta(hours=1)


class Answer(Model):
    """`a#pulse`: the newest pulse that the indexer has seen."""

    class Meta(TableMeta):
        pass

    pk = UnicodeAttribute(hash_key=True, default="a#pulse")
    sk = UnicodeAttribute(range_key=True, default="#")
    pulse = InstantAttribute()


@dataclass(frozen=True, slots=True)
class Health:
    asked_at: datetime
    index_silent_since: datetime | None = None  # the pulse that nobody answered in time
    given_up: int | None = 0  # events and mails; None: the queue does not say
    home_seen_at: datetime | None = None  # None: there is no home server
    reachable: bool = True  # the bucket and the table answered

    @property
    def home_is_behind(self) -> bool:
        return self.home_seen_at is not None and self.asked_at - self.home_seen_at > HOME_PATIENCE


latest: list[tuple[float, Health]] = []


def current() -> Health:
    """What was found within the last minute, by this process."""
    now = time.monotonic()
    if not latest or now - latest[0][0] > ASKED_EVERY:
        latest[:] = [(now, ask())]
    return latest[0][1]


def forget() -> None:
    latest.clear()


def ask() -> Health:
    now = timezone.now()
    try:
        home = bucket.get(HOME_KEY)
        return Health(now, _unanswered(now), _given_up(), home.last_modified if home else None)
    except MailboxNotReachable:
        return Health(now, reachable=False)


def _unanswered(now: datetime) -> datetime | None:
    pulse = bucket.get(PULSE_KEY)
    if pulse is None or now - pulse.last_modified <= PATIENCE:
        return None
    answered = _answered()
    return None if answered and answered >= pulse.last_modified.replace(microsecond=0) else pulse.last_modified


def _answered() -> datetime | None:
    with reaching("the table"):
        try:
            return Answer.get("a#pulse", "#", consistent_read=True).pulse
        except DoesNotExist:
            return None


def _given_up() -> int | None:
    """What lies in the dead letters, where AWS keeps it for 14 days."""
    try:
        with reaching("the queue of dead letters"):
            found = client("sqs").get_queue_attributes(
                QueueUrl=settings.POSTAMT_DEAD_LETTER_URL, AttributeNames=["ApproximateNumberOfMessages"]
            )
    except MailboxNotReachable:
        return None
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


def send_pulse() -> None:
    bucket.put(PULSE_KEY, json.dumps({"sent_at": stamp(timezone.now())}).encode())


def answer_pulse() -> None:
    """The indexer's part. It reads the pulse itself, so that an event that comes late or twice answers the newest one."""
    pulse = bucket.get(PULSE_KEY)
    if pulse is not None:
        with reaching("the table"):
            Answer(pulse=pulse.last_modified).save()
