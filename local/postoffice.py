"""The parts of a local post office, and how they come up and go down: emulator, provisioning, SMTP door, postman, clock, webmail.

`make run` (local/__main__.py) supervises one on the usual ports; the tests start the same class on free ones.
"""

import contextlib
import http.client
import logging
import os
import shutil
import sys
import threading
import time

from aiosmtpd.controller import Controller
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from local.child import Child
from local.clock import Clock
from local.environment import PROJECT, Office, environment_of, secrets_of, write_environment
from local.postman import Postman
from local.provision import Provisioning
from local.receive import Receiving
from local.saved import owe_repair, repair_is_done
from local.smtp import listener

PATIENCE = 60.0  # seconds for a part to answer: a busy machine is slow, not broken
STOP_PATIENCE = 4.0  # seconds for all parts together
EMULATOR_PYTHON = PROJECT / ".venv-emulator" / "bin" / "python"


log = logging.getLogger(__name__)


class CannotStart(RuntimeError):
    """With one sentence for the person at the terminal."""


def inherited() -> dict[str, str]:
    """What children take over from the caller: nothing that steers AWS clients or Python."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TERM", "USER") if name in os.environ}


class PostOffice:
    """One post office with all its parts. After `start` mail can come in and the pages answer."""

    def __init__(self, office: Office) -> None:
        office.state.mkdir(parents=True, exist_ok=True)
        self.office = office
        self.secrets = secrets_of(office)
        self.environment = environment_of(office, self.secrets)
        self.receiving = Receiving(self.environment, office.receipts)
        self._provisioning = Provisioning(self.environment)
        self.emulator = self._emulator()
        self.web_environment: dict[str, str] = {}
        self.web: Child | None = None
        self._repair: Child | None = None
        self._commands: list[Child] = []
        self._smtp: Controller | None = None
        self._postman: Postman | None = None
        self._clock: Clock | None = None

    def _emulator(self) -> Child:
        environment = inherited() | {
            "POSTAMT_STATE": str(self.office.state),
            "POSTAMT_AWS_PORT": str(self.office.aws_port),
            "POSTAMT_AWS_SECRET": self.secrets.aws,
            "POSTAMT_LAMBDA_PYTHON": sys.executable,
        }
        return Child("The local AWS", [str(EMULATOR_PYTHON), "-m", "local.emulator"], environment, self.office.logs / "aws.log")

    def start(self) -> None:
        repair_since = owe_repair(self.office)
        shutil.rmtree(self.office.scratch, ignore_errors=True)
        static = self._command("collectstatic", "--noinput", "--clear", "--verbosity=0")
        self._start_emulator()
        self.provision()
        threading.Thread(target=self._provisioning.warm_functions, daemon=True).start()
        if repair_since:  # pages and mail do not wait for it
            self._repair = self._command("reindex", "--missing", "--changed-since", repair_since)
        self._open_door()
        if static.wait():
            raise CannotStart(f"The static files could not be collected; {static.log} says why.")
        self.start_web()
        self._clock = Clock(lambda: self._provisioning.client("lambda"))
        self._clock.start()

    def children(self) -> list[Child]:
        """What is to run for as long as the post office is open."""
        return [self.emulator, *([self.web] if self.web else [])]

    def look_after_repair(self) -> None:
        """Notes, now and then, whether the repair of the index has ended, and how."""
        if self._repair is None or self._repair.exit_code() is None:
            return
        if self._repair.exit_code():
            log.warning("The index could not be repaired; %s says why. The mail itself is safe.", self._repair.log)
        else:
            repair_is_done(self.office)
        self._repair = None

    def _command(self, name: str, *arguments: str) -> Child:
        """A management command under the owner's identity."""
        command = [sys.executable, "-m", "local.command", name, *arguments]
        environment = inherited() | self.environment | {"DJANGO_SETTINGS_MODULE": "postamt.settings"}
        child = Child(name, command, environment, self.office.logs / f"{name}.log")
        child.start()
        self._commands.append(child)
        return child

    def _start_emulator(self) -> None:
        self.emulator.start()
        wait_until_it_answers(self.emulator, self.office.aws_port, "/_ministack/health")

    def provision(self) -> None:
        try:
            self.web_environment = self._provisioning.run()
        except (BotoCoreError, ClientError, PynamoDBException) as trouble:
            raise CannotStart(f"The local AWS could not be set up ({trouble}); {self.emulator.log} may say why.") from trouble
        write_environment(self.office, self.environment)

    def _open_door(self) -> None:
        self._smtp = listener(self.receiving, self.office.smtp_port)
        try:
            self._smtp.start()
        except OSError as trouble:
            raise CannotStart(f"SMTP cannot listen on port {self.office.smtp_port}: {trouble}.") from trouble
        self._postman = Postman(self.office, self.receiving)
        self._postman.start()

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
        """The door first, so that nothing is accepted that could not be stored; then all processes at the same time."""
        if self._clock:
            self._clock.stop()
        deadline = time.monotonic() + STOP_PATIENCE
        if self._smtp:
            self._smtp.stop(no_assert=True)
        children = [*self._commands, *self.children()]
        for child in children:
            child.request_stop()
        if self._postman:
            self._postman.stop()
        for child in children:
            child.stop(max(0.1, deadline - time.monotonic()))
        self.web = None


def wait_until_it_answers(child: Child, port: int, path: str) -> None:
    """Any answer counts, also an error page: the part is there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if child.exit_code() is not None:
            raise CannotStart(f"{child.name} ended at its start (exit code {child.exit_code()}); {child.log} says why.")
        with contextlib.suppress(OSError, http.client.HTTPException):
            return ask(port, path)
        time.sleep(0.05)
    raise CannotStart(f"{child.name} did not answer within {PATIENCE:.0f} seconds; {child.log} may say why.")


def ask(port: int, path: str) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("HEAD", path)
        connection.getresponse()
