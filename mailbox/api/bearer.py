"""The bearer token of a program: made for the secret, an hour long and never renewed, worth nothing on a page.

What ends every session ends it too: each request reads the generation, as a page does.
"""

import secrets
import time
from typing import cast

from django.http import HttpRequest

from mailbox import tokens
from mailbox.api.answers import Refused
from mailbox.store import access
from mailbox.store.labels import Label, labels_of
from mailbox.tokens import Token

AUDIENCE = "api"
LIVES = 60 * 60
CHALLENGE = 'Bearer realm="postamt"'


class ApiRequest(HttpRequest):
    """What an operation behind the token gets."""

    labels: list[Label]


def new_token() -> Token:
    now = int(time.time())
    return Token(secrets.token_urlsafe(16), access.generation(), now, now, now + LIVES)


def written(token: Token) -> str:
    return tokens.signed(token, AUDIENCE)


def behind_token(request: HttpRequest) -> ApiRequest:
    """Refuses whoever carries no token that counts. It costs one read, which brings the owner's labels along."""
    token = _carried(request)
    standing = access.standing_of(token.sid)
    if not standing.is_behind(token.generation):
        raise _not_believed()
    asking = cast(ApiRequest, request)
    asking.labels = labels_of(standing.labels)
    return asking


def _carried(request: HttpRequest) -> Token:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refused(401, "Send `Authorization: Bearer` with a token of POST /api/auth.", headers={"WWW-Authenticate": CHALLENGE})
    token = tokens.read(text.strip(), AUDIENCE)
    if token is None or token.issued_at != token.signed_in_at or token.ends_at != token.issued_at + LIVES:
        raise _not_believed()
    return token


def _not_believed() -> Refused:
    challenge = f'{CHALLENGE}, error="invalid_token"'
    return Refused(401, "The token has ended or is none. Get a new one from POST /api/auth.", headers={"WWW-Authenticate": challenge})
