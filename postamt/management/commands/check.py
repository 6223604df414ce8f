"""`check`: Django's own system checks; with a domain, whether its deployment works as it should, line by line."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.check import Command as SystemChecks

from postamt.management.deployment import about, domain_meant

if TYPE_CHECKING:
    from postamt.checkup.line import Result


class Command(SystemChecks):
    help = "Checks the project; with a domain, everything of its deployment: one line each, pass or fail, with what to do."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="print one list of {name, ok, says, todo}")

    def handle(self, *words: Any, **options: Any) -> None:
        """A word with a dot is a domain, one without names an app, as Django has it."""
        given = next((word for word in words if "." in word), "")
        labels = [word for word in words if "." not in word]
        if not given:
            super().handle(*labels, **options)
        domain = domain_meant(given)
        if domain and not labels:
            self.check_deployment(domain, options["json"])

    def check_deployment(self, domain: str, as_json: bool) -> None:
        with about(domain) as deployed:
            from postamt.checkup.line import results
            from postamt.checkup.lines import LINES

            found = []
            for result in results(LINES, deployed):
                found.append(result)
                if not as_json:
                    self.stdout.write(told(result))
        if as_json:
            self.stdout.write(json.dumps([asdict(result) for result in found], indent=1))
        conclude(found)


def told(result: "Result") -> str:
    mark = "ok  " if result.ok else "FAIL"
    todo = f"\n{'':6}-> {result.todo}" if result.todo else ""
    return f"{mark}  {result.name}: {result.says}{todo}"


def conclude(found: "Sequence[Result]") -> None:
    failed = [result.name for result in found if not result.ok]
    if failed:
        raise CommandError(f"{len(failed)} of {len(found)} lines failed: {', '.join(failed)}.")
