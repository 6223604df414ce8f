"""Invitations: what a text/calendar part of a message asks for, changes, calls off or answers. RFC 5545, 5546.

What stands in it is the sender's claim. The organiser, to whom an answer would go, need not be who sent the message: `sent_by_other` says
so. Nothing is put into any calendar, and no rule of the file is ever expanded.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Literal, get_args

from mailbox.message.address import ADDR_SPEC, Address
from mailbox.message.attachments import Attachment
from mailbox.message.charsets import decode
from mailbox.message.headers import readable
from mailbox.message.ical import Component, Property, local_time, read_calendar, rule_of
from mailbox.message.parse import ParsedMessage
from mailbox.message.recurrence import recurrence_in_words
from mailbox.message.timezones import zone_of

READ_AT_MOST = 500_000
CALENDARS_AT_MOST = 3  # Exchange and Google send the same one twice: as a part and as a file
LINE_AT_MOST = 300
DESCRIPTION_AT_MOST = 5_000
EVENTS_AT_MOST = 50

Method = Literal["REQUEST", "REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "ADD", "REFRESH", "PUBLISH"]
Answer = Literal["accepted", "tentative", "declined", ""]
ANSWERS: dict[str, Answer] = {"ACCEPTED": "accepted", "TENTATIVE": "tentative", "DECLINED": "declined"}
FROM_GUESTS = ("REPLY", "COUNTER", "REFRESH")

CALENDARS = frozenset({"text/calendar", "application/ics"})
MAILTO = re.compile(r"(?:mailto:)?\s?([^\x00-\x20\x7f-\xa0]{3,254})", re.IGNORECASE)
DURATION = re.compile(r"\+?P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:\d{1,6}S)?)?")
DAY = re.compile(r"(\d{4})(\d\d)(\d\d)\s*(?:T|\Z)")


@dataclass(frozen=True, slots=True)
class Period:
    """When it is. A `date` is a whole day, and `end` its last; a time without a zone is the wall clock where it takes place. `zone` is
    the zone's name as written, empty for UTC."""

    start: datetime | date
    end: datetime | date | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """`guest` and `answer` are of a REPLY: who answers, and how. `sent_by_other`: whose word this is, is not who sent the message."""

    method: Method
    sequence: int
    summary: str
    when: Period | None
    location: str
    description: str
    organizer: Address | None
    guests: int
    recurrence: str
    one_of_series: bool
    guest: Address | None
    answer: Answer
    sent_by_other: bool


def invitation_of(parsed: ParsedMessage) -> Invitation | None:
    """The invitation in a message; None where there is none, or a file of many events, which is no invitation. Never raises."""
    for attachment in islice(filter(_is_calendar, parsed.attachments), CALENDARS_AT_MOST):
        calendar = read_calendar(decode(attachment.content[:READ_AT_MOST], ""))
        events = calendar.inner("VEVENT")[:EVENTS_AT_MOST]
        if events and len({event.text("UID") for event in events}) == 1:
            return _invitation(parsed, calendar, events)
    return None


def _is_calendar(attachment: Attachment) -> bool:
    return attachment.content_type in CALENDARS or attachment.filename.lower().endswith(".ics")


def _invitation(parsed: ParsedMessage, calendar: Component, events: list[Component]) -> Invitation:
    event = next((event for event in events if not event.first("RECURRENCE-ID")), events[0])
    method = _method(calendar, event)
    organizer = _person(event.first("ORGANIZER"))
    guest = _person(event.first("ATTENDEE")) if method in FROM_GUESTS else None
    return Invitation(
        method=method,
        sequence=_number(event.text("SEQUENCE")),
        summary=_line(event.text("SUMMARY")),
        when=_when(calendar, event),
        location=_line(event.text("LOCATION")),
        description=event.text("DESCRIPTION").strip()[:DESCRIPTION_AT_MOST],
        organizer=organizer,
        guests=len(event.all("ATTENDEE")),
        recurrence=recurrence_in_words(rule_of(event.first("RRULE"))),
        one_of_series=event.first("RECURRENCE-ID") is not None,
        guest=guest,
        answer=_answer(event.first("ATTENDEE")) if method == "REPLY" else "",
        sent_by_other=_sent_by_other(parsed, guest if method in FROM_GUESTS else organizer),
    )


def _method(calendar: Component, event: Component) -> Method:
    """What the file says it is for; a cancelled event is a cancellation whatever else it says."""
    said = calendar.text("METHOD").strip().upper()
    if event.text("STATUS").strip().upper() == "CANCELLED" and said != "REPLY":
        return "CANCEL"
    return next((method for method in get_args(Method) if method == said), "PUBLISH")


def _sent_by_other(parsed: ParsedMessage, person: Address | None) -> bool:
    senders = {address.addr_spec.casefold() for address in parsed.from_}
    return person is not None and person.addr_spec.casefold() not in senders


def _person(value: Property | None) -> Address | None:
    """Whom a calendar address means; None when no mail could go there. iCloud's have more before the `@` than RFC 5321 grants."""
    match = MAILTO.fullmatch(value.value.strip()) if value else None
    if value is None or match is None or not ADDR_SPEC.fullmatch(match[1]):
        return None
    return Address(_line(value.parameters.get("CN", "")), match[1])


def _answer(attendee: Property | None) -> Answer:
    return ANSWERS.get(attendee.parameters.get("PARTSTAT", "").upper(), "") if attendee else ""


def _when(calendar: Component, event: Component) -> Period | None:
    first = event.first("DTSTART")
    start = _moment(calendar, first)
    if first is None or start is None:
        return None
    end = _moment(calendar, event.first("DTEND"))
    if end is None and (length := _duration(event.text("DURATION"))):
        end = start + length
    if isinstance(end, datetime) != isinstance(start, datetime):
        end = None
    elif end is not None and not isinstance(end, datetime):
        end -= timedelta(days=1)  # the day on which it is over
    return Period(start, end if end and _is_after(end, start) else None, _line(first.parameters.get("TZID", "")))


def _is_after(end: datetime | date, start: datetime | date) -> bool:
    if isinstance(end, datetime) and isinstance(start, datetime) and (end.tzinfo is None) != (start.tzinfo is None):
        return False
    return end > start


def _moment(calendar: Component, value: Property | None) -> datetime | date | None:
    if value is None:
        return None
    local = local_time(value.value)
    if local is None or local.year < 1900:
        return _day(value.value)
    if value.value.strip().upper().endswith("Z"):
        return local.replace(tzinfo=UTC)
    return local.replace(tzinfo=zone_of(value.parameters.get("TZID", ""), local, calendar))


def _day(text: str) -> date | None:
    match = DAY.fullmatch(text.strip())
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match and 1900 <= int(match[1]) <= 2200 else None
    except ValueError:
        return None


def _duration(text: str) -> timedelta | None:
    match = DURATION.fullmatch(text.strip().upper())
    weeks, days, hours, minutes = (int(piece or 0) for piece in match.groups()) if match else (0, 0, 0, 0)
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes) or None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _line(text: str) -> str:
    return readable(text[: 2 * LINE_AT_MOST])[:LINE_AT_MOST]
