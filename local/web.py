"""Serves the webmail on the loopback: `python -m local.web`, started by the post office under the web identity.

waitress stands for API Gateway and Lambda, WhiteNoise for CloudFront and its static bucket; the WSGI application is the deployed one.
CloudFront compresses static files on their way out; WhiteNoise hands out what lies compressed beside each, at the quality of the pages.
"""

import os
import re
from pathlib import Path
from wsgiref.headers import Headers

import waitress
from django.conf import settings
from whitenoise import WhiteNoise

from local.lifeline import end_with_parent
from mailbox.compression import as_brotli
from mailbox.headers import add_static_headers
from postamt.wsgi import application

THREADS = 8
TEXTS = {".css", ".js", ".svg", ".webmanifest"}
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")  # the name the manifest storage gives a content: it never changes


def compress_static_files() -> None:
    for path in Path(settings.STATIC_ROOT).rglob("*"):
        if path.suffix in TEXTS:
            path.with_name(f"{path.name}.br").write_bytes(as_brotli(path.read_bytes()))


def site() -> WhiteNoise:
    return WhiteNoise(
        application, root=settings.STATIC_ROOT, prefix=settings.STATIC_URL, add_headers_function=static_headers, allow_all_origins=False
    )


def static_headers(headers: Headers, path: str, url: str) -> None:
    add_static_headers(headers, path, url)
    if HASHED.search(url):
        headers["Cache-Control"] = "public, max-age=31536000, immutable"


def main() -> None:
    end_with_parent()
    compress_static_files()
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
