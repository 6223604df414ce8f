"""A line of the check: a name and a function that looks at one thing and says what it found.

A line that cannot look (no answer, no permission) has failed too, with a sentence; `look` never raises for what lies outside.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from dns.exception import DNSException

from postamt.checkup.deployed import Deployed

DEPLOY = "Run `make deploy` again: it makes what is missing and leaves the mail alone."
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation", "403"})


@dataclass(frozen=True, slots=True)
class Finding:
    """`todo` says what to do about a failure; where nothing failed, it is something to know."""

    ok: bool
    says: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    look: Callable[[Deployed], Finding]


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    ok: bool
    says: str
    todo: str


def good(says: str, note: str = "") -> Finding:
    return Finding(True, says, note)


def bad(says: str, todo: str = DEPLOY) -> Finding:
    return Finding(False, says, todo)


def results(lines: Sequence[Line], deployed: Deployed) -> Iterator[Result]:
    """One result a line, in their order."""
    for line in lines:
        finding = found_by(line, deployed)
        yield Result(line.name, finding.ok, finding.says, finding.todo)


def found_by(line: Line, deployed: Deployed) -> Finding:
    try:
        return line.look(deployed)
    except ClientError as refusal:
        return refused(refusal)
    except NoCredentialsError:
        return bad("There are no AWS credentials here.", "Set AWS_PROFILE, or run `aws configure`, and check again.")
    except BotoCoreError as trouble:
        return bad(f"AWS was not reached: {trouble}.", "Check the network and AWS_REGION, then check again.")
    except DNSException as trouble:
        why = str(trouble).partition(":")[0]
        return bad(f"The DNS does not answer: {why}.", "Check the network, or name a resolver with POSTAMT_RESOLVER=address:port.")
    except OSError as trouble:
        return bad(f"Nobody answers: {trouble}.", "Check the network, then check again.")


def refused(refusal: ClientError) -> Finding:
    error = refusal.response.get("Error", {})
    if error.get("Code") in DENIED:
        return bad(f"AWS does not let us ask ({refusal.operation_name}).", f"Check as an identity that may {refusal.operation_name}.")
    return bad(f"AWS answers {error.get('Code')}: {str(error.get('Message')).rstrip('.')}.")
