"""The last step: `manage.py check DOMAIN` over what was deployed. It only looks, and its lines say what to do."""

import os
import subprocess
import sys

from deploy.places import PROJECT
from deploy.trouble import CannotDeploy
from deploy.work import Work
from postamt.checkup.surroundings import environment

NOT_PROVEN = (
    "Everything is made, but {domain} is not proven to work yet: do what the lines above say. "
    "`manage.py check {domain}` looks again, and `make secret {words}` gives you a login secret."
)


def check(work: Work) -> str:
    """A line that fails ends the deployment with the exit code of a failure, though all of it is made."""
    failed = next((domain for domain in work.deployment.domains if not passes(work, domain)), None)
    if failed:
        raise CannotDeploy(NOT_PROVEN.format(domain=failed, words=work.deployment.words))
    return f"Open {work.deployment.webmail_url}/ ; `make secret {work.deployment.words}` gives you a login secret."


def passes(work: Work, domain: str) -> bool:
    command = [sys.executable, "manage.py", "check", domain]
    surroundings = os.environ | environment(work.deployment)
    return subprocess.run(command, cwd=PROJECT, env=surroundings, check=False).returncode == 0
