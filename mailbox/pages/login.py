"""Sign in with the one secret, and sign out.

The secret is compared by its bytes and in constant time, is never written anywhere, and a wrong one gets one and the same sentence.
"""

import hashlib
import hmac
import logging
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mailbox import attempts, sessions
from mailbox.auth import CARRIED, Pairs, as_owner, carried_by, page_of, restored_fields, safe_target, sign_in_page
from mailbox.checks import SHORTEST_AUTH_SECRET
from mailbox.entrance import client_address, client_network
from mailbox.pages import compose
from mailbox.pages.browsers import in_words
from mailbox.store import health, labels, preferences, sign_ins
from mailbox.store.sign_ins import SignIn

log = logging.getLogger(__name__)


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
    pause = attempts.admit(request)
    if pause:
        response = sign_in_page(request, target=target, kept=carried, status=429, minutes=-(-pause // 60))
        response["Retry-After"] = str(pause)
        return response
    if not is_the_secret(request.POST.get("password", "")):
        log.warning("sign-in refused", extra={"network": client_network(request)})
        sign_ins.record("refused", _attempt(request, timezone.now()))
        return sign_in_page(request, target=target, kept=carried, status=401, wrong=True)
    return _welcome(request, safe_target(target), carried)


def _welcome(request: HttpRequest, target: str, carried: Pairs) -> HttpResponseBase:
    attempts.forget(request)
    labels.recall()
    preferences.recall()
    session = sessions.begin()
    sign_ins.record("admitted", _attempt(request, datetime.fromtimestamp(session.signed_in_at, UTC)))
    response = _arrival(as_owner(request, session), target, carried)
    sessions.give(response, session)
    attempts.remember_device(request, response)
    health.send_pulse()
    log.info("signed in", extra={"network": client_network(request)})
    return response


def _attempt(request: HttpRequest, at: datetime) -> SignIn:
    return SignIn(at, client_address(request), in_words(request.headers.get("User-Agent", "")))


def _arrival(request: HttpRequest, target: str, carried: Pairs) -> HttpResponseBase:
    """Where they were; what was typed there opens again, unsaved, and is never sent by signing in."""
    if carried and page_of(target) in CARRIED:
        return compose.restored(request, restored_fields(carried))
    return HttpResponseRedirect(target, status=303)


def is_the_secret(given: str) -> bool:
    """Both are hashed first, so that the comparison tells nothing of the length either. A secret that is not set fits nothing."""
    secret: str = settings.POSTAMT_AUTH_SECRET
    if len(secret) < SHORTEST_AUTH_SECRET:
        log.error("Nobody can sign in: POSTAMT_AUTH_SECRET is missing or too short. Run `make secret`.")
        return False
    digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in (given, secret)]
    return hmac.compare_digest(*digests)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    return farewell(sessions.current(request))


def farewell(session: sessions.Session | None) -> HttpResponse:
    """Ends the session, and has the browser forget what it kept of the pages."""
    response = HttpResponseRedirect(reverse("login"), status=303)
    sessions.end(response, session)
    response["Clear-Site-Data"] = '"cache", "storage"'  # not "cookies": this browser keeps its own counter of attempts
    return response
