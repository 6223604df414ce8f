"""The pages of what can go wrong: what they say, and that nothing else is told."""

import pytest
from botocore.exceptions import EndpointConnectionError
from django.test import RequestFactory
from pytest_django import Settings

from mailbox import failures
from mailbox.store.access import Access
from tests.settings import SECRET
from tests.unit.auth.conftest import Browser
from tests.unit.in_memory import Mailbox


def test_an_unknown_address_has_a_page(stranger: Browser) -> None:
    answer = stranger.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert 'class="gate"' in answer.text


def test_a_missing_table_is_a_page_that_says_so_and_a_log_line_that_says_why(
    owner: Browser, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox.dynamodb.delete_table(TableName=mailbox.table)
    answer = owner.get("/b/inbox/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "The mailbox is not reachable" in answer.text
    assert "check POSTAMT_TABLE" in caplog.text
    assert "POSTAMT_TABLE" not in answer.text


@pytest.mark.parametrize("path", ["/b/inbox/", "/login/"])
def test_an_aws_that_does_not_answer_is_the_same_page(owner: Browser, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    def unreachable(*_arguments: object, **_options: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.invalid")

    monkeypatch.setattr(Access, "batch_get", unreachable)
    answer = owner.get(path)
    assert answer.status_code == 503
    assert "dynamodb.invalid" not in answer.text


def test_a_body_that_is_too_large_is_told_the_limits(stranger: Browser, settings: Settings) -> None:
    settings.POSTAMT_REQUEST_MAX_BYTES = 1_000
    answer = stranger.post("/login/", {"password": "x" * 2_000})
    assert answer.status_code == 413
    assert "All files together may have 4.0 MB" in answer.text


def test_a_text_that_is_too_large_is_413_too(owner: Browser, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    assert owner.post("/compose/", {"text": "x" * 2_000}).status_code == 413


def test_a_form_without_a_token_says_what_to_do(stranger: Browser) -> None:
    answer = stranger.client.post("/login/", {"password": SECRET})
    assert answer.status_code == 403
    assert "reload the page" in answer.text


def test_the_page_of_a_fault_of_ours_needs_nothing_that_may_be_broken(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.unit.auth.no_urls"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "absent"}}
    answer = failures.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text


def test_every_page_with_a_form_tells_its_own_server_where_the_form_is(owner: Browser, stranger: Browser) -> None:
    """Under `no-referrer` alone browsers post forms with `Origin: null`, which the check against forged forms refuses."""
    for answer in (owner.get("/b/inbox/"), stranger.get("/login/")):
        assert "<form" in answer.text
        assert '<meta name="referrer" content="same-origin">' in answer.text
