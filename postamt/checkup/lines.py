"""All lines of the check, in the order in which they are told: what the world sees, the way of a mail, then who keeps watch."""

from collections.abc import Iterator

from postamt.checkup import names, receiving, roads, roles, secrets, storage, table, watch, web
from postamt.checkup.choose import chosen
from postamt.checkup.deployed import deployed
from postamt.checkup.line import Result, results

LINES = (
    *names.LINES,
    *receiving.LINES,
    *storage.LINES,
    *table.LINES,
    *roles.LINES,
    *roads.LINES,
    *web.LINES,
    *secrets.LINES,
    *watch.LINES,
)


def check(domain: str) -> Iterator[Result]:
    """Raises NoDeployment before the first result."""
    return results(LINES, deployed(chosen(domain), domain))
