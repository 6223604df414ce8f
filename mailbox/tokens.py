"""Signed tokens (JWT, HS256), each for one audience: `webmail` stands in the cookie of a session, `api` is what a program carries.

Of a token only the signature, by the one algorithm, and the claims count: its header chooses nothing. Times are compared here and not by
PyJWT, which takes a text or a float for a date. How long a token may live is for its audience to say.
"""

import time
from dataclasses import dataclass
from typing import Any

import jwt
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from jwt.types import Options

from mailbox.checks import SHORTEST_JWT_SECRET

ISSUER = "postamt"
ALGORITHM = "HS256"
LEEWAY = 5  # seconds that two instances' clocks may differ
LONGEST_TOKEN = 600  # characters; ours have under 300
TEXT_CLAIMS, TIME_CLAIMS = ("sid", "gen"), ("iat", "exp", "auth_time")
CLAIMS = ["iss", "aud", *TEXT_CLAIMS, *TIME_CLAIMS]
STRICT: Options = {"require": CLAIMS, "strict_aud": True, "verify_exp": False, "verify_iat": False, "verify_nbf": False}


@dataclass(frozen=True, slots=True)
class Token:
    sid: str
    generation: str
    signed_in_at: int
    issued_at: int
    ends_at: int


def signed(token: Token, audience: str) -> str:
    claims = {
        "iss": ISSUER,
        "aud": audience,
        "sid": token.sid,
        "gen": token.generation,
        "auth_time": token.signed_in_at,
        "iat": token.issued_at,
        "exp": token.ends_at,
    }
    return jwt.encode(claims, signing_secret(), ALGORITHM)


def read(text: str, audience: str) -> Token | None:
    """The token, if we made it for this audience and its time has not passed."""
    if not text or len(text) > LONGEST_TOKEN:
        return None
    try:
        claims = jwt.decode(text, signing_secret(), algorithms=[ALGORITHM], audience=audience, issuer=ISSUER, options=STRICT)
    except jwt.InvalidTokenError:
        return None
    if not are_well_formed(claims):
        return None
    token = Token(claims["sid"], claims["gen"], claims["auth_time"], claims["iat"], claims["exp"])
    return token if is_of_now(token, int(time.time())) else None


def are_well_formed(claims: dict[str, Any]) -> bool:
    if set(claims) != set(CLAIMS):
        return False
    return all(type(claims[name]) is str for name in TEXT_CLAIMS) and all(type(claims[name]) is int for name in TIME_CLAIMS)


def is_of_now(token: Token, now: int) -> bool:
    return 0 < token.signed_in_at <= token.issued_at <= now + LEEWAY and token.ends_at > now


def signing_secret() -> str:
    """An empty key would sign for everybody: rather no token at all."""
    secret: str = settings.POSTAMT_JWT_SECRET
    if len(secret) < SHORTEST_JWT_SECRET:
        raise ImproperlyConfigured("POSTAMT_JWT_SECRET is missing or too short. Run `make secret`.")
    return secret
