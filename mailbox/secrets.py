"""Where a secret really is: a literal (local only), `ssm:/name` or `secretsmanager:/name`. Read once, at start."""

import logging
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session
from django.core.exceptions import ImproperlyConfigured

# At DEBUG botocore writes down what AWS answers. The settings forbid it too, but they are only being read now.
logging.getLogger("botocore").setLevel(logging.WARNING)


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
    return str(client("ssm").get_parameter(Name=path, WithDecryption=True)["Parameter"]["Value"])


def from_secrets_manager(path: str) -> str:
    return str(client("secretsmanager").get_secret_value(SecretId=path)["SecretString"])


@cache
def client(service: str) -> Any:
    return get_session().create_client(service)
