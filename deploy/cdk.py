"""The CDK command line: bootstraps, synthesizes and deploys. All it says goes to build/log; a person reads one sentence."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from botocore.exceptions import ClientError

from deploy.account import Account
from deploy.places import BUILD, LOGS, PROJECT
from deploy.trouble import CannotDeploy, code_of

CLI = PROJECT / ".cdk-cli" / "node_modules" / ".bin" / "cdk"
BOOTSTRAPPED = "/cdk-bootstrap/hnb659fds/version"
QUIET = ("--no-notices", "--no-version-reporting")


class Cdk:
    """Of one deployment. Templates are made anew whenever what they are made from has changed."""

    def __init__(self, account: Account, out: Path = BUILD / "cdk") -> None:
        self._account = account
        self._out = out
        self._made_from: dict[str, str] = {}

    def bootstrap(self, region: str) -> bool:
        """Whether it had to be done."""
        try:
            self._account.client("ssm", region).get_parameter(Name=BOOTSTRAPPED)
        except ClientError as refusal:
            if code_of(refusal) != "ParameterNotFound":
                raise
            self._run(f"bootstrap-{region}", "bootstrap", f"aws://{self._account.number}/{region}", "--app=")
            return True
        return False

    def deploy(self, stack: str, context: Mapping[str, str]) -> None:
        self._synthesize(context)
        self._run(f"deploy-{stack}", "deploy", stack, "--exclusively", "--require-approval=never", f"--app={self._out}")

    def _synthesize(self, context: Mapping[str, str]) -> None:
        if context == self._made_from:
            return
        app = f"{shlex.quote(sys.executable)} -m cdk_infra.app"
        self._run(
            "synth",
            "synth",
            "--quiet",
            f"--app={app}",
            f"--output={self._out}",
            *(f"--context={name}={value}" for name, value in context.items()),
        )
        self._made_from = dict(context)

    def _run(self, name: str, *arguments: str) -> None:
        log = LOGS / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as written:
            done = subprocess.run(
                [str(CLI), *arguments, *QUIET], cwd=PROJECT, env=self._environment(), stdout=written, stderr=written, check=False
            )
        if done.returncode:
            raise CannotDeploy(f"CDK did not get through ({reason_in(log.read_text(errors='replace'))}); {log} has all it said.")

    def _environment(self) -> dict[str, str]:
        region = self._account.region
        return os.environ | {
            "AWS_REGION": region,
            "CDK_DEFAULT_REGION": region,
            "CDK_DEFAULT_ACCOUNT": self._account.number,
            "NO_COLOR": "1",
        }


def reason_in(said: str) -> str:
    """The line that tells most: the first failure of a resource, else the last line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "_FAILED" in line or line.startswith(("❌", "Error", "Refused"))]
    return (telling or lines or ["it said nothing"])[0 if telling else -1][:300]
