"""What every answer of the API is, good or bad, and whose scripts may read it."""

import json
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from pytest_django import Settings

from mailbox.store import conversations
from tests.unit.api.conftest import Program
from tests.unit.calls import failing
from tests.unit.in_memory import Mailbox

WEBMAIL = "https://webmail.postamt.localhost"
LIST = "/api/emails"


def assert_problem(answer: Any, status: int) -> None:
    """One shape for all that goes wrong, which nobody keeps and which names nothing of the inside."""
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (set(body), body["status"]) == ({"title", "status", "detail", "field"}, status)
    assert body["detail"][-1] == "."
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    assert not [word for word in ("Traceback", "mailbox.", "botocore", "<html") if word in answer.text]


def test_every_refusal_is_json(program: Program, nobody: Program) -> None:
    assert_problem(nobody.get(LIST), 401)
    assert_problem(program.get("/api/"), 404)
    assert_problem(program.get("/api/nothing"), 404)
    assert_problem(program.get(f"{LIST}/"), 404)
    assert_problem(program.get(LIST, Host="evil.example"), 400)
    assert_problem(program.post(LIST, "{", Content_Type="application/json"), 400)
    assert_problem(program.post(LIST, "{}", Content_Type="text/json"), 415)
    assert_problem(program.post(LIST, "{}", Content_Encoding="gzip"), 415)
    assert_problem(program.post(LIST, "{}", Content_Length="99999999"), 413)
    assert_problem(nobody.post("/api/auth", {"secret": "x" * 64_000}), 413)


@pytest.mark.parametrize(
    ("path", "allowed"), [("/api/auth", "POST, OPTIONS"), (LIST, "GET, POST, HEAD, OPTIONS"), (f"{LIST}/x", "GET, HEAD, OPTIONS")]
)
def test_a_method_that_is_none_here_is_405_and_the_others_are_named(program: Program, path: str, allowed: str) -> None:
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
        answer = program.ask(method, path)
        assert_problem(answer, 405)
        assert answer["Allow"] == allowed


def test_head_is_get_without_the_body(program: Program) -> None:
    answer = program.ask("HEAD", LIST)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"null",
        b"[]",
        b'"secret"',
        b"{",
        b'{"secret": "a", "secret": "b"}',
        b'{"secret": NaN}',
        b'{"secret": "\\ud800"}',
        b'{"secret": "\xff"}',
        '{"secret": "x"}'.encode("utf-16"),
        b"[" * 60_000,
        b'{"secret":' * 5_000,
        b'{"secret": ' + b"9" * 50_000 + b"}",
        b'{"secret": "x", "more": 1}',
    ],
)
def test_a04_a_body_that_is_not_the_json_asked_for_is_400(nobody: Program, body: bytes) -> None:
    assert_problem(nobody.post("/api/auth", body), 400)


def test_a_mailbox_that_cannot_be_reached_is_503_with_the_time_to_wait(program: Program, mailbox: Mailbox) -> None:
    with failing("Query", "ProvisionedThroughputExceededException"):
        answer = program.get(LIST)
    assert_problem(answer, 503)
    assert answer["Retry-After"] == "30"


def test_so_is_one_whose_gate_cannot_be_asked(program: Program, nobody: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_arguments: object, **_options: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.invalid")

    monkeypatch.setattr("mailbox.store.access.Access.batch_get", unreachable)
    for answer in (program.get(LIST), nobody.knock()):
        assert_problem(answer, 503)
        assert "invalid" not in answer.text


def test_a_fault_of_ours_is_500_and_tells_nothing(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise KeyError("botocore mailbox.secret")

    monkeypatch.setattr(conversations, "list_page", broken)
    assert_problem(program.get(LIST), 500)


def test_whoever_comes_around_cloudfront_is_refused_in_json(program: Program, settings: Settings) -> None:
    settings.POSTAMT_ORIGIN_SECRET = "origin-secret"
    assert_problem(program.get(LIST), 403)


def test_a25_the_webmail_alone_may_read_an_answer_and_never_with_credentials(program: Program) -> None:
    answers = [program.get(path, Origin=WEBMAIL) for path in (LIST, f"{LIST}/incoming-absent", "/api/openapi.json", "/api/nothing")]
    for answer in [*answers, program.post("/api/auth", "{", Origin=WEBMAIL)]:
        assert answer["Access-Control-Allow-Origin"] == WEBMAIL
        assert "Access-Control-Allow-Credentials" not in answer
        assert "Origin" in answer["Vary"]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://webmail.postamt.localhost", f"{WEBMAIL}:444", f"{WEBMAIL}.evil.example", "*", ""]
)
def test_a25_no_other_origin_may(program: Program, origin: str) -> None:
    preflight = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "authorization"}
    for answer in (program.get(LIST, Origin=origin), program.ask("OPTIONS", LIST, Origin=origin, **preflight)):
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
        assert "Origin" in answer["Vary"]


def test_a25_the_webmail_may_ask_before_it_asks(nobody: Program) -> None:
    answer = nobody.ask("OPTIONS", LIST, Origin=WEBMAIL, Access_Control_Request_Method="POST")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Origin"] == WEBMAIL
    assert answer["Access-Control-Allow-Methods"] == answer["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert answer["Access-Control-Allow-Headers"] == "Authorization, Content-Type, Idempotency-Key"
    assert "Access-Control-Allow-Credentials" not in answer


def test_pages_are_read_by_no_other_origin_not_even_by_the_webmails(nobody: Program) -> None:
    assert "Access-Control-Allow-Origin" not in nobody.get("/login/", Origin=WEBMAIL)


def test_text_of_a_mail_is_data_and_no_page(program: Program, mailbox: Mailbox) -> None:
    mailbox.arrive(b"From: a@example.org\r\nSubject: </script><b>\xf0\x9f\x93\xae \xff\r\n\r\n\x00\xed\xa0\x80\r\n")
    answer = program.get(LIST)
    assert json.loads(answer.content.decode("utf-8"))["rows"][0]["subject"].startswith("</script><b>📮")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/json", "nosniff")
