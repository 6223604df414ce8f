"""The time zone that an invitation means: by its IANA name, by the name Windows gives it, or by the rules the file itself brings.

Rules are read as far as calendars of today write them: a fixed offset, or two changes a year, each on the nth weekday of a month. They are
computed for one moment, never listed, so that no rule of a stranger costs time. RFC 5545 3.6.5.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from mailbox.message.headers import readable
from mailbox.message.ical import Component, Property, local_time, rule_of
from mailbox.message.recurrence import DAYS, MONTH
from mailbox.message.windows_zones import WINDOWS_ZONES

IANA_NAME = re.compile(r"(?:[A-Za-z_-]+/){0,2}[A-Za-z0-9_+-]+")
OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?:\d\d)?")
NTH_WEEKDAY = re.compile(r"([+-]?\d)(MO|TU|WE|TH|FR|SA|SU)")
NAME_MOST = 100


def zone_of(name: str, local: datetime, calendar: Component) -> tzinfo | None:
    """The zone this name means at this local time; None when nobody can know. Never raises."""
    known = _iana(name) or _iana(WINDOWS_ZONES.get(name, ""))
    if known:
        return known
    definition = next((zone for zone in calendar.inner("VTIMEZONE") if zone.text("TZID") == name), None)
    if definition is None:
        return None
    offset = _offset(definition, local)
    return _iana(definition.text("X-LIC-LOCATION")) or (None if offset is None else timezone(offset, readable(name[:NAME_MOST])))


def _iana(name: str) -> ZoneInfo | None:
    """The zone of this name, also behind a prefix as in `/freeassociation.sourceforge.net/Europe/Berlin`."""
    pieces = name.strip("/ ").split("/")
    for count in (3, 2, 1):
        candidate = "/".join(pieces[-count:])
        if len(pieces) >= count and len(candidate) < 50 and IANA_NAME.fullmatch(candidate) and (zone := _loaded(candidate)):
            return zone
    return None


def _loaded(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a folder of zones is an OSError
        return None


def _offset(definition: Component, local: datetime) -> timedelta | None:
    """The offset that the rules of this VTIMEZONE give: that of the last change before the local time, else what was before the first."""
    changes: list[tuple[datetime, timedelta | None]] = []
    earliest: list[tuple[datetime, timedelta | None]] = []
    for rules in (*definition.inner("STANDARD"), *definition.inner("DAYLIGHT")):
        begin = _local_time(rules.first("DTSTART"))
        if begin is None:
            continue
        earliest.append((begin, _utc_offset(rules.text("TZOFFSETFROM"))))
        changes += [(moment, _utc_offset(rules.text("TZOFFSETTO"))) for moment in _onsets(rules, begin, local.year)]
    past = [change for change in changes if change[0] <= local and change[1] is not None]
    if past:
        return max(past, key=lambda change: change[0])[1]
    return min(earliest, key=lambda change: change[0])[1] if earliest else None


def _onsets(rules: Component, begin: datetime, year: int) -> Iterator[datetime]:
    """When these rules set in: at their begin, and in this year and the one before as their yearly rule says."""
    yield begin
    rule = rule_of(rules.first("RRULE"))
    nth = NTH_WEEKDAY.fullmatch(rule.get("BYDAY", ""))
    if rule.get("FREQ") != "YEARLY" or not nth or not MONTH.fullmatch(rule.get("BYMONTH", "")):
        return
    for each in (year - 1, year):
        day = _nth_weekday(each, int(rule["BYMONTH"]), int(nth[1]), list(DAYS).index(nth[2]))
        if day and each >= begin.year and f"{each:04}" <= rule.get("UNTIL", "9999")[:4]:
            yield begin.replace(year=each, month=int(rule["BYMONTH"]), day=day)


def _nth_weekday(year: int, month: int, nth: int, weekday: int) -> int | None:
    """The day of the month of its nth such weekday, counted from its end for a negative n."""
    first, length = monthrange(year, month)
    days = range(1 + (weekday - first) % 7, length + 1, 7)
    return days[nth - 1 if nth > 0 else nth] if 0 < abs(nth) <= len(days) else None


def _local_time(value: Property | None) -> datetime | None:
    return local_time(value.value) if value else None


def _utc_offset(text: str) -> timedelta | None:
    match = OFFSET.fullmatch(text.strip())
    if match is None or int(match[2]) > 23 or int(match[3]) > 59:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return -offset if match[1] == "-" else offset
