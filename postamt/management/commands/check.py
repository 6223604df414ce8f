"""`check`: Django's own system checks; with a domain, whether its deployment works as it should, line by line."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.check import Command as SystemChecks

if TYPE_CHECKING:
    from postamt.checkup.line import Result

LOCAL = ".localhost"  # is this machine itself (RFC 6761 6.3): nothing of it is deployed


class Command(SystemChecks):
    help = "Checks the project; with a domain, everything of its deployment: one line each, pass or fail, with what to do."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="print one list of {name, ok, says, todo}")

    def handle(self, *words: Any, **options: Any) -> None:
        """A word with a dot is a domain, one without names an app, as Django has it."""
        domain = next((word.lower() for word in words if "." in word), "")
        labels = [word for word in words if "." not in word]
        if not domain:
            super().handle(*labels, **options)
        domain = domain or domain_of_environment()
        if domain and not labels:
            self.check_deployment(domain, options["json"])

    def check_deployment(self, domain: str, as_json: bool) -> None:
        found = []
        for result in looked_at(domain):
            found.append(result)
            if not as_json:
                self.stdout.write(told(result))
        if as_json:
            self.stdout.write(json.dumps([asdict(result) for result in found], indent=1))
        conclude(found)


def domain_of_environment() -> str:
    domain: str = settings.POSTAMT_DOMAIN
    return "" if domain.endswith(LOCAL) else domain


def looked_at(domain: str) -> "Iterator[Result]":
    try:
        from postamt.checkup.choose import NoDeployment
        from postamt.checkup.lines import check
    except ModuleNotFoundError as missing:  # a local post office has no use for what a deployment needs
        raise CommandError(f"{missing.name} is not installed here: use .venv-deploy/bin/python, which `make deploy` makes.") from missing
    try:
        yield from check(domain)
    except NoDeployment as trouble:
        raise CommandError(str(trouble)) from trouble


def told(result: "Result") -> str:
    mark = "ok  " if result.ok else "FAIL"
    todo = f"\n{'':6}-> {result.todo}" if result.todo else ""
    return f"{mark}  {result.name}: {result.says}{todo}"


def conclude(found: "Sequence[Result]") -> None:
    failed = [result.name for result in found if not result.ok]
    if failed:
        raise CommandError(f"{len(failed)} of {len(found)} lines failed: {', '.join(failed)}.")
