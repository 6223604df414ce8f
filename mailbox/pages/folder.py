"""The list page of a box: `/b/<box>/`, newest first, paged by key, with the filter chips of the inbox.

One Query for the rows, whatever the size of the mailbox; the counts of the rail are bounded. It reads nothing from S3.
"""

from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mailbox.auth import signed_in
from mailbox.pages.frame import frame
from mailbox.pages.listing import groups_of
from mailbox.pages.place import BOXES, CHIPS, Place, place_of_list
from mailbox.store import conversations

PAGE_SIZE = 25


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
    "inbox.files": Empty("clip", "No files", "No conversation in the inbox has an attachment."),
    "sent": Empty("send", "Nothing sent yet", "What you send is kept here."),
    "junk": Empty("junk", "No spam", "Mail that the scan calls spam, or finds a virus in, is kept here."),
}


@require_GET
@signed_in
def folder(request: HttpRequest, box: str) -> HttpResponse:
    if box not in BOXES:
        raise Http404
    place = place_of_list(box, request.GET)
    context = frame(request, box=box) | list_context(place)
    return render(request, "folder.html", context)


def list_context(place: Place) -> dict[str, object]:
    """What `_list.html` needs, on a page of its own and beside a conversation."""
    page = conversations.list_page(place.listing, place.before or None, place.after or None, PAGE_SIZE)
    top = replace(place, before="", after="", query="")
    return {
        "place": place,
        "heading": BOXES[place.box],
        "groups": groups_of(page.rows, place),
        "chips": chips_of(place) if place.box == "inbox" else [],
        "empty": EMPTY[place.listing],
        "older_url": replace(top, before=page.older).url if page.older else "",
        "newer_url": replace(top, after=page.rows[0].cursor).url if page.newer and page.rows else top.url if page.newer else "",
    }


def chips_of(place: Place) -> list[Chip]:
    return [Chip(name, Place(place.box, chip).url, chip == place.chip) for chip, name in CHIPS.items()]
