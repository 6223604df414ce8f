"""A line of the check: a name and a function that looks at one thing and says what it found.

A line that cannot look (no answer, no permission) has failed too, with a sentence; `look` never raises for what lies outside.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from postamt.checkup.deployed import Deployed
from postamt.checkup.trouble import DEPLOY, TROUBLE, explained


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
    except TROUBLE as trouble:
        return bad(*explained(trouble))
