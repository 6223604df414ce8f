"""`/news/`: what an open page asks once a minute. How many conversations of the inbox are newer than the page, and nothing else.

The request says `X-Background: 1`, so that an open page does not keep a session alive; without that it is a person's act that does.
"""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from mailbox.auth import signed_in
from mailbox.pages.frame import COUNT_LIMIT
from mailbox.pages.listing import Group
from mailbox.pages.place import Place
from mailbox.store import conversations
from mailbox.store.models import stamp


@require_GET
@signed_in
def news(request: HttpRequest) -> HttpResponse:
    """One COUNT, bounded at 100."""
    if request.headers.get("X-Fragment") != "1":
        return HttpResponseRedirect(reverse("folder", args=["inbox"]), status=303)
    number = conversations.count_newer("inbox", request.GET.get("after", ""), limit=COUNT_LIMIT)
    if not number:
        return HttpResponse(status=204)
    shown = f"{COUNT_LIMIT - 1}+" if number >= COUNT_LIMIT else str(number)
    return render(request, "_news.html", {"number": number, "shown": shown})


def newest_known(place: object, groups: Sequence[Group] | None) -> str:
    """The cursor after which mail is news to a page: its own newest row where it shows the inbox from the top, else the moment."""
    if groups and place == Place("inbox"):
        return groups[0].lines[0].row.cursor
    return f"{stamp(timezone.now())}#{'f' * 32}"
