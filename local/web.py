"""Serves the webmail on the loopback: `python -m local.web`, started by the post office under the web identity.

waitress answers for API Gateway and Lambda, WhiteNoise for CloudFront and its static bucket. The WSGI application is the deployed one.
"""

import os
import sys

import waitress
from django.conf import settings
from whitenoise import WhiteNoise

from local.lifeline import end_with_parent
from postamt.wsgi import application

THREADS = 8
A_YEAR = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=60"
MAX_REQUEST = 6 * 1024 * 1024  # what API Gateway and Lambda let through


def static_headers(headers: dict[str, str], _path: str, url: str) -> None:
    """What CloudFront's response headers policy sets on static files in a deployment."""
    headers["Cache-Control"] = A_YEAR if is_hashed(url) else BRIEFLY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"


def is_hashed(url: str) -> bool:
    """ManifestStaticFilesStorage puts twelve hexadecimal digits before the suffix."""
    parts = url.rpartition("/")[2].split(".")
    return len(parts) > 2 and len(parts[-2]) == 12 and all(digit in "0123456789abcdef" for digit in parts[-2])


def main() -> None:
    end_with_parent()
    site = WhiteNoise(
        application,
        root=settings.STATIC_ROOT,
        prefix=settings.STATIC_URL,
        add_headers_function=static_headers,
        allow_all_origins=False,
        max_age=None,
    )
    waitress.serve(
        site,
        host="127.0.0.1",
        port=int(os.environ["POSTAMT_PORT"]),
        threads=THREADS,
        max_request_body_size=MAX_REQUEST,
        ident=None,
    )


if __name__ == "__main__":
    sys.exit(main())
