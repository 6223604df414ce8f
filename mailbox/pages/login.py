"""Sign in with the one secret, and sign out. What the secret is compared with, and how tries are counted, is in mailbox/door.py; a wrong
one gets one and the same sentence.
"""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mailbox import attempts, door, sessions
from mailbox.auth import CARRIED, Pairs, as_owner, carried_by, page_of, restored_fields, safe_target, sign_in_page
from mailbox.pages import compose
from mailbox.store import health, preferences


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        return _sign_in(request)
    target = request.GET.get("next", "")
    if sessions.current(request):
        return HttpResponseRedirect(safe_target(target), status=303)
    return sign_in_page(request, target=target)


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    target, carried = request.POST.get("next", ""), carried_by(request.POST)
    knock = door.knock(request, request.POST.get("password", ""))
    if knock.outcome == "paused":
        response = sign_in_page(request, target=target, kept=carried, status=429, minutes=-(-knock.seconds // 60))
        response["Retry-After"] = str(knock.seconds)
        return response
    if knock.outcome == "refused":
        return sign_in_page(request, target=target, kept=carried, status=401, wrong=True)
    return _welcome(request, safe_target(target), carried)


def _welcome(request: HttpRequest, target: str, carried: Pairs) -> HttpResponseBase:
    preferences.recall()
    session = sessions.begin()
    door.let_in(request, datetime.fromtimestamp(session.signed_in_at, UTC))
    response = _arrival(as_owner(request, session), target, carried)
    sessions.give(response, session)
    attempts.remember_device(request, response)
    health.send_pulse()
    return response


def _arrival(request: HttpRequest, target: str, carried: Pairs) -> HttpResponseBase:
    """Where they were; what was typed there opens again, unsaved, and is never sent by signing in."""
    if carried and page_of(target) in CARRIED:
        return compose.restored(request, restored_fields(carried))
    return HttpResponseRedirect(target, status=303)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    return farewell(sessions.current(request))


def farewell(session: sessions.Session | None) -> HttpResponse:
    """Ends the session, and has the browser forget what it kept of the pages."""
    response = HttpResponseRedirect(reverse("login"), status=303)
    sessions.end(response, session)
    response["Clear-Site-Data"] = '"cache", "storage"'  # not "cookies": this browser keeps its own counter of attempts
    return response
