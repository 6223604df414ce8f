"""The theme that the owner chose, also on pages before the gate and on those of what went wrong: a cookie tells them, and nothing else.

Every answer from behind the gate keeps the cookie true, whichever browser changed the theme.
"""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from mailbox.store.preferences import THEMES

COOKIE = "theme"
KEPT = 365 * 24 * 60 * 60  # seconds


def theme(request: HttpRequest) -> dict[str, str]:
    """For templates: what the settings say where they are known, else what the browser was told."""
    told = request.COOKIES.get(COOKIE, "")
    return {"theme": request.reading.theme if hasattr(request, "reading") else told if told in THEMES else ""}


def remember(request: HttpRequest, response: HttpResponseBase, chosen: str) -> None:
    if request.COOKIES.get(COOKIE, "") == chosen:
        return
    if chosen:
        response.set_cookie(COOKIE, chosen, max_age=KEPT, secure=settings.HTTPS, httponly=True, samesite="Strict")
    else:
        response.delete_cookie(COOKIE, samesite="Strict")
