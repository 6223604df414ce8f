"""Behind CloudFront the host is the one a person asked for: API Gateway knows only its own name, which is none of ours."""

import pytest
from pytest_django import Settings

from tests.unit.auth.conftest import Browser

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
