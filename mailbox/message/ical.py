"""iCalendar cut into components and properties, as far as it can be read. RFC 5545 3.1, 6868.

Nothing is understood here and nothing raises: a line that is no property is skipped, a component that never ends ends with the file.
Libraries that know more refuse whole files for one bad line, and cost 60 ms of every cold start.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

LINES_LIMIT = 10_000
DEPTH_LIMIT = 10

FOLD = re.compile(r"\r?\n[ \t]")
PROPERTY = re.compile(r'([A-Za-z0-9-]{1,100})((?:;[^=;:"]{1,100}=(?:"[^"]*+"|[^";:])*+)*+):(.*)')
PARAMETER = re.compile(r';([^=;:"]+)=((?:"[^"]*+"|[^";:])*+)')
TEXT_ESCAPE = re.compile(r"\\(.)")
PARAMETER_ESCAPE = re.compile(r"\^([n^'])")
LOCAL_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?")
PARAMETER_ESCAPES = {"n": "\n", "^": "^", "'": '"'}


@dataclass(frozen=True, slots=True)
class Property:
    """One line: names in upper case, the value as written."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value of a text property, its escapes undone."""
        return TEXT_ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], self.value)


@dataclass(slots=True)
class Component:
    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    components: list["Component"] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        return next(iter(self.properties.get(name, ())), None)

    def all(self, name: str) -> list[Property]:
        return self.properties.get(name, [])

    def text(self, name: str) -> str:
        """The text of the first property of this name, empty where there is none."""
        found = self.first(name)
        return found.text if found else ""

    def inner(self, name: str) -> list["Component"]:
        return [component for component in self.components if component.name == name]


def read_calendar(text: str) -> Component:
    """What stands in the first VCALENDAR, or in no component at all: some programs leave the outer one out. Any text."""
    root = Component("")
    open_components = [root]
    for line in _properties(text):
        if line.name == "BEGIN" and len(open_components) <= DEPTH_LIMIT:
            component = Component(line.value.strip().upper())
            open_components[-1].components.append(component)
            open_components.append(component)
        elif line.name == "END":
            _close(open_components, line.value.strip().upper())
        else:
            open_components[-1].properties.setdefault(line.name, []).append(line)
    return next(iter(root.inner("VCALENDAR")), root)


def rule_of(rule: Property | None) -> dict[str, str]:
    """The pieces of a recurrence rule, in upper case."""
    pieces = (piece.partition("=") for piece in rule.value.upper().split(";")) if rule else ()
    return {name.strip(): value.strip() for name, _, value in pieces}


def local_time(text: str) -> datetime | None:
    """The wall clock time of `20261204T173000`, without a zone. Only years that a calendar can mean: Windows begins its rules in 1601."""
    match = LOCAL_TIME.match(text.strip())
    if match is None or not 1601 <= int(match[1]) <= 2200:
        return None
    year, month, day, hour, minute, second = map(int, match.groups("0"))
    try:
        return datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001 - no zone is the point
    except ValueError:
        return None


def _close(open_components: list[Component], name: str) -> None:
    """The end of a component ends those inside it too; an end of what was never begun ends nothing."""
    depth = next((depth for depth in range(len(open_components) - 1, 0, -1) if open_components[depth].name == name), 0)
    if depth:
        del open_components[depth:]


def _properties(text: str) -> Iterator[Property]:
    for line in FOLD.sub("", text).split("\n", LINES_LIMIT)[:LINES_LIMIT]:
        if match := PROPERTY.match(line.strip()):
            yield Property(match[1].upper(), dict(_parameters(match[2])), match[3])


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    for name, value in PARAMETER.findall(text):
        yield name.strip().upper(), PARAMETER_ESCAPE.sub(lambda match: PARAMETER_ESCAPES[match[1]], value.replace('"', ""))
