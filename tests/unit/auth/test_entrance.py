"""Behind CloudFront its word counts: the host that a person asked for, since API Gateway knows only its own, and who the client is."""

import json
import sys

import pytest
from pytest_django import Settings

from tests.unit.auth.conftest import Browser
from tests.unit.gateway import answer, zappa_settings

SECRET = "origin-secret"
API = "abc123.execute-api.eu-west-1.amazonaws.com"


@pytest.fixture(autouse=True)
def _behind_cloudfront(settings: Settings) -> None:
    settings.POSTAMT_ORIGIN_SECRET, settings.ALLOWED_HOSTS = SECRET, ["webmail.example.org"]


@pytest.mark.parametrize(("asked_for", "status"), [("webmail.example.org", 200), ("evil.example", 400), ("", 400)])
def test_a23_the_host_that_our_function_at_cloudfront_names_is_the_one_that_counts(mailbox: object, asked_for: str, status: int) -> None:
    assert Browser().get("/login/", Host=API, X_Origin_Secret=SECRET, X_Forwarded_Host=asked_for).status_code == status


def test_a23_nobody_else_names_a_host(mailbox: object) -> None:
    assert Browser().get("/login/", Host=API, X_Forwarded_Host="webmail.example.org").status_code == 403


@pytest.fixture
def _through_zappa(mailbox: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zappa_settings", zappa_settings())


CLOUDFRONT = {"X-Origin-Secret": SECRET, "X-Forwarded-Host": "webmail.example.org", "X-Viewer-Address": "203.0.113.9"}


@pytest.mark.usefixtures("_through_zappa")
@pytest.mark.parametrize("name", ["X_Viewer_Address", "x_viewer_address", "X-Viewer_Address"])
def test_a02_an_address_that_a_client_writes_with_underscores_buys_no_tries(name: str) -> None:
    guess = json.dumps({"secret": "a-guess"}).encode()
    statuses = [
        answer("/api/auth", "POST", guess, {**CLOUDFRONT, "Content-Type": "application/json", name: f"198.51.100.{number}"}).status
        for number in range(7)
    ]
    assert statuses == [401] * 5 + [429] * 2


@pytest.mark.usefixtures("_through_zappa")
def test_a23_a_host_that_a_client_writes_with_underscores_is_none() -> None:
    assert answer("/login/", written={**CLOUDFRONT, "X_Forwarded_Host": "evil.example"}).status == 200
    assert answer("/login/", written={"X_Origin_Secret": SECRET, "X-Forwarded-Host": "webmail.example.org"}).status == 403
