"""The owner of an account: a copy of this project, the account's credentials, a terminal that is remembered, and a browser.

A copy, because a deployment writes into build/ and other tests pack functions there. It is what `make deploy` would find on a fresh
checkout: no build/, no var/, but the virtual environments and the CDK command line that the Makefile makes.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cdk_infra.deployment import Deployment
from local.environment import ACCOUNT, PROJECT, REGION
from tests.deploy.front import Front
from tests.deploy.local_aws import LocalAws
from tests.deploy.name_server import NameServer

DOMAIN = "example.org"
ALERTS = "me@elsewhere.example"
NAMES = Deployment(ACCOUNT, REGION, (DOMAIN,), ALERTS)
WORDS = (f"DOMAIN={DOMAIN}", f"REGION={REGION}", f"ALERTS={ALERTS}")
MADE = (".venv-lambda", ".cdk-cli")
LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", ".cdk-cli", ".*_cache", ".hypothesis", "__pycache__", "build", "var")
RECEIVES_IN = f"inbound-smtp.{REGION}.amazonaws.com"


@dataclass
class Owner:
    aws: LocalAws
    tree: Path
    environment: dict[str, str]
    front: Front
    said: list[str] = field(default_factory=list)  # by every command, but those that are to print a secret

    def run(self, *command: str, remember: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(command, cwd=self.tree, env=self.environment, capture_output=True, text=True, check=False)
        if remember:
            self.said.append(done.stdout + done.stderr)
        return done

    def deploy(self, verb: str = "deploy", *more: str, remember: bool = True) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "deploy", verb, *WORDS, *more, remember=remember)

    def manage(self, command: str) -> subprocess.CompletedProcess[str]:
        """As docs/OPERATIONS.md has an owner do it: first the shell is told of the deployment."""
        python = f"{shlex.quote(sys.executable)} manage.py"
        return self.run("sh", "-c", f'eval "$({python} check {DOMAIN} --environment)" && {python} {command}')

    def secret(self, name: str) -> str:
        return str(self.aws.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])


@contextmanager
def owner_of_an_empty_account(folder: Path) -> Iterator[Owner]:
    """All there is in the account is the zone of the domain, which its registrar delegates to."""
    tree = folder / "postamt"
    shutil.copytree(PROJECT, tree, ignore=LEFT_OUT)
    for name in MADE:
        (tree / name).symlink_to(PROJECT / name)
    aws = LocalAws(folder / "aws")
    aws.start()
    aws.client("route53").create_hosted_zone(Name=DOMAIN, CallerReference="registrar")
    name_server, front = NameServer(aws.client("route53"), {(RECEIVES_IN, "A"): ["192.0.2.1"]}), Front(aws, NAMES.webmail_host)
    name_server.start()
    front.start()
    try:
        yield Owner(aws, tree, environment_of(aws, name_server, front), front)
    finally:
        front.stop()
        name_server.stop()
        aws.stop()


def environment_of(aws: LocalAws, name_server: NameServer, front: Front) -> dict[str, str]:
    """The account's credentials, and where the world of this test is; nothing of ours."""
    places = {"POSTAMT_RESOLVER": name_server.address, "POSTAMT_WEBMAIL_URL": front.url}
    return {name: os.environ[name] for name in ("PATH", "HOME")} | aws.owner | places
