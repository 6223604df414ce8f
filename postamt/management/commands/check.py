"""`check`: Django's own system checks; with a domain, whether its deployment works as it should, line by line."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.check import Command as SystemChecks

from postamt.management.deployment import about, domain_meant

if TYPE_CHECKING:
    from postamt.checkup.deployed import Deployed
    from postamt.checkup.line import Result


class Command(SystemChecks):
    help = "Checks the project; with a domain, everything of its deployment: one line each, pass or fail, with what to do."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="print one list of {name, ok, says, todo}")
        parser.add_argument("--round-trip", action="store_true", help="also send a mail to ourselves and follow it until it is shown")
        parser.add_argument("--sandbox-request", action="store_true", help="only print what to write to AWS to leave the SES sandbox")
        parser.add_argument("--environment", action="store_true", help="only print what other commands need to work on this deployment")

    def handle(self, *words: Any, **options: Any) -> None:
        """A word with a dot is a domain, one without names an app, as Django has it."""
        given = next((word for word in words if "." in word), "")
        labels = [word for word in words if "." not in word]
        about_deployment = given or any(options[name] for name in ("round_trip", "sandbox_request", "environment"))
        if not about_deployment:
            super().handle(*labels, **options)
        domain = domain_meant(given)
        if about_deployment or (domain and not labels):
            self.handle_deployment(domain, options)

    def handle_deployment(self, domain: str, options: dict[str, Any]) -> None:
        with about(domain) as deployed:
            from postamt.checkup.sandbox import request
            from postamt.checkup.surroundings import exports

            if options["sandbox_request"] or options["environment"]:
                return self.stdout.write(exports(deployed.deployment) if options["environment"] else request(deployed))
            found = self.looked_at(deployed, options["round_trip"], told=not options["json"])
        if options["json"]:
            self.stdout.write(json.dumps([asdict(result) for result in found], indent=1))
        return conclude(found)

    def looked_at(self, deployed: "Deployed", around: bool, *, told: bool) -> "list[Result]":
        from postamt.checkup.line import results
        from postamt.checkup.lines import LINES
        from postamt.checkup.round_trip import round_trip

        found = []
        for result in chain(results(LINES, deployed), round_trip(deployed) if around else ()):
            found.append(result)
            if told:
                self.stdout.write(line_of(result))
        return found


def line_of(result: "Result") -> str:
    mark = "ok  " if result.ok else "FAIL"
    todo = f"\n{'':6}-> {result.todo}" if result.todo else ""
    return f"{mark}  {result.name}: {result.says}{todo}"


def conclude(found: "Sequence[Result]") -> None:
    failed = [result.name for result in found if not result.ok]
    if failed:
        raise CommandError(f"{len(failed)} of {len(found)} lines failed: {', '.join(failed)}.")
