"""The keys of programs outside AWS: one that is in use goes on working until the new one was shown, and none is in a log."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.core.management import CommandError, call_command
from moto import mock_aws

from postamt.access_keys import AccessKey, renew
from postamt.smtp_password import smtp_password

USER = "postamt-smtp"


@pytest.fixture
def iam(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)  # a local post office of other tests may be open
    with mock_aws():
        client = boto3.client("iam")
        for user in (USER, "postamt-sync"):
            client.create_user(UserName=user)
        yield client


def ids(iam: Any, user: str = USER) -> list[str]:
    return [key["AccessKeyId"] for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]]


def run(*words: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("credentials", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_works(iam: Any) -> None:
    said, _ = run("smtp", "example.org")
    assert "email-smtp.eu-west-1.amazonaws.com" in said
    assert ids(iam) == [said.split("User name: ")[1].split()[0]]


@pytest.mark.parametrize(
    ("region", "secret", "password"),
    [  # as another implementation has them, whose passwords SES takes
        ("eu-central-1", "some+secret+key", "BMXhUYlu5Z3gSXVQORxlVa7XPaz91aGWdfHxvkOZdWZ2"),
        ("eu-central-1", "another+secret+key", "BBbphbrQmrKMx42d1N6+C7VINYEBGI5v9VsZeTxwskfh"),
        ("us-west-1", "some+secret+key", "BH+jbMzper5WwlwUar9E1ySBqHa9whi0GPo+sJ0mVYJj"),
        ("us-west-1", "another+secret+key", "BKVmjjMDFk/qqw8EROW99bjCS65PF8WKvK5bSr4Y6EqF"),
    ],
)
def test_the_smtp_password_is_the_one_that_ses_takes(region: str, secret: str, password: str) -> None:
    assert smtp_password(secret, region) == password


def test_the_home_server_gets_the_key_itself(iam: Any) -> None:
    said, _ = run("sync", "example.org")
    names = dict(line.split("=", 1) for line in said.split())
    assert names["AWS_ACCESS_KEY_ID"] == ids(iam, "postamt-sync")[0]
    assert len(names["AWS_SECRET_ACCESS_KEY"]) == 40
    assert names["POSTAMT_BUCKET"] == "postamt-123456789012-eu-west-1"


def test_the_old_key_goes_once_the_new_one_was_shown(iam: Any) -> None:
    run("smtp", "example.org")
    (old,) = ids(iam)
    at_the_showing: list[str] = []
    renew(iam, USER, lambda key: at_the_showing.extend(ids(iam)), keep_old=False)
    (new,) = ids(iam)
    assert set(at_the_showing) == {old, new}
    assert old != new


def test_the_old_key_may_be_kept_until_the_next_time(iam: Any) -> None:
    run("smtp", "example.org")
    (first,) = ids(iam)
    _, told = run("smtp", "example.org", "--keep-old")
    (second,) = set(ids(iam)) - {first}
    assert "No longer good" not in told
    _, told = run("smtp", "example.org", "--keep-old")
    assert f"No longer good: {first}." in told
    assert second in ids(iam)
    assert len(ids(iam)) == 2


def test_a_key_that_could_not_be_shown_is_taken_back_and_the_old_one_stays(iam: Any) -> None:
    run("smtp", "example.org")
    before = ids(iam)

    def broken(_key: AccessKey) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        renew(iam, USER, broken, keep_old=False)
    assert ids(iam) == before


def test_a_secret_is_in_no_log_and_in_no_error(iam: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        said, told = run("sync", "example.org")
    secret = said.split("AWS_SECRET_ACCESS_KEY=")[1].split()[0]
    assert secret not in caplog.text + told
    assert secret not in repr(AccessKey("id", secret))


def test_a_user_that_is_not_there_is_told_in_a_sentence(iam: Any) -> None:
    iam.delete_user(UserName=USER)
    with pytest.raises(CommandError, match=r"NoSuchEntity.*make deploy"):
        run("smtp", "example.org")


def test_without_a_domain_it_asks_for_one() -> None:
    with pytest.raises(CommandError, match="Name the domain"):
        run("smtp")
