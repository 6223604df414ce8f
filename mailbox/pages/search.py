"""The page of search results: `/search/?q=`. Until a real search exists it looks through the newest conversations only, and says so."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mailbox.auth import signed_in
from mailbox.pages.controls import controls_of
from mailbox.pages.folder import Empty
from mailbox.pages.frame import frame
from mailbox.pages.listing import groups_of
from mailbox.pages.place import Place, known_labels
from mailbox.search import recent

QUERY_LIMIT = 200
HINT = f"Looked through sender, subject and first words of the newest {recent.LOOKED_THROUGH:,} conversations."
CAPPED = f"The newest {recent.FOUND_AT_MOST} that match are shown."


@require_GET
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    query = " ".join(request.GET.get("q", "")[:QUERY_LIMIT].split())
    place = Place("inbox", query=query)
    rows = recent.search(query)
    empty = Empty("search", f"No mail matches “{query}”", "Check the spelling, or try fewer words.")
    if not query:
        empty = Empty("search", "What are you looking for?", "Type a name, or words of a subject.")
    hint = f"{HINT} {CAPPED}" if len(rows) == recent.FOUND_AT_MOST else HINT
    labels = known_labels(request)
    context = {"place": place, "heading": "Results", "groups": groups_of(rows, place, labels), "empty": empty, "hint": hint}
    return render(request, "search.html", frame(request) | context | {"controls": controls_of(place, labels)})
