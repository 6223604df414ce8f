"""How list rows become lines of a page: whose names stand there, where the link leads, which day heading the line stands under.

A line holds what `_rows.html` shows as it is shown: a template that decides and formats takes several times as long, fifty times a page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mailbox.message.sender import Sender, reasons_of_name
from mailbox.pages.avatars import ME, hue, initials, shown_name
from mailbox.pages.dates import day_heading
from mailbox.pages.place import Place, with_query
from mailbox.pages.sender_identity import is_own
from mailbox.store.labels import Label
from mailbox.store.listings import ListedRow
from mailbox.store.models import stamp

NAMES_SHOWN = 2
SNIPPET = 140  # characters; the widest line has no room for more
NO_SUBJECT = "(no subject)"
ANY_THREAD = "0" * 32


@dataclass(slots=True)
class Line:
    row: ListedRow
    value: str  # what an act names: the conversation, up to the newest message of this list
    url: str
    who: SafeString
    selecting: str  # what its check box is called
    subject: str
    preview: str
    received_at: datetime
    count: str
    initials: str
    hue: str
    unread: bool
    flagged: bool
    files: bool
    warning: bool
    labels: list[Label]

    def __getitem__(self, name: str) -> object:
        """Templates look for a key first, and a missing one costs more than all else of a lookup."""
        return getattr(self, name)


@dataclass(frozen=True, slots=True)
class Group:
    heading: str
    lines: list[Line]


def groups_of(rows: Iterable[ListedRow], place: Place, labels: Sequence[Label]) -> list[Group]:
    """The rows in their order, under their day headings."""
    now = timezone.localtime()

    def heading(row: ListedRow) -> str:
        return day_heading(row.received_at, now)

    line_of = line_maker(place, labels)
    return [Group(name, [line_of(row) for row in members]) for name, members in groupby(rows, heading)]


def line_maker(place: Place, labels: Sequence[Label]) -> Callable[[ListedRow], Line]:
    """What all lines of a list have in common is found once."""
    sent = place.box == "sent" and not place.query
    url, trail = reverse("conversation", args=[ANY_THREAD]), with_query("", **place.trail)

    def line_of(row: ListedRow) -> Line:
        people: list[list[Any]] = [[name, address, is_own(address)] for name, address in row.to] if sent else row.senders
        shown = people[-NAMES_SHOWN:] or [["", "", False]]
        name, address, _ = next((person for person in shown if not person[2]), shown[0])
        names = [ME if me else shown_name(name, address) for name, address, me in shown]
        others = max(0, len(people) - NAMES_SHOWN) + (0 if sent else row.more)
        subject = row.subject or NO_SUBJECT
        return Line(
            row=row,
            value=f"{row.thread_id}@{stamp(row.received_at)}",
            url=url.replace(ANY_THREAD, row.thread_id) + trail,
            who=_who(names, others, sent),
            selecting=f"Select: {', '.join(names)}, {subject}",
            subject=subject,
            preview=row.preview[:SNIPPET],
            received_at=row.received_at,
            count=str(row.count) if row.count > 1 else "",
            initials=initials(name or address),
            hue=str(hue(address)),
            unread=row.unread,
            flagged=row.flagged,
            files=row.files,
            warning=row.warning or (not sent and _poses(row)),
            labels=[label for label in labels if label.slug in row.labels and label.slug != place.label],
        )

    return line_of


def _who(names: Iterable[str], others: int, sent: bool) -> SafeString:
    """`Ann Lee, me +2`, each name kept from turning the others round."""
    listed = format_html_join(", ", "<bdi>{}</bdi>", ((name,) for name in names))
    return format_html("{}{}{}", "To: " if sent else "", listed, f" +{others}" if others else "") if sent or others else listed


def _poses(row: ListedRow) -> bool:
    """Whether name and address of who wrote last speak against him. What the mailbox knows of him is asked when he is read."""
    name, address, me = row.senders[-1] if row.senders else ("", "", True)
    return not me and any(reason.grave for reason in reasons_of_name(Sender(name, address, (settings.POSTAMT_DOMAIN,))))
