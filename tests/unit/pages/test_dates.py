"""Dates in the reader's zone: what a row, a message and a heading say."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from mailbox.pages.dates import day_heading, folded_date, full_date, list_date, message_date

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=BERLIN)  # a Tuesday


@pytest.mark.parametrize(
    ("moment", "row", "folded", "message", "heading"),
    [
        (datetime(2026, 11, 24, 8, 41, tzinfo=UTC), "09:41", "09:41", "09:41", "Today"),
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "00:30", "00:30", "00:30", "Today"),
        (datetime(2026, 11, 23, 22, 30, tzinfo=UTC), "Mon", "Mon 23 Nov", "Mon 23 Nov, 23:30", "Yesterday"),
        (datetime(2026, 11, 18, 12, 0, tzinfo=UTC), "Wed", "Wed 18 Nov", "Wed 18 Nov, 13:00", "Earlier in November"),
        (datetime(2026, 11, 17, 12, 0, tzinfo=UTC), "17 Nov", "Tue 17 Nov", "Tue 17 Nov, 13:00", "Earlier in November"),
        (datetime(2026, 7, 1, 12, 0, tzinfo=UTC), "1 Jul", "Wed 1 Jul", "Wed 1 Jul, 14:00", "July"),
        (datetime(2024, 11, 20, 12, 0, tzinfo=UTC), "20 Nov 2024", "20 Nov 2024", "20 Nov 2024, 13:00", "November 2024"),
        (datetime(2027, 1, 2, 12, 0, tzinfo=UTC), "2 Jan 2027", "2 Jan 2027", "2 Jan 2027, 13:00", "Today"),
    ],
)
def test_dates_are_short_and_in_the_reader_s_zone(moment: datetime, row: str, folded: str, message: str, heading: str) -> None:
    assert (list_date(moment, NOW), folded_date(moment, NOW), message_date(moment, NOW)) == (row, folded, message)
    assert day_heading(moment, NOW) == heading


def test_earlier_this_week_starts_on_monday() -> None:
    friday = datetime(2026, 11, 27, 12, 0, tzinfo=BERLIN)
    days = [day_heading(datetime(2026, 11, day, 12, 0, tzinfo=UTC), friday) for day in (26, 25, 23, 22)]
    assert days == ["Yesterday", "Earlier this week", "Earlier this week", "Earlier in November"]


def test_the_full_date_names_the_zone() -> None:
    assert full_date(datetime(2026, 11, 24, 8, 41, tzinfo=UTC), NOW) == "Tue 24 Nov 2026, 09:41 CET"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/New_York"])
@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_ends_of_the_calendar_are_dates_too(moment: datetime, zone: str) -> None:
    now = NOW.astimezone(ZoneInfo(zone))
    assert str(moment.year) in full_date(moment, now)
    assert list_date(moment, now)
    assert day_heading(moment, now)
