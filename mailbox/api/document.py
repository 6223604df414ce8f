"""`GET /api/openapi.json`: OpenAPI 3.1, made of the URL map and of the dataclasses of each operation. Nothing is written twice."""

import json
import re
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from mailbox.api.answers import PROBLEM, Problem
from mailbox.api.endpoint import Endpoint, Operation, header_of
from mailbox.api.shapes import Schema, schema_of

CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
ALWAYS = (400, 403, 500, 503)
REDIRECT = {"description": "Found", "headers": {"Location": {"required": True, "schema": {"type": "string"}}}}
ANSWER_HEADERS = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}


def show(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(json.dumps(openapi()), content_type="application/json")


document = Endpoint(GET=Operation(act=show, summary="This document.", otherwise="application/json", is_open=True))


@cache
def openapi() -> Schema:
    found = list(endpoints(get_resolver()))
    operations = [operation for _, endpoint in found for operation in endpoint.operations.values()]
    kinds = {kind.__name__: schema_of(kind) for operation in operations for kind in (operation.body, operation.gives, Problem) if kind}
    statuses = sorted({status for operation in operations for status in refusals_of(operation)} | {404})
    return {
        "openapi": "3.1.0",
        "info": {"title": "Postamt", "version": "1", "description": "The mailbox of one owner, for programs."},
        "servers": [{"url": "/"}],
        "paths": {path_of(pattern): path_item(pattern, endpoint) for pattern, endpoint in found},
        "components": {
            "schemas": kinds,
            "responses": {str(status): refusal(status) for status in statuses},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def endpoints(resolver: URLResolver) -> Iterator[tuple[URLPattern, Endpoint]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from endpoints(pattern)
        elif isinstance(pattern.callback, Endpoint):
            yield pattern, pattern.callback


def path_of(pattern: URLPattern) -> str:
    return "/" + CONVERTER.sub(r"{\1}", str(pattern.pattern))


def path_item(pattern: URLPattern, endpoint: Endpoint) -> Schema:
    named = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": f"^{converter.regex}$"}}
        for name, converter in pattern.pattern.converters.items()
    ]
    return {method.lower(): described(operation, named) for method, operation in endpoint.operations.items()}


def described(operation: Operation, named: list[Schema]) -> Schema:
    refusals = {*refusals_of(operation), *([404] if named else [])}
    answers = {str(operation.status): given_by(operation), **({"302": REDIRECT} if operation.redirects else {})}
    return {
        "operationId": operation.act.__name__,
        "summary": operation.summary,
        "parameters": [*named, *parameters(operation.query, "query"), *parameters(operation.headers, "header")],
        **({"requestBody": body_of(operation.body)} if operation.body else {}),
        "responses": answers | {str(status): ref("responses", status) for status in sorted(refusals)},
        "security": [] if operation.is_open else [{"token": []}],
    }


def refusals_of(operation: Operation) -> tuple[int, ...]:
    return (*ALWAYS, *operation.refusals, *(() if operation.is_open else (401,)), *((413, 415) if operation.body else ()))


def parameters(kind: type | None, place: str) -> list[Schema]:
    schema = schema_of(kind) if kind else {"properties": {}, "required": []}
    return [
        {
            "name": header_of(name) if place == "header" else name,
            "in": place,
            "required": name in schema["required"],
            "schema": rules,
        }
        for name, rules in schema["properties"].items()
    ]


def body_of(kind: type) -> Schema:
    return {"required": True, "content": {"application/json": {"schema": ref("schemas", kind.__name__)}}}


def given_by(operation: Operation) -> Schema:
    content: dict[str, Any] = {operation.otherwise: {}}
    if operation.gives:
        content = {"application/json": {"schema": ref("schemas", operation.gives.__name__)}}
    return {"description": HTTPStatus(operation.status).phrase, "content": content}


def refusal(status: int) -> Schema:
    headers = {ANSWER_HEADERS[status]: {"required": True, "schema": {"type": "string"}}} if status in ANSWER_HEADERS else {}
    described = {"description": HTTPStatus(status).phrase, "content": {PROBLEM: {"schema": ref("schemas", "Problem")}}}
    return {**described, "headers": headers} if headers else described


def ref(kind: str, name: object) -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}
