"""The headers that every answer carries, pages, redirects and errors alike.

Django and django-csp set their own (postamt/settings.py); here stand the rest. A view may say less strictly who may frame it (the body
of a message does), never how long its answer may be kept: nothing of a mailbox is ever cached.
"""

from collections.abc import Callable
from wsgiref.headers import Headers

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

UNUSED_FEATURES = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
ALWAYS = {
    "Cache-Control": "private, no-store",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-DNS-Prefetch-Control": "off",  # else Chromium looks up the hosts of links in a mail that was only opened
    "X-Robots-Tag": "noindex",
}


class SecurityHeaders:
    """The outermost middleware, so that no answer is made outside it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response[name] = value
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response


def add_static_headers(headers: Headers, _path: str, _url: str) -> None:
    """What a static file carries where we serve it ourselves, in WhiteNoise's form; on AWS CloudFront adds the same."""
    headers["Content-Security-Policy"] = build_policy()
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = settings.SECURE_REFERRER_POLICY
    headers["Cross-Origin-Opener-Policy"] = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
    for name in ALWAYS.keys() - {"Cache-Control"}:
        headers[name] = ALWAYS[name]
