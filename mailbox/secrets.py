"""Where a secret really is: a literal (local only), `ssm:/name` or `secretsmanager:/name`. Read once, at start."""

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from django.core.exceptions import ImproperlyConfigured


def read_secret(name: str, reference: str) -> str:
    """The secret that `reference`, the value of the variable `name`, stands for.

    Raises ImproperlyConfigured, with a sentence that never holds a literal, when AWS does not hand it out.
    """
    scheme, _, path = reference.partition(":")
    if scheme not in ("ssm", "secretsmanager") or not path.startswith("/"):
        return reference
    try:
        secret = from_parameter_store(path) if scheme == "ssm" else from_secrets_manager(path)
    except (BotoCoreError, ClientError) as error:
        raise ImproperlyConfigured(f"{name} is at {reference}, and AWS does not hand it out: {error}. Run `make secret`.") from error
    return secret.rstrip("\r\n")  # what a file put there ends with one


def from_parameter_store(path: str) -> str:
    return str(boto3.client("ssm").get_parameter(Name=path, WithDecryption=True)["Parameter"]["Value"])


def from_secrets_manager(path: str) -> str:
    return str(boto3.client("secretsmanager").get_secret_value(SecretId=path)["SecretString"])
