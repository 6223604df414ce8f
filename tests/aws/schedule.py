"""Schedules: operations in threads of which exactly one runs at a time, and every AWS call is a point where another may go on.

So a race is a value that Hypothesis can draw, repeat and shrink. A `Crash` ends an operation at such a point, as a Lambda's time-out would.
"""

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.unit.calls import Calls

Operation = Callable[[], Any]
Chooser = Callable[[int], int]


class Crash(BaseException):
    """The end of a process, seen from inside."""


@dataclass
class Runner:
    """One operation: it waits for `go` before each AWS call and says `here` when it waits or has ended."""

    operation: Operation
    crash_after: int | None
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    here: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    steps: int = 0
    ended: bool = False
    crashed: bool = False
    error: Exception | None = None

    def run(self, calls: Calls) -> None:
        calls.turns.wait = self.wait
        try:
            self.operation()
        except Crash:
            self.crashed = True
        except Exception as error:  # noqa: BLE001  (handed to the test)
            self.error = error
        finally:
            self.ended = True
            self.here.release()

    def wait(self) -> None:
        self.here.release()
        self.go.acquire()
        self.steps += 1
        if self.steps == self.crash_after:
            raise Crash


def interleave(calls: Calls, operations: Sequence[Operation], choose: Chooser, crash_after: int | None = None) -> bool:
    """Runs the operations, one AWS call at a time; `choose(n)` says which of the n living ones goes on. The first may crash; returns
    whether it did."""
    runners = [Runner(operation, crash_after if n == 0 else None) for n, operation in enumerate(operations)]
    threads = [threading.Thread(target=runner.run, args=(calls,), daemon=True) for runner in runners]
    for runner, thread in zip(runners, threads, strict=True):
        thread.start()
        runner.here.acquire()
    while living := [runner for runner in runners if not runner.ended]:
        runner = living[choose(len(living))]
        runner.go.release()
        runner.here.acquire()
    for thread in threads:
        thread.join()
    for runner in runners:
        if runner.error is not None:
            raise runner.error
    return any(runner.crashed for runner in runners)


def sticky(order: random.Random) -> Chooser:
    """Long runs of one operation between switches: reaches the late writers that an even choice hardly ever does."""
    last = 0

    def choose(living: int) -> int:
        nonlocal last
        if last >= living or order.random() < 0.25:
            last = order.randrange(living)
        return last

    return choose


class Interruption:
    """Chooses so that the first of two operations makes `after` calls, then the other runs to its end, then the first goes on."""

    def __init__(self, after: int) -> None:
        self.left = after
        self.happened = False

    def __call__(self, living: int) -> int:
        if living == 2 and self.left:
            self.left -= 1
            return 0
        self.happened |= living == 2
        return living - 1
