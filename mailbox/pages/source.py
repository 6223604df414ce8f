"""`/m/<id>/source`: all headers of a message and the beginning of its source, as text that hides nothing. The rest is a download."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mailbox.auth import message_or_404, raw_or_404, signed_in
from mailbox.message.source import SHOWN_BYTES, source_of
from mailbox.pages.choices import conversation_url
from mailbox.pages.frame import frame


@require_GET
@signed_in
def message_source(request: HttpRequest, id: str) -> HttpResponse:
    message = message_or_404(id)
    context = {
        **frame(request),
        "message": message,
        "source": source_of(raw_or_404(message, most=SHOWN_BYTES + 1), received=message.key.startswith("incoming/")),
        "shown": SHOWN_BYTES,
        "back_url": conversation_url(message, ""),
    }
    return render(request, "source.html", context)
