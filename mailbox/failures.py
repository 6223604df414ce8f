"""The pages of what can go wrong. They say what is safe and what to do; why it went wrong is told to the log alone.

The 404 page is the same, byte for byte, for what is absent and for what is somebody else's.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from mailbox.pages.compose_form import FILES_MOST
from mailbox.store.errors import MailboxNotReachable

log = logging.getLogger(__name__)

TRY_AGAIN_AFTER = 30  # seconds


class NotReachablePage:
    """A view that cannot reach the bucket or the table answers 503; what the log says of it was written where it happened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return not_reachable(request, exception) if isinstance(exception, MailboxNotReachable) else None


def not_reachable(request: HttpRequest, exception: MailboxNotReachable) -> HttpResponse:
    log.error("answered 503: %s", exception, extra={"path": request.path})
    response = render(request, "503.html", status=503)
    response["Retry-After"] = str(TRY_AGAIN_AFTER)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return render(request, "400.html", status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    limits = {"most": FILES_MOST, "most_text": settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
    return render(request, "413.html", limits, status=413)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django passes it by name)
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, **_details: object) -> HttpResponse:
    return render(request, "403.html", {"stale_form": True}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (as above)
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
