"""The owner's session: a signed token in a cookie, and one read a request that can end it.

A session ends 15 minutes after the last act of a person and 12 hours after sign-in. Its token (mailbox/tokens.py) says so itself and is
renewed at most once a minute; nothing but the cookie is ever looked at.
"""

import secrets
import time
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from mailbox import tokens
from mailbox.store import access

AUDIENCE = "webmail"
QUIET = 15 * 60
LONGEST = 12 * 60 * 60
RENEWED_EVERY = 60


@dataclass(frozen=True, slots=True)
class Session:
    sid: str
    generation: str
    signed_in_at: int
    renewed_at: int
    labels: Any = field(default=None, compare=False)  # not of the session, but read along with it
    reading: Any = field(default=None, compare=False)  # likewise

    @property
    def ends_at(self) -> int:
        return min(self.renewed_at + QUIET, self.signed_in_at + LONGEST)

    @property
    def seconds_left(self) -> int:
        return max(0, self.ends_at - int(time.time()))


def begin() -> Session:
    now = int(time.time())
    return Session(secrets.token_urlsafe(16), access.generation(), now, now)


def current(request: HttpRequest) -> Session | None:
    """The session of the request's cookie, or None if there is none that counts. The table is asked only about true tokens."""
    session = read_token(request.COOKIES.get(cookie_name(), ""))
    if session is None:
        return None
    standing = access.standing_of(session.sid)
    return replace(session, labels=standing.labels, reading=standing.reading) if standing.is_behind(session.generation) else None


def renew(request: HttpRequest, response: HttpResponseBase, session: Session) -> None:
    """An act of a person gives the session its full quiet time again; what the page does by itself, or what ended it, does not."""
    renewed = after(request, session)
    if renewed != session and cookie_name() not in response.cookies:
        give(response, renewed)


def after(request: HttpRequest, session: Session) -> Session:
    """The session as this request leaves it."""
    now = int(time.time())
    is_due = request.headers.get("X-Background") != "1" and now - session.renewed_at >= RENEWED_EVERY
    return replace(session, renewed_at=now) if is_due else session


def give(response: HttpResponseBase, session: Session) -> None:
    response.set_cookie(cookie_name(), token_of(session), secure=settings.HTTPS, httponly=True, samesite="Strict")


def end(response: HttpResponseBase, session: Session | None) -> None:
    """Ends the session for good: a copy of its cookie is worth nothing either."""
    if session:
        access.sign_out(session.sid, session.signed_in_at + LONGEST + tokens.LEEWAY)
    response.delete_cookie(cookie_name(), samesite="Strict")


def end_all() -> None:
    """Ends every session there is."""
    access.new_generation()


def cookie_name() -> str:
    return "__Host-session" if settings.HTTPS else "session"


def token_of(session: Session) -> str:
    token = tokens.Token(session.sid, session.generation, session.signed_in_at, session.renewed_at, session.ends_at)
    return tokens.signed(token, AUDIENCE)


def read_token(text: str) -> Session | None:
    """The session a token speaks of; none for a token that would live longer than a session may."""
    token = tokens.read(text, AUDIENCE)
    if token is None:
        return None
    session = Session(token.sid, token.generation, token.signed_in_at, token.issued_at)
    return session if token.ends_at == session.ends_at else None
