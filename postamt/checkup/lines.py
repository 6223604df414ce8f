"""All lines of the check, in the order in which they are told: what the world sees, then the way of a mail through the account."""

from collections.abc import Iterator

from postamt.checkup import names, receiving
from postamt.checkup.choose import chosen
from postamt.checkup.deployed import deployed
from postamt.checkup.line import Result, results

LINES = (
    *names.LINES,
    *receiving.LINES,
)


def check(domain: str) -> Iterator[Result]:
    """Raises NoDeployment before the first result."""
    return results(LINES, deployed(chosen(domain), domain))
