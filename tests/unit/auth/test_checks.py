"""What `manage.py check` says about an environment, and where secrets come from."""

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from mailbox.secrets import read_secret
from tests.settings import SECRET
from tests.unit.in_memory import Mailbox


def test_it_works() -> None:
    call_command("check")


@pytest.mark.parametrize("name", ["POSTAMT_DOMAIN", "POSTAMT_BUCKET", "POSTAMT_TABLE", "POSTAMT_QUEUE_URL"])
def test_a_missing_value_is_named_with_what_to_do(settings: Settings, name: str) -> None:
    setattr(settings, name, "")
    with pytest.raises(SystemCheckError, match=rf"(?s){name} is not set.*HINT: Set it to the .*make run"):
        call_command("check")


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("POSTAMT_AUTH_SECRET", "", "is not set"),
        ("POSTAMT_AUTH_SECRET", "x" * 19, "has fewer than 20 characters"),
        ("POSTAMT_JWT_SECRET", "", "is not set"),
        ("POSTAMT_JWT_SECRET", "x" * 19, "has fewer than 32 characters"),
        ("POSTAMT_JWT_SECRET", SECRET, "are the same"),
    ],
)
def test_a_bad_secret_fails_and_is_not_shown(settings: Settings, name: str, value: str, complaint: str) -> None:
    setattr(settings, name, value)
    with pytest.raises(SystemCheckError, match=rf"(?s){name}.*{complaint}.*HINT: Run `make secret`") as failure:
        call_command("check")
    assert not value or value not in str(failure.value)


def test_a_literal_is_the_secret_itself() -> None:
    assert read_secret("POSTAMT_AUTH_SECRET", "ssm-is-not-a-scheme:here") == "ssm-is-not-a-scheme:here"


def test_a_parameter_is_read_from_ssm_without_the_line_break_of_the_file_it_came_from(mailbox: Mailbox) -> None:
    boto3.client("ssm").put_parameter(Name="/webmail/auth-secret", Value="from-a-file\n", Type="SecureString")
    assert read_secret("POSTAMT_AUTH_SECRET", "ssm:/webmail/auth-secret") == "from-a-file"


def test_a_secret_is_read_from_secrets_manager(mailbox: Mailbox) -> None:
    boto3.client("secretsmanager").create_secret(Name="/webmail/jwt-secret", SecretString="from-secrets-manager")
    assert read_secret("POSTAMT_JWT_SECRET", "secretsmanager:/webmail/jwt-secret") == "from-secrets-manager"


@pytest.mark.parametrize("reference", ["ssm:/webmail/absent", "secretsmanager:/webmail/absent"])
def test_a_secret_that_aws_does_not_hand_out_is_named_with_what_to_do(mailbox: Mailbox, reference: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"POSTAMT_AUTH_SECRET is at {reference}.*Run `make secret`"):
        read_secret("POSTAMT_AUTH_SECRET", reference)
