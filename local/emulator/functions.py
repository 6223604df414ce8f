"""Lambda: the project's own interpreter, and asynchronous events that wait in a queue instead of being refused.

ministack starts a thread an event and answers a full house with a throttle, which after two retries loses the event; on AWS an
event waits up to six hours. Here every function has a queue and at most four workers, as many as two laptop cores can feed.
"""

import itertools
import json
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc, sns

WORKERS = 4
RETRIES = 2  # as on AWS, unless the function says otherwise
RETRY_AFTER = 1.0  # seconds, doubled each time; AWS waits one minute
QUIET_WAIT = 0.002  # seconds for a log line that the handler wrote just before it returned

Function = dict[str, Any]


class Invocations:
    """The asynchronous invocations that wait or run. An event counts until it succeeded or was given up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._since: dict[int, float] = {}
        self._numbers = itertools.count()

    def submit(self, function: Function, event: dict[str, Any]) -> None:
        with self._lock:
            number = next(self._numbers)
            self._since[number] = time.time()
        self._attempt(number, function, event, 0)

    def oldest(self) -> float | None:
        """When the oldest unfinished event came in, in seconds since 1970."""
        with self._lock:
            return min(self._since.values(), default=None)

    def _attempt(self, number: int, function: Function, event: dict[str, Any], attempt: int) -> None:
        self._pool(function).submit(self._invoke, number, function, event, attempt)

    def _pool(self, function: Function) -> ThreadPoolExecutor:
        name = str(_config(function).get("FunctionArn"))
        with self._lock:
            if name not in self._pools:
                self._pools[name] = ThreadPoolExecutor(WORKERS, thread_name_prefix="invocation")
            return self._pools[name]

    def _invoke(self, number: int, function: Function, event: dict[str, Any], attempt: int) -> None:
        result = lambda_svc._execute_function_with_config_scope(function, event)
        if result.get("error") and attempt < _retries(function):
            threading.Timer(RETRY_AFTER * 2**attempt, self._attempt, (number, function, event, attempt + 1)).start()
            return
        if result.get("error"):
            _give_up(function, event, result)
        with self._lock:
            del self._since[number]


def _config(function: Function) -> dict[str, Any]:
    return function.get("config") or function


def _event_settings(function: Function) -> Mapping[str, Any]:
    return function.get("event_invoke_config") or (function.get("event_invoke_configs") or {}).get("$LATEST") or {}


def _retries(function: Function) -> int:
    wanted = _event_settings(function).get("MaximumRetryAttempts")
    return RETRIES if wanted is None else int(wanted)


def _give_up(function: Function, event: dict[str, Any], result: dict[str, Any]) -> None:
    config = _config(function)
    destination = (_event_settings(function).get("DestinationConfig") or {}).get("OnFailure", {}).get("Destination")
    target = destination or (config.get("DeadLetterConfig") or {}).get("TargetArn")
    if target:
        route = lambda_svc._route_async_failure
        lambda_svc._run_with_function_config_scope(function, route, target, config["FunctionName"], event, result)


invocations = Invocations()


def deliver_to_lambda(endpoint: str, envelope: str, _topic: str, subscription: str, *_message: Any) -> None:
    """SNS to Lambda is an asynchronous invocation too; ministack runs it once, without queue and retry."""
    function, config, _name = lambda_svc._get_func_record_for_ref(endpoint)
    if not function or not config:
        return
    record = {
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription,
        "EventSource": "aws:sns",
        "Sns": json.loads(envelope),
    }
    invocations.submit(lambda_svc._execution_record_for_config(function, config), {"Records": [record]})


def log_to_stderr(_function: Function, _request_id: str, log: str, *_rest: Any, **_options: Any) -> None:
    """ministack makes a CloudWatch log stream an invocation, kept in memory and saved for ever."""
    if log:
        sys.stderr.write(log + "\n")


def use_interpreter(python: str) -> None:
    """Run Python functions on the project's interpreter: on the emulator's they would see its botocore, not the project's."""
    original = lambda_runtime._detect_runtime_binary

    def detect_runtime_binary(runtime: str) -> tuple[str, str]:
        binary, script = original(runtime)
        return (python if runtime.startswith("python") else binary), script

    lambda_runtime._detect_runtime_binary = detect_runtime_binary


def install(python: str | None) -> None:
    if python:
        use_interpreter(python)
    lambda_svc.invoke_async_with_retry = invocations.submit
    lambda_svc._emit_lambda_logs = log_to_stderr
    sns._deliver_to_lambda = deliver_to_lambda
    drain = lambda_runtime.Worker._drain_stderr_bounded
    # ministack waits 50 ms after each invocation for a log line that mostly never comes.
    lambda_runtime.Worker._drain_stderr_bounded = lambda worker: drain(worker, first_line_wait=QUIET_WAIT)
