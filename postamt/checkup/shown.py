"""Whether the webmail shows a message: asked through its front door, the API, with the login secret as any program of the owner has it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

from postamt.checkup.deployed import Deployed
from postamt.checkup.line import Result
from postamt.checkup.page import ask

NAME = "round-trip-shown"
SEE_PAGE = "See the lines page, origin and secret-login above."


def shown(deployed: Deployed, id: str, after: Callable[[datetime], str]) -> Result:
    token, status = token_for(deployed)
    if not token:
        return Result(NAME, False, f"The webmail does not let us in: it answers {status}.", SEE_PAGE)
    answer = ask("GET", f"{deployed.webmail_url}/api/emails/{id}", {"Authorization": f"Bearer {token}"})
    if answer.status != 200:
        return Result(NAME, False, f"The webmail does not show it: it answers {answer.status}.", SEE_PAGE)
    return Result(NAME, True, f"The webmail showed it {after(datetime.now(UTC))}.", "")


def token_for(deployed: Deployed) -> tuple[str, int]:
    """The token is empty when the webmail gives none; its status says why."""
    found = deployed.client("ssm").get_parameter(Name=deployed.deployment.auth_secret, WithDecryption=True)
    body = json.dumps({"secret": found["Parameter"]["Value"].strip()}).encode()
    answer = ask("POST", f"{deployed.webmail_url}/api/auth", {"Content-Type": "application/json"}, body)
    return (token_in(answer.body) if answer.status == 200 else "", answer.status)


def token_in(body: bytes) -> str:
    """Empty when the answer is none of our API: somebody else's page, perhaps."""
    try:
        return str(json.loads(body)["token"])
    except (ValueError, TypeError, KeyError):
        return ""
