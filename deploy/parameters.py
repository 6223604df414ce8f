"""The secrets of a deployment, SecureStrings in SSM: made if missing, renewed by `make secret DOMAIN=...`, never printed by a deploy."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from cdk_infra.deployment import Deployment
from deploy.trouble import code_of
from mailbox.new_secrets import login_secret, signing_secret

AUTH, JWT, ORIGIN = Deployment.auth_secret, Deployment.jwt_secret, Deployment.origin_secret
MAKERS: Mapping[str, Callable[[], str]] = {AUTH: login_secret, JWT: signing_secret, ORIGIN: signing_secret}
WHAT = {
    AUTH: "The login secret of the Postamt webmail",
    JWT: "Signs the sessions of the Postamt webmail",
    ORIGIN: "What CloudFront shows the Postamt webmail",
}


def make_missing(ssm: Any) -> list[str]:
    """The names of those that were made. What is there is never read, and never written over."""
    return [name for name in MAKERS if _make(ssm, name)]


def _make(ssm: Any, name: str) -> bool:
    try:
        _put(ssm, name, MAKERS[name](), overwrite=False)
    except ClientError as refusal:
        if code_of(refusal) != "ParameterAlreadyExists":
            raise
        return False
    return True


def renew(ssm: Any, name: str) -> str:
    """The new secret, which is the one that counts from the next start of a function on."""
    made = MAKERS[name]()
    _put(ssm, name, made, overwrite=True)
    return made


def _put(ssm: Any, name: str, value: str, *, overwrite: bool) -> None:
    ssm.put_parameter(Name=name, Value=value, Type="SecureString", Description=WHAT[name], Overwrite=overwrite)


def read(ssm: Any, name: str) -> str:
    return str(ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
