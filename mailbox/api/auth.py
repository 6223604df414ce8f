"""`POST /api/auth`: the secret for a token. The tries are counted with those of the sign-in page, and stand in the same history."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from django.http import HttpRequest

from mailbox import door
from mailbox.api.answers import Refused
from mailbox.api.bearer import CHALLENGE, LIVES, new_token, written
from mailbox.api.endpoint import Endpoint, Operation
from mailbox.api.shapes import rule


@dataclass(frozen=True, slots=True)
class Credentials:
    secret: Annotated[str, rule("The login secret.", minLength=1, maxLength=1_000)]


@dataclass(frozen=True, slots=True)
class Admission:
    token: Annotated[str, rule("Goes into `Authorization: Bearer …`.")]
    token_type: Literal["Bearer"]
    expires_at: datetime
    expires_in: Annotated[int, rule("Seconds.", minimum=1, maximum=LIVES)]


def admit(request: HttpRequest, body: Credentials) -> Admission:
    knock = door.knock(request, body.secret, door.BY_API)
    if knock.outcome == "paused":
        raise Refused(429, "Too many tries: signing in is paused.", headers={"Retry-After": str(knock.seconds)})
    if knock.outcome == "refused":
        raise Refused(401, "That is not the secret.", "secret", {"WWW-Authenticate": CHALLENGE})
    token = new_token()
    door.let_in(request, datetime.fromtimestamp(token.signed_in_at, UTC), door.BY_API)
    return Admission(written(token), "Bearer", datetime.fromtimestamp(token.ends_at, UTC), LIVES)


auth = Endpoint(
    POST=Operation(
        act=admit,
        summary="Get a token for the login secret. It lives an hour and is not renewed.",
        body=Credentials,
        gives=Admission,
        is_open=True,
        refusals=(401, 429),
    )
)
