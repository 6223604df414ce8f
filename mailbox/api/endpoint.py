"""What stands behind a URL of the API: an operation for each method, and the gate, the checks and the answers that they all share.

The order is: is there such a method, is the token good, is the request well formed; only then is anything read or done.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from mailbox.api.answers import Refused, answer, preflight, problem, shared
from mailbox.api.bearer import behind_token
from mailbox.api.shapes import fault_in, made, schema_of
from mailbox.entrance import declared_length

MOST = 64_000  # bytes of a body


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`act` gets the request, what the URL names, and by their names here what was read: `query`, `headers`, `body`. It gives the dataclass
    `gives`, or answers by itself with the content type `otherwise`."""

    act: Callable[..., Any]
    summary: str
    gives: type | None = None
    otherwise: str = ""
    status: int = 200
    query: type | None = None
    headers: type | None = None
    body: type | None = None
    most: int = MOST
    redirects: bool = False
    is_open: bool = False
    refusals: tuple[int, ...] = ()  # statuses that not every operation of its kind has


class Endpoint:
    csrf_exempt = True  # no cookie is read here; a token in a header is nothing that another site's form can send

    def __init__(self, **operations: Operation) -> None:
        self.operations = operations

    def __call__(self, request: HttpRequest, **path: str) -> HttpResponse:
        if request.method == "OPTIONS":
            return preflight(request, self.methods)
        try:
            return self._answer(request, path)
        except Refused as refused:
            return problem(request, refused)

    @property
    def methods(self) -> str:
        return ", ".join([*self.operations, *(["HEAD"] if "GET" in self.operations else []), "OPTIONS"])

    def _answer(self, request: HttpRequest, path: Mapping[str, str]) -> HttpResponse:
        operation = self.operations.get("GET" if request.method == "HEAD" else request.method or "")
        if operation is None:
            raise Refused(405, f"Only {self.methods} can be asked here.", headers={"Allow": self.methods})
        asking = request if operation.is_open else behind_token(request)
        given = operation.act(asking, **path, **what_was_sent(request, operation))
        return shared(request, given) if isinstance(given, HttpResponse) else answer(request, given, operation.status)


def what_was_sent(request: HttpRequest, operation: Operation) -> dict[str, Any]:
    """Everything that the operation takes, checked; and nothing that it does not know."""
    sent: dict[str, Any] = {}
    if operation.query:
        sent["query"] = checked(operation.query, query_in(request, operation.query))
    elif request.GET:
        raise Refused(400, "There are no parameters here.", next(iter(request.GET))[:60])
    if operation.headers:
        sent["headers"] = checked(operation.headers, headers_in(request, operation.headers), header_of)
    if operation.body:
        sent["body"] = checked(operation.body, body_of(request, operation.most))
    return sent


def checked(kind: type, value: object, called: Callable[[str], str] = str) -> Any:
    fault = fault_in(value, schema_of(kind))
    if fault:
        raise Refused(400, fault.sentence, called(fault.field) or None)
    return made(kind, cast(dict[str, Any], value))


def query_in(request: HttpRequest, kind: type) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, given in request.GET.lists():
        if len(given) != 1:
            raise Refused(400, "This stands more than once in the address.", name[:60])
        is_number = schema_of(kind)["properties"].get(name, {}).get("type") == "integer"
        values[name] = as_number(given[0]) if is_number else given[0]
    return values


def as_number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def headers_in(request: HttpRequest, kind: type) -> dict[str, str]:
    return {name: request.headers[header_of(name)] for name in schema_of(kind)["properties"] if header_of(name) in request.headers}


def header_of(name: str) -> str:
    return name.replace("_", "-").title()


def body_of(request: HttpRequest, most: int) -> object:
    """The JSON of the body. Its size is looked at before it is read, and nothing is guessed about what it is."""
    if declared_length(request) > most:
        raise Refused(413, f"The body may have {most} bytes at most.")
    if request.content_type != "application/json" or request.headers.get("Content-Encoding"):
        raise Refused(415, "Send JSON as it is, with `Content-Type: application/json`.")
    try:
        value = json.loads(request.body.decode("utf-8"), object_pairs_hook=each_once, parse_constant=no_number)
        json.dumps(value, ensure_ascii=False).encode()  # half a pair of surrogates is no text
    except (ValueError, RecursionError) as error:
        raise Refused(400, "The body is not JSON in UTF-8, or names a field twice.") from error
    return value


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("A field stands twice.")
    return dict(pairs)


def no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON.")
