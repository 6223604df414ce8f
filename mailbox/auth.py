"""The gate: every page of the mailbox stands behind `signed_in`, and every message behind `message_or_404`.

Whoever is not signed in is sent to sign in and then back to where they were; a composer posted after the session ended is carried along by
the sign-in page, so that nothing typed is lost, and is never sent by it. What is absent, malformed or somebody else's is one and the
same 404. Sessions are in mailbox/sessions.py, the lock-out in mailbox/attempts.py.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from mailbox import sessions, theme
from mailbox.store import bucket, conversations
from mailbox.store.labels import Label, labels_of
from mailbox.store.models import Message
from mailbox.store.preferences import Reading, reading_in

P = ParamSpec("P")
View = Callable[Concatenate["OwnerRequest", P], HttpResponseBase]
GatedView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Pairs = list[tuple[str, str]]

KEPT = "kept."  # what a field is called while the sign-in page carries it
KEPT_CHARACTERS = 1_000_000
NEVER_KEPT = {"csrfmiddlewaretoken", "password", "next"}
CARRIED = {"compose"}  # the pages whose posts are carried along
NO_WAY_BACK = {"login", "sign_out", "act", "undo"}
LONGEST_URL = 2_000


class OwnerRequest(HttpRequest):
    """What a view behind `signed_in` gets."""

    owner_session: sessions.Session
    reading: Reading
    labels: list[Label]


def signed_in(view: View[P]) -> GatedView[P]:
    @wraps(view)
    def gated(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        session = sessions.current(request)
        if session is None:
            return ask_to_sign_in(request)
        owned = as_owner(request, session)
        with timezone.override(owned.reading.zone):
            response = view(owned, *args, **kwargs)
        sessions.renew(request, response, session)
        theme.remember(request, response, owned.reading.theme)
        if request.headers.get("X-Fragment") == "1":
            response["X-Session-Left"] = str(sessions.after(request, session).seconds_left)
        return response

    return gated


def as_owner(request: HttpRequest, session: sessions.Session) -> OwnerRequest:
    owned = cast(OwnerRequest, request)
    owned.owner_session, owned.reading, owned.labels = session, reading_in(session.reading), labels_of(session.labels)
    return owned


def reading_of(request: HttpRequest) -> Reading:
    """How the owner wants pages to look."""
    return cast(OwnerRequest, request).reading


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("X-Fragment") == "1":
        return HttpResponse("Sign in again.", status=401, content_type="text/plain; charset=utf-8")
    here = request.get_full_path()
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(f"{reverse('login')}?{urlencode({'next': here})}", status=303)
    if request.resolver_match and request.resolver_match.url_name in CARRIED:
        kept, lost = kept_of(request.POST), bool(request.FILES) or any(len(value) > KEPT_CHARACTERS for value in request.POST.values())
        return sign_in_page(request, target=here, kept=kept, something_lost=lost, ended=True, status=401)
    return sign_in_page(request, target=request.POST.get("next") or came_from(request), ended=True, status=401)


def came_from(request: HttpRequest) -> str:
    """The page of ours that the posted form stood on; empty if it does not say."""
    page = urlsplit(request.headers.get("Referer", ""))
    return urlunsplit(("", "", page.path, page.query, "")) if page.netloc == request.get_host() else ""


def sign_in_page(
    request: HttpRequest, *, target: str, kept: Iterable[tuple[str, str]] = (), status: int = 200, **note: object
) -> HttpResponse:
    """The page with its one field. `note` says why it is shown: `ended`, `wrong`, `minutes` to wait, `something_lost`."""
    context = {"domain": settings.POSTAMT_DOMAIN, "target": safe_target(target), "kept": list(kept), **note}
    return render(request, "429.html" if status == 429 else "login.html", context, status=status)


def kept_of(posted: QueryDict) -> Pairs:
    """What was typed, under the names the sign-in page gives it, as far as there is room."""
    room, kept = KEPT_CHARACTERS, []
    for name, values in posted.lists():
        for value in values if name not in NEVER_KEPT else ():
            if len(name) + len(value) <= room:
                room -= len(name) + len(value)
                kept.append((KEPT + name, value))
    return kept


def carried_by(posted: QueryDict) -> Pairs:
    """The same fields, as they come back with the secret."""
    return [(name, value) for name, values in posted.lists() if name.startswith(KEPT) for value in values]


def restored_fields(carried: Pairs) -> QueryDict:
    fields = QueryDict(mutable=True)
    for name, value in carried:
        fields.appendlist(name.removeprefix(KEPT), value)
    return fields


def safe_target(url: str) -> str:
    """`url` if it is a page of ours to go to after sign-in, else the inbox."""
    is_ours = len(url) <= LONGEST_URL and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if is_ours and page_of(url) not in NO_WAY_BACK | {None} else reverse("folder", args=["inbox"])


def page_of(url: str) -> str | None:
    try:
        return resolve(unquote(urlsplit(url).path)).url_name
    except Resolver404:
        return None


def message_or_404(id: str) -> Message:
    message = conversations.find_message(id)
    if message is None or message.folder == "purged":
        raise Http404
    return message


def raw_or_404(message: Message, most: int = 0) -> bytes:
    """Its bytes, or the first of them: a row may be listed a moment longer than its mail is there."""
    stored = bucket.get(message.key, most=most)
    if stored is None:
        raise Http404
    return stored.body
