"""Serves the webmail on the loopback: `python -m local.web`, started by the post office under the web identity.

waitress stands for API Gateway and Lambda, WhiteNoise for CloudFront and its static bucket; the WSGI application is the deployed one.
"""

import os

import waitress
from django.conf import settings
from whitenoise import WhiteNoise

from local.lifeline import end_with_parent
from mailbox.headers import add_static_headers
from postamt.wsgi import application

THREADS = 8


class StaticFiles(WhiteNoise):
    """Files of STATIC_ROOT; what the manifest storage gave a name of its content never changes."""

    FOREVER = 31_536_000

    def immutable_file_test(self, _path: str, url: str) -> bool:
        digest = url.rpartition("/")[2].split(".")[-2:-1]
        return bool(digest) and len(digest[0]) == 12 and set(digest[0]) <= set("0123456789abcdef")


def site() -> StaticFiles:
    return StaticFiles(
        application,
        root=settings.STATIC_ROOT,
        prefix=settings.STATIC_URL,
        add_headers_function=add_static_headers,
        allow_all_origins=False,
    )


def main() -> None:
    end_with_parent()
    waitress.serve(
        site(),
        host="127.0.0.1",
        port=int(os.environ["POSTAMT_PORT"]),
        threads=THREADS,
        max_request_body_size=2 * settings.POSTAMT_REQUEST_MAX_BYTES,  # what is too large gets the project's own page
        ident=None,
    )


if __name__ == "__main__":
    main()
