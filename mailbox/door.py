"""What both doors ask of whoever brings the secret, the sign-in page and the API's `/api/auth`: whether this client may try now, and
whether it is the secret. They share the counters, and what came of it stands in the history of signing in.

The secret is compared by its bytes and in constant time, and is never written anywhere.
"""

import hashlib
import hmac
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from mailbox import attempts
from mailbox.browsers import in_words
from mailbox.checks import SHORTEST_AUTH_SECRET
from mailbox.entrance import client_address, client_network
from mailbox.store import labels, sign_ins
from mailbox.store.sign_ins import SignIn

log = logging.getLogger(__name__)

BY_API = ", over the API"


@dataclass(frozen=True, slots=True)
class Knock:
    """What came of it; `paused` says for how many seconds this client need not try again."""

    outcome: Literal["admitted", "refused", "paused"]
    seconds: int = 0


def knock(request: HttpRequest, given: str, way: str = "") -> Knock:
    """Counts the attempt before the secret is looked at, and records a refusal."""
    pause = attempts.admit(request)
    if pause:
        return Knock("paused", pause)
    if not is_the_secret(given):
        log.warning("sign-in refused", extra={"network": client_network(request)})
        sign_ins.record("refused", _attempt(request, timezone.now(), way))
        return Knock("refused")
    return Knock("admitted")


def let_in(request: HttpRequest, at: datetime, way: str = "") -> None:
    """Clears the counter of whoever was admitted, records it, and mends the table's copy of the labels."""
    attempts.forget(request)
    labels.recall()
    sign_ins.record("admitted", _attempt(request, at, way))
    log.info("signed in", extra={"network": client_network(request)})


def _attempt(request: HttpRequest, at: datetime, way: str) -> SignIn:
    return SignIn(at, client_address(request), in_words(request.headers.get("User-Agent", "")) + way)


def is_the_secret(given: str) -> bool:
    """Both are hashed first, so that the comparison tells nothing of the length either. A secret that is not set fits nothing."""
    secret: str = settings.POSTAMT_AUTH_SECRET
    if len(secret) < SHORTEST_AUTH_SECRET:
        log.error("Nobody can sign in: POSTAMT_AUTH_SECRET is missing or too short. Run `make secret`.")
        return False
    digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in (given, secret)]
    return hmac.compare_digest(*digests)
