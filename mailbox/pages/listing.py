"""How list rows become lines of a page: whose names stand there, where the link leads, which day heading the line stands under."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from mailbox.message.sender import Sender, reasons_of_name
from mailbox.pages.avatars import ME, hue, initials, shown_name
from mailbox.pages.dates import day_heading
from mailbox.pages.place import Place, with_query
from mailbox.store.labels import Label
from mailbox.store.listings import ListedRow
from mailbox.store.models import stamp

NAMES_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Line:
    row: ListedRow
    value: str  # what an act names: the conversation, up to the newest message of this list
    url: str
    names: tuple[str, ...]
    others: int
    initials: str
    hue: int
    sent: bool
    warning: bool
    labels: list[Label]


@dataclass(frozen=True, slots=True)
class Group:
    heading: str
    lines: list[Line]


def groups_of(rows: Iterable[ListedRow], place: Place, labels: Sequence[Label]) -> list[Group]:
    """The rows in their order, under their day headings."""
    now = timezone.now()

    def heading(row: ListedRow) -> str:
        return day_heading(row.received_at, now)

    return [Group(name, [line_of(row, place, labels) for row in members]) for name, members in groupby(rows, heading)]


def line_of(row: ListedRow, place: Place, labels: Sequence[Label]) -> Line:
    sent = place.box == "sent" and not place.query
    people = [(name, address, False) for name, address in row.to] if sent else [(name, address, me) for name, address, me in row.senders]
    shown = people[-NAMES_SHOWN:] or [("", "", False)]
    name, address, _ = next((person for person in shown if not person[2]), shown[0])
    return Line(
        row=row,
        value=f"{row.thread_id}@{stamp(row.received_at)}",
        url=with_query(reverse("conversation", args=[row.thread_id]), **place.trail),
        names=tuple(ME if me else shown_name(name, address) for name, address, me in shown),
        others=max(0, len(people) - NAMES_SHOWN) + (0 if sent else row.more),
        initials=initials(name or address),
        hue=hue(address),
        sent=sent,
        warning=row.warning or (not sent and _poses(row)),
        labels=[label for label in labels if label.slug in row.labels and label.slug != place.label],
    )


def _poses(row: ListedRow) -> bool:
    """Whether name and address of who wrote last speak against him. What the mailbox knows of him is asked when he is read."""
    name, address, me = row.senders[-1] if row.senders else ("", "", True)
    return not me and any(reason.grave for reason in reasons_of_name(Sender(name, address, (settings.POSTAMT_DOMAIN,))))
