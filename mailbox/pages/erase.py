"""`/erase/`: deleting for ever what lies in Trash, the one act that asks first, because nothing brings it back.

`t` names the conversations; without any it is all of Trash. The web only marks them (mailbox/store/acts.py), which takes them off every
page; the indexer erases them a day later.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from mailbox.auth import signed_in
from mailbox.pages.acts import Order, answer, done, done_to_all, threads_in
from mailbox.pages.frame import frame
from mailbox.store import conversations
from mailbox.store.acts import Act

PURGE = Act("purge", "trash")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def erase(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        values = request.POST.getlist("t")
        order = Order(PURGE, threads_in(values, []))
        toast = done(order) if values else done_to_all(order, "trash", request.POST.get("at", ""))
        return answer(request, reverse("folder", args=["trash"]), toast)
    values = request.GET.getlist("t")
    number = len(threads_in(values, []))
    is_empty = not values and not conversations.count("trash", limit=1)
    return render(request, "erase.html", frame(request, box="trash") | {"values": values, "number": number, "is_empty": is_empty})
