"""Answers of the API: JSON, and where something is wrong a problem (RFC 9457) with a sentence that says what to do.

Failures outside the API's own code (mailbox/failures.py) end here too when their URL is the API's. A script of another origin may read an
answer only from the webmail's own address, and never with credentials. Nothing here sets a cookie.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from mailbox.api.shapes import as_json, rule

PREFIX = "/api/"
PROBLEM = "application/problem+json"
HEADERS_TAKEN = "Authorization, Content-Type, Idempotency-Key"
HEADERS_READ = "Content-Disposition, Retry-After, WWW-Authenticate"
PREFLIGHT_LIVES = 600  # seconds


@dataclass(frozen=True, slots=True)
class Problem:
    title: Annotated[str, rule("The status in words.")]
    status: int
    detail: Annotated[str, rule("A sentence that says what is wrong, or what to do.")]
    field: Annotated[str | None, rule("Which part of the request it is about.")]


class Refused(Exception):
    """The request is not carried out, and why."""

    def __init__(self, status: int, detail: str, field: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.field, self.headers = status, detail, field, headers or {}


def is_asked(request: HttpRequest) -> bool:
    """Whether this is a request to the API."""
    return request.path.startswith(PREFIX)


def answer(request: HttpRequest, value: object, status: int = 200) -> HttpResponse:
    return shared(request, HttpResponse(as_json(value), status=status, content_type="application/json"))


def problem(request: HttpRequest, refused: Refused) -> HttpResponse:
    value = Problem(HTTPStatus(refused.status).phrase, refused.status, refused.detail, refused.field)
    return shared(request, HttpResponse(as_json(value), status=refused.status, content_type=PROBLEM, headers=dict(refused.headers)))


def preflight(request: HttpRequest, methods: str) -> HttpResponse:
    """What may be asked here; a browser asks it before it lets a script of another origin ask anything."""
    response = HttpResponse(status=204, headers={"Allow": methods})
    del response["Content-Type"]
    if is_of_webmail(request):
        response["Access-Control-Allow-Methods"] = methods
        response["Access-Control-Allow-Headers"] = HEADERS_TAKEN
        response["Access-Control-Max-Age"] = str(PREFLIGHT_LIVES)
    return shared(request, response)


def shared(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["Origin"])
    if is_of_webmail(request):
        response["Access-Control-Allow-Origin"] = webmail_origin()
        response["Access-Control-Expose-Headers"] = HEADERS_READ
    return response


def is_of_webmail(request: HttpRequest) -> bool:
    return request.headers.get("Origin") == webmail_origin()


def webmail_origin() -> str:
    return f"https://webmail.{settings.POSTAMT_DOMAIN}"
