"""Watching the AWS calls that a test makes: how many, which, with what, and (for schedules) when each may go on."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError

AwsCall = Callable[[Any, str, dict[str, Any]], Any]


@dataclass
class Calls:
    """Every AWS call of the test, and the place where each waits for its turn."""

    made: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    turns: threading.local = field(default_factory=threading.local)

    def names(self, service: str) -> list[str]:
        return [operation for name, operation, _ in self.made if name == service]


@contextmanager
def calls_through(wrap: Callable[[AwsCall], AwsCall]) -> Iterator[None]:
    """Every AWS call of any client goes through what `wrap` makes of the real one. botocore has no public place for that."""
    real: AwsCall = BaseClient._make_api_call  # type: ignore[attr-defined]
    BaseClient._make_api_call = wrap(real)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        BaseClient._make_api_call = real  # type: ignore[attr-defined]


@contextmanager
def watched_calls() -> Iterator[Calls]:
    calls = Calls()

    def wrap(real: AwsCall) -> AwsCall:
        def call(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
            wait: Callable[[], None] | None = getattr(calls.turns, "wait", None)
            if wait:
                wait()
            calls.made.append((client.meta.service_model.service_name, operation, parameters))
            return real(client, operation, parameters)

        return call

    with calls_through(wrap):
        yield calls


@contextmanager
def failing(operation: str, code: str, times: int = 10**9, reason: str = "") -> Iterator[list[str]]:
    """The first `times` calls of an operation are refused with this code (and, of a transaction, this reason). Yields the refusals."""
    refusals: list[str] = []

    def wrap(real: AwsCall) -> AwsCall:
        def call(client: Any, name: str, parameters: dict[str, Any]) -> Any:
            if name == operation and len(refusals) < times:
                refusals.append(name)
                answer: Any = {"Error": {"Code": code, "Message": "injected"}, "CancellationReasons": [{"Code": reason}] if reason else []}
                raise ClientError(answer, name)
            return real(client, name, parameters)

        return call

    with calls_through(wrap):
        yield refusals


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Each call is atomic, as on AWS: moto copies whole tables for a transaction, and threads must not change them meanwhile."""
    turn = threading.RLock()

    def wrap(real: AwsCall) -> AwsCall:
        def call(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
            with turn:
                return real(client, operation, parameters)

        return call

    with calls_through(wrap):
        yield
