"""Nothing that SMTP accepted is lost: many messages, `kill -9` in the middle, a new start, and every one of them is listed exactly once.

    python -m benchmarks.delivery [N]

Starts a post office of its own on free ports, with its state in a temporary folder. A message whose connection broke before its 250 is
not sent again, because nobody can know whether it was stored.
"""

import contextlib
import signal
import smtplib
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.terminal import PATIENCE, Terminal

CONNECTIONS = 4
LOOK_EVERY = 2.0
PROGRESS_EVERY = 1_000
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


class Senders:
    """Several connections that share out the numbers. After a kill they end; `accepted` holds what got its 250."""

    def __init__(self, port: int, numbers: Iterator[int], at: int, then: Callable[[], object]) -> None:
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
            if len(self.accepted) % PROGRESS_EVERY == 0:
                print(f"{len(self.accepted)} accepted", file=sys.stderr)
            if len(self.accepted) == self._at:
                self._then()


def wait_until_listed(office: Terminal, accepted: set[int]) -> Counter[str]:
    """How often each subject is listed: once all are, or nothing has been added for QUIET_FOR seconds."""
    listed = Counter(office.subjects())
    grown = time.monotonic()
    while any(subject(number) not in listed for number in accepted) and time.monotonic() - grown < QUIET_FOR:
        time.sleep(LOOK_EVERY)
        now = Counter(office.subjects())
        grown = time.monotonic() if len(now) > len(listed) else grown
        listed = now
    return listed


def subject(number: int) -> str:
    return f"Message {number}"


def deliver_and_kill(count: int, state: Path) -> Report:
    office, report, numbers = Terminal(state), Report(count), iter(range(count))
    with report.timing("first start"):
        office.open()
    before = Senders(office.smtp_port, numbers, count // 2, partial(office.end, signal.SIGKILL))
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
