"""Pages travel compressed, as brotli where the browser takes it, else as gzip: CloudFront compresses only what it may keep, and it may
keep nothing of ours. Mail and attachments stay as they are.

White space of random length and kind ends each answer, and tokens in forms are masked anew each time, so that a length gives nothing
away of what stands in a page beside what somebody else put there (BREACH).
"""

import gzip
import secrets
from collections.abc import Callable
from functools import partial
from itertools import product

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

COMPRESSED = ("text/html", "application/json")
SHORTEST = 200  # bytes; less is not worth it
NOISE = 64  # bytes at most, about
BLANKS = [bytes(four) for four in product(b" \t\n\r", repeat=4)]  # one for each byte, so that noise stays noise


def as_brotli(content: bytes) -> bytes:
    """Quality 5 costs what gzip costs, and is a tenth smaller; beyond 9 a page takes longer to compress than to make."""
    compressed: bytes = brotli.compress(content, mode=brotli.MODE_TEXT, quality=5)
    return compressed


ENCODINGS: dict[str, Callable[[bytes], bytes]] = {"br": as_brotli, "gzip": partial(gzip.compress, compresslevel=6)}  # the best first


class CompressPages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and is_compressible(response):
            patch_vary_headers(response, ["Accept-Encoding"])
            encoding = encoding_for(request.headers.get("Accept-Encoding", ""))
            if encoding:
                compress(response, encoding)
        return response


def is_compressible(response: HttpResponse) -> bool:
    kind = response.get("Content-Type", "")
    return kind.startswith(COMPRESSED) and len(response.content) >= SHORTEST and not response.has_header("Content-Encoding")


def encoding_for(accepted: str) -> str | None:
    """The best encoding that the browser takes (RFC 9110 12.5.3); a weight counts only where it is zero."""
    offers = [offer.replace(" ", "").lower().partition(";q=") for offer in accepted.split(",")]
    taken = {name for name, _, weight in offers if weight.strip("0.") or not weight}
    return next((encoding for encoding in ENCODINGS if encoding in taken), None)


def compress(response: HttpResponse, encoding: str) -> None:
    response.content = ENCODINGS[encoding](response.content + noise())
    response["Content-Encoding"] = encoding
    response["Content-Length"] = str(len(response.content))


def noise() -> bytes:
    return b"".join(BLANKS[byte] for byte in secrets.token_bytes(secrets.randbelow(NOISE)))
