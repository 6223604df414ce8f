"""What the commands about a deployment share: which one is meant, and every refusal as a sentence.

What they import is installed for `make deploy` alone; a local post office has the other commands, and is told so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management.base import CommandError

if TYPE_CHECKING:
    from postamt.checkup.deployed import Deployed

LOCAL = ".localhost"  # is this machine itself (RFC 6761 6.3): nothing of it is deployed


def domain_meant(given: str) -> str:
    """The one given, else that of the environment; empty beside a local post office."""
    domain: str = settings.POSTAMT_DOMAIN
    return given.lower() or ("" if domain.endswith(LOCAL) else domain)


@contextmanager
def about(domain: str) -> "Iterator[Deployed]":
    """The deployment of a domain. Whatever keeps us from asking it ends as a CommandError."""
    if not domain:
        raise CommandError("Name the domain, for instance example.org.")
    try:
        from postamt.checkup.choose import NoDeployment, chosen
        from postamt.checkup.deployed import deployed
        from postamt.checkup.trouble import TROUBLE, explained
    except ModuleNotFoundError as missing:
        raise CommandError(f"{missing.name} is not installed here: use .venv-deploy/bin/python, which `make deploy` makes.") from missing
    try:
        yield deployed(chosen(domain), domain)
    except NoDeployment as trouble:
        raise CommandError(str(trouble)) from trouble
    except TROUBLE as trouble:
        raise CommandError(" ".join(explained(trouble))) from trouble
