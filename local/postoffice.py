"""The local post office: `python -m local.postoffice`, behind `make run`.

Starts the emulator, provisions it, opens the SMTP door, sends the postman on his way, repairs the index and serves the webmail; ends
all of it on Ctrl-C, SIGTERM, or when a part ends by itself. The tests start the same class on free ports.
"""

import contextlib
import http.client
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from aiosmtpd.controller import Controller

from local.child import Child
from local.environment import PROJECT, Office, environment_of, office_of, secrets_of, write_environment
from local.postman import Postman
from local.provision import Provisioning
from local.receive import Receiving
from local.smtp import listener

PATIENCE = 60.0  # seconds for a part to answer: a busy machine is slow, not broken
EMULATOR_PYTHON = PROJECT / ".venv-emulator" / "bin" / "python"

log = logging.getLogger(__name__)


class CannotStart(RuntimeError):
    """With one sentence for the person at the terminal."""


def inherited() -> dict[str, str]:
    """What children take over from the caller: nothing that steers AWS clients or Python."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TERM", "USER") if name in os.environ}


class PostOffice:
    """One post office with all its parts. `start` returns when mail can come in and the pages answer."""

    def __init__(self, office: Office) -> None:
        office.state.mkdir(parents=True, exist_ok=True)
        self.office = office
        self.secrets = secrets_of(office)
        self.environment = environment_of(office, self.secrets)
        self.receiving = Receiving(self.environment)
        self.web_environment: dict[str, str] = {}
        self.emulator = self._emulator()
        self.web: Child | None = None
        self.smtp: Controller | None = None
        self.postman: Postman | None = None

    def _emulator(self) -> Child:
        environment = inherited() | {
            "POSTAMT_STATE": str(self.office.state),
            "POSTAMT_AWS_PORT": str(self.office.aws_port),
            "POSTAMT_AWS_SECRET": self.secrets.aws,
            "POSTAMT_LAMBDA_PYTHON": sys.executable,
        }
        return Child("The local AWS", [str(EMULATOR_PYTHON), "-m", "local.emulator"], environment, self.office.logs / "aws.log")

    def start(self) -> None:
        self.start_emulator()
        self.provision()
        self.open_door()
        self.start_web()

    def start_emulator(self) -> None:
        self.emulator.start()
        wait_until_it_answers(self.emulator, self.office.aws_port, "/_ministack/health")

    def provision(self) -> None:
        provisioning = Provisioning(self.environment)
        self.web_environment = provisioning.run()
        write_environment(self.office, self.environment)

    def open_door(self) -> None:
        self.smtp = listener(self.receiving, self.office.smtp_port)
        self.smtp.start()
        self.postman = Postman(self.office, self.receiving)
        self.postman.start()

    def start_web(self) -> None:
        environment = inherited() | self.web_environment | {"POSTAMT_PORT": str(self.office.web_port)}
        self.web = Child("The webmail", [sys.executable, "-m", "local.web"], environment, self.office.logs / "web.log")
        self.web.start()
        wait_until_it_answers(self.web, self.office.web_port, "/login/")

    def stop_web(self) -> None:
        if self.web:
            self.web.stop()
            self.web = None

    def stop(self) -> None:
        self.stop_web()
        if self.postman:
            self.postman.stop()
        if self.smtp:
            self.smtp.stop()
        self.emulator.stop()


def head(port: int, path: str) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("HEAD", path)
        connection.getresponse()


def wait_until_it_answers(child: Child, port: int, path: str) -> None:
    """Any answer counts, also an error page: the part is there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if child.exit_code() is not None:
            raise CannotStart(f"{child.name} ended at its start (exit code {child.exit_code()}); {child.log} says why.")
        with contextlib.suppress(OSError):
            return head(port, path)
        time.sleep(0.05)
    raise CannotStart(f"{child.name} did not answer within {PATIENCE:.0f} seconds; {child.log} may say why.")
