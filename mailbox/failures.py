"""The pages of what can go wrong. They say what is safe and what to do; why it went wrong is told to the log alone. A program that asked
the API is told the same as JSON.

The 404 page is the same, byte for byte, for what is absent and for what is somebody else's.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from mailbox.api import answers
from mailbox.api.answers import Refused
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


def failed(request: HttpRequest, status: int, template: str, sentence: str, **context: object) -> HttpResponse:
    """The page, or what the API says instead."""
    if answers.is_asked(request):
        return answers.problem(request, Refused(status, sentence))
    return render(request, template, context, status=status)


def not_reachable(request: HttpRequest, exception: MailboxNotReachable) -> HttpResponse:
    log.error("answered 503: %s", exception, extra={"path": request.path})
    response = failed(request, 503, "503.html", "The mailbox is not reachable at the moment. Check what was done before you repeat it.")
    response["Retry-After"] = str(TRY_AGAIN_AFTER)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return failed(request, 400, "400.html", "The request was not understood, and nothing was changed.")


def too_large(request: HttpRequest) -> HttpResponse:
    limits = {"most": FILES_MOST, "most_text": settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
    return failed(request, 413, "413.html", "The body is too large. Nothing was changed.", **limits)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django passes it by name)
    return failed(request, 403, "403.html", "The request came by a way that is not allowed: ask the mailbox at its own address.")


def csrf_failure(request: HttpRequest, **_details: object) -> HttpResponse:
    return render(request, "403.html", {"stale_form": True}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (as above)
    return failed(request, 404, "404.html", "There is nothing here: the address is wrong, or what it named is gone.")


def server_error(request: HttpRequest) -> HttpResponse:
    return failed(request, 500, "500.html", "The fault is ours, and it was written to the log. Check what was done before you repeat it.")
