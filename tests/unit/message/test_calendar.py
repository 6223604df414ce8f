"""Invitations: what they are for, when, and whose word they are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailbox.message.address import Address
from mailbox.message.calendar import Invitation, Period, invitation_of
from mailbox.message.parse import parse
from tests.mails import mail

EVENT = "UID:1\nSUMMARY:Kiln\nDTSTART:20261204T163000Z\nORGANIZER;CN=Ines:mailto:ines@example.org\n"
ATTENDEE = "ATTENDEE;CN=Bob;PARTSTAT={}:mailto:bob@example.org\n"
OUTLOOK_ZONE = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(event: str = EVENT, method: str = "REQUEST", zones: str = "") -> str:
    return f"BEGIN:VCALENDAR\nMETHOD:{method}\n{zones}BEGIN:VEVENT\n{event}END:VEVENT\nEND:VCALENDAR\n"


def read(text: str, sender: str = "ines@example.org") -> Invitation | None:
    return invitation_of(parse(f"From: {sender}\nContent-Type: text/calendar; charset=utf-8\n\n{text}".encode()))


def invited(event: str = EVENT, method: str = "REQUEST", zones: str = "", sender: str = "ines@example.org") -> Invitation:
    invitation = read(calendar(event, method, zones), sender)
    assert invitation
    return invitation


def when(times: str, zones: str = "") -> Period | None:
    return invited(f"UID:1\n{times}\n", zones=zones).when


def test_it_works() -> None:
    invitation = invitation_of(parse(mail("invitation-of-outlook")))
    assert invitation
    assert (invitation.method, invitation.sequence, invitation.summary) == ("REQUEST", 0, "Glaze firing; kiln opening")
    assert invitation.when
    assert invitation.when.zone == "W. Europe Standard Time"
    assert isinstance(invitation.when.start, datetime)
    assert invitation.when.start.astimezone(UTC) == datetime(2026, 12, 4, 16, 30, tzinfo=UTC)
    assert invitation.location == "Werkstatt Lindenhof, Hofgebäude 2"
    assert invitation.organizer == Address("Ines Okafor", "ines@werkstatt-lindenhof.example")
    assert (invitation.guests, invitation.sent_by_other) == (2, False)


def test_mail_without_a_calendar_is_no_invitation() -> None:
    assert invitation_of(parse(mail("plain"))) is None


@pytest.mark.parametrize(
    ("times", "start", "end"),
    [
        ("DTSTART:20261204T163000Z\nDTEND:20261204T173000Z", datetime(2026, 12, 4, 16, 30, tzinfo=UTC), timedelta(hours=1)),
        ("DTSTART:20261204T163000Z\nDURATION:PT1H30M", datetime(2026, 12, 4, 16, 30, tzinfo=UTC), timedelta(minutes=90)),
        ("DTSTART:20261204T163000Z\nDTEND:20261204T153000Z", datetime(2026, 12, 4, 16, 30, tzinfo=UTC), None),
        ("DTSTART;VALUE=DATE:20261204\nDTEND;VALUE=DATE:20261207", date(2026, 12, 4), timedelta(days=2)),
        ("DTSTART;VALUE=DATE:20261204\nDTEND;VALUE=DATE:20261205", date(2026, 12, 4), None),
        ("DTSTART:20261204", date(2026, 12, 4), None),
        ("DTSTART:20261204T163000", datetime(2026, 12, 4, 16, 30), None),  # noqa: DTZ001
    ],
)
def test_a_time_is_read_with_its_end(times: str, start: date, end: timedelta | None) -> None:
    assert when(times) == Period(start, start + end if end else None)


@pytest.mark.parametrize(
    ("name", "zones", "utc"),
    [
        ("Europe/Berlin", "", 15),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "", 15),
        ('"America/Argentina/Buenos_Aires"', "", 20),
        ("W. Europe Standard Time", "", 15),
        ("Customized Time Zone", OUTLOOK_ZONE.format(name="Customized Time Zone"), 15),
        ("Nowhere/Nothing", "", None),
        ("../../etc/passwd", "", None),
        ("Europe", "", None),
        ("", "", None),
    ],
)
def test_the_zone_is_found_by_the_names_and_rules_programs_write(name: str, zones: str, utc: int | None) -> None:
    span = when(f"DTSTART;TZID={name}:20260704T170000", zones)
    assert span
    assert isinstance(span.start, datetime)
    assert (span.start.astimezone(UTC).hour if span.start.tzinfo else None) == utc
    assert span.zone == name.strip('"')


@pytest.mark.parametrize(("day", "hours"), [("20260328", 1), ("20260330", 2), ("20261024", 2), ("20261026", 1), ("19990704", 2)])
def test_rules_in_the_file_give_the_offset_of_the_day(day: str, hours: int) -> None:
    span = when(f"DTSTART;TZID=Own:{day}T120000", OUTLOOK_ZONE.format(name="Own"))
    assert span
    assert isinstance(span.start, datetime)
    assert span.start.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "time", ["DTSTART:20261304T000000Z", "DTSTART:00010101T000000Z", "DTSTART:99991231T235959Z", "DTSTART:soon", "X-A:1"]
)
def test_a_time_that_no_calendar_means_is_none(time: str) -> None:
    assert when(time) is None


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,FR;INTERVAL=2;COUNT=10", "every 2 weeks on Monday and Friday, 10 times"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261224T225959Z", "every weekday, until 24 December 2026"),
        ("FREQ=MONTHLY;BYDAY=2TU", "every month on the second Tuesday"),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", "every month on the last Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "every month on day 15"),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "every year on the last Sunday of March"),
        ("FREQ=DAILY", "every day"),
        ("FREQ=SECONDLY;COUNT=999999999", "repeatedly"),
        ("FREQ=DAILY;INTERVAL=99999999999999999999;COUNT=-1;UNTIL=x", "every day"),
        ("FREQ=YEARLY;BYMONTH=1234;BYDAY=1SU", "every year on the first Sunday"),
        ("nonsense", "repeatedly"),
    ],
)
def test_a_rule_is_told_in_words_and_never_expanded(rule: str, words: str) -> None:
    assert invited(f"{EVENT}RRULE:{rule}\n").recurrence == words


@pytest.mark.parametrize(
    ("event", "said", "method"),
    [
        (EVENT, "REQUEST", "REQUEST"),
        (EVENT, "request", "REQUEST"),
        (EVENT, "NONSENSE", "PUBLISH"),
        (EVENT, "CANCEL", "CANCEL"),
        (f"{EVENT}STATUS:CANCELLED\n", "REQUEST", "CANCEL"),
        (EVENT + ATTENDEE.format("DECLINED"), "COUNTER", "COUNTER"),
    ],
)
def test_the_method_says_what_the_mail_is_for(event: str, said: str, method: str) -> None:
    assert invited(event, said).method == method


@pytest.mark.parametrize(("status", "answer"), [("ACCEPTED", "accepted"), ("TENTATIVE", "tentative"), ("DECLINED", "declined"), ("X", "")])
def test_an_answer_says_who_comes(status: str, answer: str) -> None:
    invitation = invited(EVENT + ATTENDEE.format(status), "REPLY", sender="bob@example.org")
    assert (invitation.guest, invitation.answer, invitation.sent_by_other) == (Address("Bob", "bob@example.org"), answer, False)


def test_a57_an_invitation_of_somebody_else_is_known() -> None:
    assert invited(sender="mallory@evil.example").sent_by_other
    assert invited(EVENT + ATTENDEE.format("ACCEPTED"), "REPLY", sender="mallory@evil.example").sent_by_other
    assert not invited(sender="INES@example.org").sent_by_other


@pytest.mark.parametrize("organizer", ["", "ORGANIZER:invalid:nomail\n", "ORGANIZER:https://example.org/\n", "ORGANIZER:mailto:\n"])
def test_nobody_is_the_organiser_when_no_mail_could_reach_them(organizer: str) -> None:
    assert invited(f"UID:1\n{organizer}").organizer is None


def test_the_one_changed_date_of_a_series_is_told_from_the_series() -> None:
    changed = "UID:1\nRECURRENCE-ID:20261204T163000Z\nSUMMARY:Moved\n"
    assert invited(changed).one_of_series
    both = invited(f"{changed}END:VEVENT\nBEGIN:VEVENT\n{EVENT}")
    assert (both.summary, both.one_of_series) == ("Kiln", False)


def test_a_file_of_many_events_is_no_invitation() -> None:
    assert read(calendar(f"{EVENT}END:VEVENT\nBEGIN:VEVENT\nUID:2\n")) is None


def test_of_very_many_calendars_the_first_are_looked_at() -> None:
    part = "--B\nContent-Type: text/calendar\n\n{}\n"
    head = "Content-Type: multipart/mixed; boundary=B\n\n"
    empty = part.format("BEGIN:VCALENDAR\nEND:VCALENDAR")
    assert invitation_of(parse((head + 2 * empty + part.format(calendar())).encode()))
    assert invitation_of(parse((head + 900 * empty + part.format(calendar())).encode())) is None


def test_folded_lines_escapes_and_bad_lines_are_read() -> None:
    text = 'junk\nSUMMARY:Kiln\\, glaze\\n an\n d "more"\nUID:1\n...\nORGANIZER;CN="Okafor: Ines, ^\'boss^\'":MAILTO:ines@example.org\n'
    invitation = invited(text)
    assert invitation.summary == 'Kiln, glaze and "more"'
    assert invitation.organizer == Address('Okafor: Ines, "boss"', "ines@example.org")


def test_a_file_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    invitation = read(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{EVENT}")
    assert invitation
    assert invitation.summary == "Kiln"


def test_the_direction_of_a_name_cannot_be_turned_around() -> None:
    assert invited("UID:1\nSUMMARY:a\u202eb\u0007\n").summary == "ab"


@pytest.mark.parametrize("month", ["0" * 5_000, "1234", "\u0663", "13"])
def test_a_rule_of_no_month_sets_in_at_its_begin(month: str) -> None:
    zone = OUTLOOK_ZONE.format(name="Own").replace("BYMONTH=3", f"BYMONTH={month}").replace("BYMONTH=10", f"BYMONTH={month}")
    assert month in zone
    assert when("DTSTART;TZID=Own:20260704T170000", zone)


def test_the_name_of_a_zone_is_short_and_plain() -> None:
    name = "\u202e" + "a" * 5_000
    span = when(f"DTSTART;TZID={name}:20260704T170000", OUTLOOK_ZONE.format(name=name))
    assert span
    assert isinstance(span.start, datetime)
    assert str(span.start.tzinfo) == "a" * 99


@pytest.mark.parametrize(
    "text",
    [
        "BEGIN:VEVENT\n" * 100_000,
        calendar("ATTENDEE:mailto:a@example.org\n" * 50_000),
        calendar("SUMMARY:" + "a" * 3_000_000 + "\n"),
        calendar("X" + ";a=b" * 200_000 + "\n"),
        calendar('X;a="' * 100_000 + "\n"),
        calendar("RRULE:" + "FREQ=DAILY;" * 50_000 + "\n"),
        calendar(EVENT, zones="BEGIN:VTIMEZONE\n" + "BEGIN:STANDARD\nDTSTART:16010101T000000\nRRULE:FREQ=SECONDLY\nEND:STANDARD\n" * 5_000),
    ],
    ids=["nested", "guests", "long", "parameters", "quotes", "rules", "zones"],
)
def test_a_hostile_file_is_read_in_bounded_work(text: str) -> None:
    invitation = read(text)
    assert invitation is None or len(invitation.summary) <= 300


LINES = [
    *calendar(EVENT + ATTENDEE, zones=OUTLOOK_ZONE).splitlines(keepends=True),
    "DTSTART;TZID=",
    "RRULE:",
    "\n ",
    ":",
    ";",
    '"',
    "\\",
    "^",
    "=",
]
LINES += [
    "FREQ=YEARLY;BYMONTH=0;BYDAY=9SU",
    "19000101T000000Z",
    "22001231T235959",
    "DTEND;VALUE=DATE:20261204",
    "DURATION:P9999D",
    "TZOFFSETTO:-2360",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINES) | st.text(max_size=5), max_size=60).map("".join))
@example("BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261204\nDTEND:20261204T000000Z\nRRULE:FREQ=YEARLY;BYMONTH=99999;BYDAY=MO")
@example("BEGIN:VEVENT\nDTSTART:22001231T235959Z\nDURATION:P999W9999D")
def test_any_text_is_an_invitation_or_none(text: str) -> None:
    read(text)
    read(calendar(text))
