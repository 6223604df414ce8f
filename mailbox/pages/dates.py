"""Dates as a reader wants them: short, in the reader's time zone, and never relative to "now" in minutes (an open page would lie).

Everything is a pure function of a moment and of `now`, whose time zone is the reader's. Written by strftime: a list page has a hundred
dates, and Django takes ten times as long for one.
"""

from datetime import date, datetime


def _local(moment: datetime, now: datetime) -> datetime:
    """In the reader's zone; at the very ends of the calendar, which only a forged date names, as it is."""
    try:
        return moment.astimezone(now.tzinfo)
    except OverflowError:
        return moment


def list_date(moment: datetime, now: datetime) -> str:
    """`09:41` today, `Mon` in the last six days, `20 Nov` this year, else `20 Nov 2024`."""
    local, today = _local(moment, now), now.date()
    age = (today - local.date()).days
    if age == 0:
        return local.strftime("%H:%M")
    if 0 < age <= 6:
        return local.strftime("%a")
    return local.strftime("%-d %b" if local.year == today.year else "%-d %b %Y")


def folded_date(moment: datetime, now: datetime) -> str:
    """`09:41` today, `Sat 21 Nov` this year, else `20 Nov 2024`."""
    return _dated(moment, now, "%a %-d %b", "%-d %b %Y")


def message_date(moment: datetime, now: datetime) -> str:
    """`09:41` today, `Mon 23 Nov, 19:04` this year, else `20 Nov 2024, 19:04`."""
    return _dated(moment, now, "%a %-d %b, %H:%M", "%-d %b %Y, %H:%M")


def _dated(moment: datetime, now: datetime, this_year: str, other_years: str) -> str:
    local, today = _local(moment, now), now.date()
    if local.date() == today:
        return local.strftime("%H:%M")
    return local.strftime(this_year if local.year == today.year else other_years)


def full_date(moment: datetime, now: datetime) -> str:
    """`Tue 24 Nov 2026, 09:41 CET`."""
    return _local(moment, now).strftime("%a %-d %b %Y, %H:%M %Z")


def day_heading(moment: datetime, now: datetime) -> str:
    """The heading a list row stands under: Today, Yesterday, Earlier this week, then months."""
    day, today = _local(moment, now).date(), now.date()
    age = (today - day).days
    if age <= 0:
        return "Today"
    if age == 1:
        return "Yesterday"
    if age <= today.weekday():
        return "Earlier this week"
    return _month_heading(day, today)


def _month_heading(day: date, today: date) -> str:
    if (day.year, day.month) == (today.year, today.month):
        return day.strftime("Earlier in %B")
    return day.strftime("%B" if day.year == today.year else "%B %Y")
