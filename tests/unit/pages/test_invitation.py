"""The card of an invitation above the text of its message."""

import re

import pytest
from django.test import Client, override_settings

from tests.mails import mail
from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import opened
from tests.unit.pages.seen import elements, words

OUTLOOK = mail("invitation-of-outlook")


def changed(*changes: tuple[str, str], raw: bytes = OUTLOOK) -> bytes:
    for old, new in changes:
        assert re.search(old.encode(), raw)
        raw = re.sub(old.encode(), new.encode().replace(b"\\", rb"\\"), raw)
    return raw


def card(reader: Client, mailbox: Mailbox, raw: bytes = OUTLOOK) -> str:
    (said,) = words(opened(reader, mailbox.arrive(raw)), "inv")
    return said


def test_it_works(reader: Client, mailbox: Mailbox) -> None:
    page = opened(reader, mailbox.arrive(OUTLOOK))
    (said,) = words(page, "inv")
    assert words(page, "cal") == ["Dec4"]
    assert "Glaze firing; kiln opening" in said
    assert "Werkstatt Lindenhof, Hofgebäude 2" in said
    assert "Organised by Ines Okafor, 2 guests" in said
    assert words(page, "odd") == []
    assert words(page, "body") == ["The kiln should be cool enough by half past five."]


def test_a_mail_without_an_invitation_has_no_card(reader: Client, mailbox: Mailbox) -> None:
    assert words(opened(reader, mailbox.arrive(mail("plain"))), "inv") == []


@override_settings(TIME_ZONE="America/New_York")
def test_the_time_is_the_readers_with_the_senders_below_where_it_differs(reader: Client, mailbox: Mailbox) -> None:
    said = card(reader, mailbox, changed(("W. Europe Standard Time:2026", "W. Europe Standard Time:2030")))
    assert "Wednesday 4 December 2030, 11:30 to 14:00 (America/New York)" in said
    assert "Wednesday 4 December 2030, 17:30 to 20:00 (Europe/Berlin)" in said


@override_settings(TIME_ZONE="Europe/Vienna")
def test_the_same_time_is_not_said_twice(reader: Client, mailbox: Mailbox) -> None:
    said = card(reader, mailbox)
    assert "17:30 to 20:00 (Europe/Vienna)" in said
    assert "Berlin" not in said


def test_a_whole_day_has_no_zone(reader: Client, mailbox: Mailbox) -> None:
    days = ("DTSTART.*", "DTSTART;VALUE=DATE:20301204"), ("DTEND.*", "DTEND;VALUE=DATE:20301207")
    assert "Wednesday 4 December 2030 to Friday 6 December 2030 Werkstatt" in card(reader, mailbox, changed(*days))


def test_a_time_without_a_known_zone_is_said_as_written(reader: Client, mailbox: Mailbox) -> None:
    floating = changed(("DTSTART;TZID.*:2026", "DTSTART:2030"), ("DTEND.*", ""))
    assert "Wednesday 4 December 2030, 17:30 (the local time of the place)" in card(reader, mailbox, floating)
    unknown = changed(("DTSTART;TZID.*:2026", "DTSTART;TZID=Own Time:2030"), ("DTEND.*", ""))
    assert "Wednesday 4 December 2030, 17:30 (Own Time)" in card(reader, mailbox, unknown)


def test_an_invitation_without_a_time_says_so(reader: Client, mailbox: Mailbox) -> None:
    page = opened(reader, mailbox.arrive(changed(("DTSTART;TZID.*", "DTSTART:soon"))))
    assert "Its time cannot be read" in words(page, "inv")[0]
    assert words(page, "cal") == []


def test_a57_an_organiser_who_did_not_send_it_is_said_with_the_address(reader: Client, mailbox: Mailbox) -> None:
    page = opened(reader, mailbox.arrive(changed(("From: .*", "From: Mallory <mallory@evil.example>"))))
    assert words(page, "odd") == [
        "The organiser did not send this message. An answer would go to Ines Okafor <ines@werkstatt-lindenhof.example>."
    ]


def test_a57_an_answer_somebody_else_sent_is_no_answer(reader: Client, mailbox: Mailbox) -> None:
    said = card(reader, mailbox, changed(("METHOD:REQUEST", "METHOD:REPLY"), ("NEEDS-ACTION", "ACCEPTED")))
    assert "Lindqvist, Mara accepts" in said
    assert "This is the answer of Lindqvist, Mara <owner@postamt.localhost>, but somebody else sent it." in said


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ([("SEQUENCE:0", "SEQUENCE:2")], "Updated invitation"),
        ([("METHOD:REQUEST", "METHOD:CANCEL")], "Cancelled"),
        ([("METHOD:REQUEST", "METHOD:PUBLISH")], "Event"),
        ([("METHOD:REQUEST", "METHOD:COUNTER")], "Another time is proposed"),
    ],
)
def test_updates_and_cancellations_say_so(reader: Client, mailbox: Mailbox, changes: list[tuple[str, str]], kind: str) -> None:
    assert kind in card(reader, mailbox, changed(*changes))


def test_what_repeats_says_how(reader: Client, mailbox: Mailbox) -> None:
    assert "Repeats every 2 weeks on Friday" in card(reader, mailbox, changed(("SEQUENCE:0", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=FR")))


def test_the_description_is_shown_only_where_the_mail_has_no_text(reader: Client, mailbox: Mailbox) -> None:
    described = changed(("SEQUENCE:0", r"DESCRIPTION:Bring gloves.\nTwo pairs."))
    assert "Bring gloves." not in card(reader, mailbox, described)
    assert "Bring gloves. Two pairs." in card(reader, mailbox, changed(("The kiln should.*", ""), raw=described))


def test_nothing_of_a_calendar_is_markup(reader: Client, mailbox: Mailbox) -> None:
    page = opened(reader, mailbox.arrive(changed((r"Glaze firing\\;", "<img src=x onerror=alert(1)>"))))
    assert elements(page, "img") == []
    assert "<img src=x onerror=alert(1)>" in words(page, "inv")[0]


def test_nothing_on_the_card_can_be_pressed(reader: Client, mailbox: Mailbox) -> None:
    page = opened(reader, mailbox.arrive(OUTLOOK))
    section = page[page.index('<section class="inv"') : page.index("</section>", page.index('<section class="inv"'))]
    assert not re.search("<(?:a|button|form|input)", section)
