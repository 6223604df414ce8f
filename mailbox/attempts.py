"""Wrong secrets are counted, so that nobody guesses for long, and so that no stranger can lock the owner out.

A browser that signed in before carries a signed device cookie and has a counter of its own; all others share one for each network they
come from. The counter of everybody refuses nobody: it slows sign-in a little and raises an alarm in the log. An attempt is
counted before its secret is looked at, by one conditional write, so that any number of instances count together.
"""

import logging
import secrets
import threading
import time

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from mailbox.entrance import client_network
from mailbox.store import access

log = logging.getLogger(__name__)

LIMIT = 5
PAUSE = 15 * 60
ALARM_AT = 50  # attempts of anybody within one PAUSE
DELAY = 1.0  # seconds
DELAYED_AT_ONCE = 2  # threads that may wait; one that finds no room goes on at once
DEVICE_LIVES = 400 * 24 * 60 * 60  # the longest that browsers keep a cookie
DEVICE_SALT = "postamt.device"

room_to_wait = threading.BoundedSemaphore(DELAYED_AT_ONCE)


def admit(request: HttpRequest) -> int:
    """Counts one attempt. Returns for how many seconds sign-in pauses for this client; 0 admits it."""
    counter, now = counter_of(request), int(time.time())
    tally = access.count_attempt(counter, now, limit=LIMIT, window=PAUSE)
    if not tally.admitted:
        log.warning("sign-in is paused for a client", extra={"counter": counter})
        return max(tally.expires - now, 1)
    if not device_of(request):
        slow_down(access.count_of_all(now, window=PAUSE))
    return 0


def slow_down(attempts: int) -> None:
    if attempts < ALARM_AT:
        return
    if attempts % ALARM_AT == 0:
        log.error("many sign-in attempts", extra={"alarm": "sign_in_flood", "attempts": attempts, "window_seconds": PAUSE})
    if room_to_wait.acquire(blocking=False):
        try:
            time.sleep(DELAY)
        finally:
            room_to_wait.release()


def forget(request: HttpRequest) -> None:
    """The right secret clears the counter of whoever gave it, and no other."""
    access.clear_attempts(counter_of(request))


def counter_of(request: HttpRequest) -> str:
    device = device_of(request)
    return f"device#{device}" if device else f"network#{client_network(request)}"


def device_of(request: HttpRequest) -> str:
    """The name of a browser that signed in before, or an empty text for every other."""
    try:
        return signer().unsign(request.COOKIES.get(device_cookie_name(), ""))
    except signing.BadSignature:
        return ""


def remember_device(request: HttpRequest, response: HttpResponseBase) -> None:
    device = device_of(request) or secrets.token_urlsafe(16)
    response.set_cookie(
        device_cookie_name(), signer().sign(device), max_age=DEVICE_LIVES, secure=settings.HTTPS, httponly=True, samesite="Strict"
    )


def device_cookie_name() -> str:
    return "__Host-device" if settings.HTTPS else "device"


def signer() -> signing.Signer:
    return signing.Signer(salt=DEVICE_SALT)
