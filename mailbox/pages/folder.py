"""The list page of a box: `/b/<box>/`, newest first, paged by key, with the filter chips of the inbox and the acts the box offers.

One Query for the rows, whatever the size of the mailbox; the counts of the rail are bounded. Of mail it reads nothing
from S3; a running job is asked for there, and once a minute how the mailbox fares.
"""

from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mailbox.auth import reading_of, signed_in
from mailbox.pages.controls import controls_of
from mailbox.pages.frame import frame
from mailbox.pages.listing import groups_of
from mailbox.pages.place import CHIPS, Place, known_labels, name_of, place_of_list
from mailbox.store import conversations


@dataclass(frozen=True, slots=True)
class Chip:
    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Empty:
    icon: str
    heading: str
    words: str
    url: str = ""
    action: str = ""


EMPTY = {
    "inbox": Empty("letter", "All sorted", "Nothing is waiting for you. New mail shows up here."),
    "inbox.unread": Empty("check", "All read", "There is no unread mail in the inbox."),
    "inbox.starred": Empty("star", "No stars here", "No conversation in the inbox has a star."),
    "inbox.files": Empty("clip", "No files", "No conversation in the inbox has an attachment."),
    "starred": Empty("star", "No stars yet", "Star what you want to find again; it is listed here."),
    "sent": Empty("send", "Nothing sent yet", "What you send is kept here."),
    "archive": Empty("archive", "Nothing archived yet", "What you archive leaves the inbox and is kept here."),
    "junk": Empty("junk", "No spam", "Mail that the scan calls spam, or finds a virus in, is kept here."),
    "trash": Empty("trash", "Trash is empty", "What you delete waits here for 30 days before it is erased."),
}
LABEL_EMPTY = Empty("folder", "Nothing has this label", "Conversations that you give this label are listed here.")
TRASH_HINT = "What lies here is erased 30 days after it was moved here or last changed; what you delete forever, within two days."


@require_GET
@signed_in
def folder(request: HttpRequest, box: str) -> HttpResponse:
    if name_of(box, known_labels(request)) is None:
        raise Http404
    place = place_of_list(box, request.GET)
    context = frame(request, box=box) | list_context(request, place)
    return render(request, "folder.html", context | {"select_all": request.GET.get("select") == "all"})


def list_context(request: HttpRequest, place: Place) -> dict[str, object]:
    """What `_list.html` needs, on a page of its own and beside a conversation."""
    size = reading_of(request).page_size
    page = conversations.list_page(place.listing, place.before or None, place.after or None, size)
    labels, top = known_labels(request), place.top
    return {
        "place": place,
        "open_thread": "",
        "heading": name_of(place.box, labels) or place.label,
        "controls": controls_of(place, labels),
        "groups": groups_of(page.rows, place, labels),
        "rows_shown": len(page.rows),
        "chips": chips_of(place) if place.box == "inbox" else [],
        "empty": EMPTY.get(place.listing, LABEL_EMPTY),
        "hint": TRASH_HINT if place.box == "trash" and page.rows else "",
        "select_url": place.list_url(select="all"),
        "older_url": replace(top, before=page.older).url if page.older else "",
        "newer_url": replace(top, after=page.rows[0].cursor).url if page.newer and page.rows else top.url if page.newer else "",
    }


def chips_of(place: Place) -> list[Chip]:
    return [Chip(name, Place(place.box, chip).url, chip == place.chip) for chip, name in CHIPS.items()]
