"""`GET /api/openapi.json`: what is promised, and that the URL map holds it."""

from typing import Any

import pytest

from mailbox.api.endpoint import Endpoint
from tests.unit.api.conftest import Program
from tests.unit.auth.conftest import ABSENT, routes

PROMISED = {
    ("/api/auth", "post", "admit"),
    ("/api/emails", "get", "list_emails"),
    ("/api/emails", "post", "send_email"),
    ("/api/emails/{id}", "get", "get_email"),
    ("/api/emails/{id}/raw", "get", "get_raw"),
    ("/api/openapi.json", "get", "show"),
}


@pytest.fixture
def document(nobody: Program) -> Any:
    """Needs no token: it is the same for everybody who installs Postamt."""
    answer = nobody.get("/api/openapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    return answer.json()


def test_it_promises_what_it_did(document: Any) -> None:
    found = {(path, method, operation["operationId"]) for path, item in document["paths"].items() for method, operation in item.items()}
    assert (document["openapi"], found) == ("3.1.0", PROMISED)


def test_it_names_every_url_of_the_api_and_no_other(document: Any) -> None:
    urls = {route.absent for route in routes() if route.absent.startswith("/api/")}
    assert {path.replace("{id}", ABSENT["id"]) for path in document["paths"]} == urls


def test_all_but_the_door_and_the_document_need_the_token(document: Any, nobody: Program) -> None:
    for path, method, _ in PROMISED:
        is_open = document["paths"][path][method]["security"] == []
        assert is_open == (path in ("/api/auth", "/api/openapi.json"))
        assert (nobody.ask(method.upper(), path.replace("{id}", ABSENT["id"])).status_code == 401) == (not is_open)


def test_every_reference_leads_somewhere(document: Any) -> None:
    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            return {value["$ref"]} if "$ref" in value else set().union(*map(references, value.values()))
        return set().union(*map(references, value)) if isinstance(value, list) else set()

    for reference in references(document):
        place = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
        assert place


def test_nothing_beyond_what_is_described_is_taken_or_given(document: Any) -> None:
    def objects(value: Any) -> list[Any]:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
        return [
            *([value] if isinstance(value, dict) and value.get("type") == "object" else []),
            *(one for each in inner for one in objects(each)),
        ]

    found = objects(document["components"]["schemas"])
    assert len(found) > 10
    assert all(one["additionalProperties"] is False for one in found)


def test_an_endpoint_is_free_of_the_forms_token_because_it_reads_no_cookie() -> None:
    assert Endpoint.csrf_exempt
