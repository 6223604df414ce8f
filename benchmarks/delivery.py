"""Nothing that SMTP accepted is lost: many messages, `kill -9` in the middle, a new start, and every one of them is listed exactly once.

    python -m benchmarks.delivery [N]

Starts a post office of its own on free ports, with its state in a temporary folder. A message whose connection broke before its 250 is
not sent again, because nobody can know whether it was stored.
"""

import contextlib
import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from local.environment import PROJECT

CONNECTIONS = 4
PATIENCE = 120.0
QUIET_FOR = 30.0  # seconds without a new row: what is not listed by then is lost
MAIL = (
    "From: Ann <ann@example.org>\r\nTo: me@postamt.localhost\r\nSubject: Message {number}\r\n"
    "Message-ID: <{number}@example.org>\r\n\r\nNumber {number}.\r\n"
)


@dataclass(slots=True)
class Report:
    sent: int
    accepted: int = 0
    accepted_before: int = 0
    listed: int = 0
    lost: list[int] = field(default_factory=list)
    twice: list[int] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextlib.contextmanager
    def timing(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - began


class Office:
    """`python -m local`, as `make run` starts it."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.web_port, self.smtp_port, self.aws_port = free_ports(3)
        self._process: subprocess.Popen[str] | None = None

    def open(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "POSTAMT_", "DJANGO_"))}
        environment |= {
            "POSTAMT_STATE": str(self.state),
            "POSTAMT_PORT": str(self.web_port),
            "POSTAMT_SMTP_PORT": str(self.smtp_port),
            "POSTAMT_AWS_PORT": str(self.aws_port),
        }
        command = [sys.executable, "-m", "local"]
        self._process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        for line in self._process.stdout:
            if "is open" in line:
                return
        raise RuntimeError(f"The post office did not open (exit code {self._process.wait()})")

    def end(self, by: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(by)
        self._process.wait(PATIENCE)

    def client(self, service: str) -> Any:
        environment = json.loads((self.state / "environment.json").read_text())
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=environment["AWS_ENDPOINT_URL"],
            region_name=environment["AWS_REGION"],
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        )

    def listed(self) -> Counter[str]:
        """Subjects in the inbox, from all its list rows."""
        query = {
            "TableName": "postamt-1",
            "KeyConditionExpression": "pk = :inbox",
            "ExpressionAttributeValues": {":inbox": {"S": "v#inbox"}},
        }
        pages = self.client("dynamodb").get_paginator("query").paginate(**query)
        return Counter(json.loads(item["row"]["S"])["subject"] for page in pages for item in page["Items"])


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as open_sockets:
        probes = [open_sockets.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


class Senders:
    """Several connections that share out the numbers. After a kill they end; `accepted` holds what got its 250."""

    def __init__(self, port: int, numbers: Iterator[int], at: int, then: Callable[[], None]) -> None:
        self.accepted: set[int] = set()
        self._port, self._numbers, self._at, self._then = port, numbers, at, then
        self._lock = threading.Lock()

    def run(self) -> None:
        threads = [threading.Thread(target=self._send) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _send(self) -> None:
        with contextlib.suppress(OSError, smtplib.SMTPException), smtplib.SMTP("127.0.0.1", self._port, timeout=PATIENCE) as smtp:
            while (number := self._next()) is not None:
                smtp.sendmail("ann@example.org", ["me@postamt.localhost"], MAIL.format(number=number))
                self._note(number)

    def _next(self) -> int | None:
        with self._lock:
            return next(self._numbers, None)

    def _note(self, number: int) -> None:
        with self._lock:
            self.accepted.add(number)
            if len(self.accepted) == self._at:
                self._then()


def wait_until_listed(office: Office, accepted: set[int]) -> Counter[str]:
    """Until all are listed, or nothing has been added for QUIET_FOR seconds."""
    listed = office.listed()
    grown = time.monotonic()
    while any(subject(number) not in listed for number in accepted) and time.monotonic() - grown < QUIET_FOR:
        time.sleep(0.5)
        now = office.listed()
        grown = time.monotonic() if len(now) > len(listed) else grown
        listed = now
    return listed


def subject(number: int) -> str:
    return f"Message {number}"


def deliver_and_kill(count: int, state: Path) -> Report:
    office, report, numbers = Office(state), Report(count), iter(range(count))
    with report.timing("first start"):
        office.open()
    before = Senders(office.smtp_port, numbers, count // 2, lambda: office.end(signal.SIGKILL))
    with report.timing("deliveries before kill -9"):
        before.run()
    with report.timing("start after kill -9"):
        office.open()
    after = Senders(office.smtp_port, numbers, -1, lambda: None)
    with report.timing("deliveries after it"):
        after.run()
    with report.timing("until all were listed"):
        listed = wait_until_listed(office, before.accepted | after.accepted)
    with report.timing("close"):
        office.end(signal.SIGTERM)
    report.accepted_before, report.accepted = len(before.accepted), len(before.accepted) + len(after.accepted)
    report.listed = sum(listed[subject(number)] for number in before.accepted | after.accepted)
    report.lost = sorted(number for number in before.accepted | after.accepted if not listed[subject(number)])
    report.twice = sorted(number for number in before.accepted | after.accepted if listed[subject(number)] > 1)
    return report


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        report = deliver_and_kill(count, Path(folder) / "state")
    print(f"{report.sent} messages, {report.accepted} got their 250, {report.accepted_before} of them before kill -9")
    print(f"{report.listed} listed, {len(report.lost)} lost, {len(report.twice)} listed twice")
    for name, seconds in report.seconds.items():
        print(f"  {name:28} {seconds:8.1f} s")
    return 1 if report.lost or report.twice else 0


if __name__ == "__main__":
    sys.exit(main())
