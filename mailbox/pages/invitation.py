"""The card of an invitation: what it is for, when in the reader's own zone, where, and whom an answer would reach. Words only.

Its controls, to accept or decline, are not here: nothing on the card does anything yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from django.utils import timezone
from django.utils.dateformat import format as django_format

from mailbox.message.address import Address
from mailbox.message.body import text_of
from mailbox.message.calendar import Invitation, Period, invitation_of
from mailbox.message.parse import ParsedMessage
from mailbox.pages.avatars import shown_name

KINDS = {
    "REQUEST": "Invitation",
    "REPLY": "Answer to an invitation",
    "CANCEL": "Cancelled",
    "COUNTER": "Another time is proposed",
    "DECLINECOUNTER": "The proposed time is declined",
    "ADD": "More dates of a series",
    "REFRESH": "A guest asks for the invitation again",
    "PUBLISH": "Event",
}
ANSWERS = {"accepted": "accepts", "tentative": "may come", "declined": "declines", "": "answers"}


@dataclass(frozen=True, slots=True)
class Card:
    """`day` and `month` are the tile. `when` and `where` are lines; `cancelled` is said of all of it."""

    kind: str
    cancelled: bool
    summary: str
    month: str
    day: str
    when: tuple[str, ...]
    where: tuple[str, ...]
    warning: str
    description: str


def card_of(parsed: ParsedMessage) -> Card | None:
    """The card of the invitation in a message; None where there is none."""
    invitation = invitation_of(parsed)
    if invitation is None:
        return None
    when, here = invitation.when, timezone.get_current_timezone()
    start = _in_zone(when.start, here) if when else None
    return Card(
        kind=_kind(invitation),
        cancelled=invitation.method == "CANCEL",
        summary=invitation.summary or parsed.subject or "No title",
        month=django_format(start, "M") if start else "",
        day=django_format(start, "j") if start else "",
        when=tuple(filter(None, (*_times(when, here), _recurrence(invitation)))),
        where=tuple(filter(None, (invitation.location, _people(invitation)))),
        warning=_warning(invitation),
        description="" if text_of(parsed).strip() else invitation.description,
    )


def _kind(invitation: Invitation) -> str:
    if invitation.method == "REPLY" and invitation.guest:
        name = shown_name(invitation.guest.display_name, invitation.guest.addr_spec)
        return f"{name} {ANSWERS[invitation.answer]}"
    return "Updated invitation" if invitation.method == "REQUEST" and invitation.sequence else KINDS[invitation.method]


def _recurrence(invitation: Invitation) -> str:
    if invitation.one_of_series:
        return "One date of a series"
    return f"Repeats {invitation.recurrence}" if invitation.recurrence else ""


def _people(invitation: Invitation) -> str:
    organizer, guests = invitation.organizer, invitation.guests
    invited = f"{guests} guest{'' if guests == 1 else 's'}" if guests and not invitation.guest else ""
    if organizer is None:
        return f"No organiser is named. {invited}".strip()
    return f"Organised by {shown_name(organizer.display_name, organizer.addr_spec)}{', ' if invited else ''}{invited}"


def _warning(invitation: Invitation) -> str:
    """Said when the invitation speaks for somebody who did not send this message."""
    if not invitation.sent_by_other:
        return ""
    if invitation.guest:
        return f"This is the answer of {_named(invitation.guest)}, but somebody else sent it."
    organizer = invitation.organizer
    return f"The organiser did not send this message. An answer would go to {_named(organizer)}." if organizer else ""


def _named(person: Address) -> str:
    return f"{person.display_name} <{person.addr_spec}>" if person.display_name else person.addr_spec


def _when(when: Period, zone: tzinfo) -> str:
    """`Friday 4 December, 17:30 to 20:00 (Europe/Berlin)`, with the year where it is not this one."""
    start, end = _in_zone(when.start, zone), _in_zone(when.end, zone) if when.end else None
    words = _moment(start)
    if isinstance(start, datetime) and isinstance(end, datetime) and end.date() == start.date():
        words += f" to {django_format(end, 'H:i')}"
    elif end and end != start:
        words += f" to {_moment(end)}"
    if not isinstance(start, datetime):
        return words
    place = str(zone).replace("_", " ") if start.tzinfo else when.zone or "the local time of the place"
    return f"{words} ({place})"


def _moment(moment: datetime | date) -> str:
    year = "" if moment.year == timezone.localdate().year else " Y"
    return django_format(moment, f"l j F{year}, H:i" if isinstance(moment, datetime) else f"l j F{year}")


def _in_zone(moment: datetime | date, zone: tzinfo) -> datetime | date:
    return moment.astimezone(zone) if isinstance(moment, datetime) and moment.tzinfo else moment


def _times(when: Period | None, here: tzinfo) -> Iterator[str]:
    """The time in the reader's zone and, where that differs, in the sender's."""
    if when is None:
        yield "Its time cannot be read"
        return
    yield _when(when, here)
    start = when.start
    if isinstance(start, datetime) and start.tzinfo and when.zone and start.utcoffset() != start.astimezone(here).utcoffset():
        yield _when(when, start.tzinfo)
