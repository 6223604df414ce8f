"""The owner's session: a signed token in a cookie, and one read a request that can end it.

A session ends 15 minutes after the last act of a person and 12 hours after sign-in. Its token says so itself and is renewed at most once a
minute; nothing but the cookie is ever looked at. Of a token only the signature, by the one algorithm, and the claims count: its header
chooses nothing. Times are compared here and not by PyJWT, which takes a text or a float for a date.
"""

import secrets
import time
from dataclasses import dataclass, field, replace
from typing import Any

import jwt
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from jwt.types import Options

from mailbox.checks import SHORTEST_JWT_SECRET
from mailbox.store import access

ISSUER = "postamt"
AUDIENCE = "webmail"
ALGORITHM = "HS256"
QUIET = 15 * 60
LONGEST = 12 * 60 * 60
RENEWED_EVERY = 60
LEEWAY = 5  # seconds that two instances' clocks may differ
LONGEST_TOKEN = 600  # characters; ours have under 300
TEXT_CLAIMS, TIME_CLAIMS = ("sid", "gen"), ("iat", "exp", "auth_time")
CLAIMS = ["iss", "aud", *TEXT_CLAIMS, *TIME_CLAIMS]
STRICT: Options = {"require": CLAIMS, "strict_aud": True, "verify_exp": False, "verify_iat": False, "verify_nbf": False}


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
    if standing.generation != session.generation or standing.signed_out:
        return None
    return replace(session, labels=standing.labels, reading=standing.reading)


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
        access.sign_out(session.sid, session.signed_in_at + LONGEST + LEEWAY)
    response.delete_cookie(cookie_name(), samesite="Strict")


def end_all() -> None:
    """Ends every session there is."""
    access.new_generation()


def cookie_name() -> str:
    return "__Host-session" if settings.HTTPS else "session"


def token_of(session: Session) -> str:
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sid": session.sid,
        "gen": session.generation,
        "auth_time": session.signed_in_at,
        "iat": session.renewed_at,
        "exp": session.ends_at,
    }
    return jwt.encode(claims, signing_secret(), ALGORITHM)


def read_token(token: str) -> Session | None:
    """The session a token speaks of, if we made the token and its time has not passed."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    try:
        claims = jwt.decode(token, signing_secret(), algorithms=[ALGORITHM], audience=AUDIENCE, issuer=ISSUER, options=STRICT)
    except jwt.InvalidTokenError:
        return None
    return session_of(claims, int(time.time())) if are_well_formed(claims) else None


def are_well_formed(claims: dict[str, Any]) -> bool:
    if set(claims) != set(CLAIMS):
        return False
    return all(type(claims[name]) is str for name in TEXT_CLAIMS) and all(type(claims[name]) is int for name in TIME_CLAIMS)


def session_of(claims: dict[str, Any], now: int) -> Session | None:
    session = Session(claims["sid"], claims["gen"], claims["auth_time"], claims["iat"])
    in_order = 0 < session.signed_in_at <= session.renewed_at <= now + LEEWAY
    return session if in_order and claims["exp"] == session.ends_at > now else None


def signing_secret() -> str:
    """An empty key would sign for everybody: rather no session at all."""
    secret: str = settings.POSTAMT_JWT_SECRET
    if len(secret) < SHORTEST_JWT_SECRET:
        raise ImproperlyConfigured("POSTAMT_JWT_SECRET is missing or too short. Run `make secret`.")
    return secret
