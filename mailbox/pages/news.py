"""`/news/`: what an open page asks once a minute. How many conversations of the inbox are news to the page, and nothing else.

The request says `X-Background: 1`, so that an open page does not keep a session alive; without that it is a person's act that does. What
the page knows already travels with it, as cursors: times have only seconds, and mail may be listed later than it came.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from mailbox.auth import signed_in
from mailbox.pages.frame import COUNT_LIMIT, counted
from mailbox.pages.listing import Group
from mailbox.pages.place import Place
from mailbox.store import conversations
from mailbox.store.preferences import PAGE_SIZES

LATE = timedelta(minutes=2)  # between the arrival of a mail and its line in the list


@require_GET
@signed_in
def news(request: HttpRequest) -> HttpResponse:
    """One Query of keys, bounded at 100 and what is known."""
    if request.headers.get("X-Fragment") != "1":
        return HttpResponseRedirect(reverse("folder", args=["inbox"]), status=303)
    known = request.GET.getlist("known")[: max(PAGE_SIZES)]
    number = conversations.count_newer("inbox", request.GET.get("after", ""), known, limit=COUNT_LIMIT)
    if not number:
        return HttpResponse(status=204)
    return render(request, "_news.html", {"number": number, "shown": counted(number)})


def news_query(place: object, groups: Sequence[Group] | None, *, has_older: bool) -> str:
    """What a page asks with: `after` a cursor all is news but what is `known`. A page that shows the inbox from the top knows its rows,
    any other one the moment."""
    if groups is None or place != Place("inbox"):
        return urlencode({"after": conversations.start_of(timezone.now())})
    cursors = [line.row.cursor for group in groups for line in group.lines]
    newest = groups[0].lines[0].row.received_at if groups else timezone.now()
    after = max(conversations.start_of(newest - LATE), cursors[-1] if has_older else "")
    return urlencode({"after": after, "known": [cursor for cursor in cursors if cursor > after]}, doseq=True)
