"""Watching the AWS calls that a test makes: how many, which, with what, and (for schedules) when each may go on."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError


@dataclass
class Calls:
    """Every AWS call of the test, and the place where each waits for its turn."""

    made: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    turns: threading.local = field(default_factory=threading.local)

    def names(self, service: str) -> list[str]:
        return [operation for name, operation, _ in self.made if name == service]


@contextmanager
def watched_calls() -> Iterator[Calls]:
    calls = Calls()
    real: Any = BaseClient._make_api_call  # type: ignore[attr-defined]

    def call(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
        wait: Callable[[], None] | None = getattr(calls.turns, "wait", None)
        if wait:
            wait()
        calls.made.append((self.meta.service_model.service_name, operation, parameters))
        return real(self, operation, parameters)

    BaseClient._make_api_call = call  # type: ignore[attr-defined]
    try:
        yield calls
    finally:
        BaseClient._make_api_call = real  # type: ignore[attr-defined]


@contextmanager
def failing(operation: str, code: str, times: int = 10**9, reason: str = "") -> Iterator[list[str]]:
    """The first `times` calls of an operation are refused with this code (and, of a transaction, this reason). Yields the refusals."""
    refusals: list[str] = []
    real: Any = BaseClient._make_api_call  # type: ignore[attr-defined]

    def call(self: Any, name: str, parameters: dict[str, Any]) -> Any:
        if name == operation and len(refusals) < times:
            refusals.append(name)
            answer: Any = {"Error": {"Code": code, "Message": "injected"}, "CancellationReasons": [{"Code": reason}] if reason else []}
            raise ClientError(answer, name)
        return real(self, name, parameters)

    BaseClient._make_api_call = call  # type: ignore[attr-defined]
    try:
        yield refusals
    finally:
        BaseClient._make_api_call = real  # type: ignore[attr-defined]
