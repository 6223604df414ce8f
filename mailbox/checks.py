"""System checks: which value of the environment is missing, and what to do about it. They reach nothing over the network."""

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Error

SHORTEST_AUTH_SECRET = 20
SHORTEST_JWT_SECRET = 32  # RFC 7518 3.2: as long as the hash of HS256
REMEDY = "Run `make secret`, or `make run` for a local post office that makes its own."
NEEDED = {
    "POSTAMT_DOMAIN": "the domain whose mail this is, for instance example.org",
    "POSTAMT_BUCKET": "the S3 bucket that holds the mail",
    "POSTAMT_TABLE": "the DynamoDB table that indexes it",
    "POSTAMT_QUEUE_URL": "the URL of the SQS queue of outgoing mail",
    "POSTAMT_DEAD_LETTER_URL": "the URL of the SQS queue of what was given up",
}


def check_environment(**_options: object) -> list[CheckMessage]:
    return [
        Error(f"{name} is not set.", hint=f"Set it to {meaning}. `make run` and `make deploy` do it for you.", id=f"postamt.E{number:03}")
        for number, (name, meaning) in enumerate(NEEDED.items(), start=1)
        if not getattr(settings, name)
    ]


def check_secrets(**_options: object) -> list[CheckMessage]:
    return list(secret_errors(settings.POSTAMT_AUTH_SECRET, settings.POSTAMT_JWT_SECRET))


def secret_errors(auth: str, jwt: str) -> Iterator[CheckMessage]:
    if len(auth) < SHORTEST_AUTH_SECRET:
        yield Error(_too_short("POSTAMT_AUTH_SECRET", auth, SHORTEST_AUTH_SECRET), hint=REMEDY, id="postamt.E011")
    if len(jwt) < SHORTEST_JWT_SECRET:
        yield Error(_too_short("POSTAMT_JWT_SECRET", jwt, SHORTEST_JWT_SECRET), hint=REMEDY, id="postamt.E012")
    if auth and auth == jwt:
        yield Error("POSTAMT_AUTH_SECRET and POSTAMT_JWT_SECRET are the same.", hint=REMEDY, id="postamt.E013")


def _too_short(name: str, secret: str, shortest: int) -> str:
    return f"{name} has fewer than {shortest} characters." if secret else f"{name} is not set."
