"""`/m/<id>/source`: all headers of a message and the beginning of its source, as text that hides nothing. The rest is a download."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mailbox.auth import message_or_404, signed_in
from mailbox.message.source import SHOWN_BYTES, source_of
from mailbox.pages.frame import frame
from mailbox.store import bucket


@require_GET
@signed_in
def message_source(request: HttpRequest, id: str) -> HttpResponse:
    message = message_or_404(id)
    stored = bucket.get(message.key, most=SHOWN_BYTES + 1)
    if stored is None:
        raise Http404
    context = {
        **frame(request),
        "message": message,
        "source": source_of(stored.body, received=message.key.startswith("incoming/")),
        "shown": SHOWN_BYTES,
        "back_url": f"{reverse('conversation', args=[message.thread_id])}?open={message.id}#{message.id}",
    }
    return render(request, "source.html", context)
