"""The clock of the local post office: at the start, then once a day, whatever becomes of it."""

import json
import threading
from typing import Any

from botocore.exceptions import EndpointConnectionError

from local.clock import EVERY, Clock
from postamt.lambdas import is_schedule


class Functions:
    """Lambda, as far as a clock sees it; the second call finds nobody."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.calls: list[dict[str, Any]] = []
        self.enough = threading.Event()

    def invoke(self, **call: Any) -> None:
        self.calls.append(call)
        if len(self.calls) >= self.number:
            self.enough.set()
        if len(self.calls) == 2:
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1")


def test_it_rings_at_the_start_and_goes_on_after_a_day_when_nobody_answered() -> None:
    functions = Functions(number=3)
    clock = Clock(lambda: functions, every=0.01)
    clock.start()
    assert functions.enough.wait(30)
    clock.stop()
    first = functions.calls[0]
    assert (first["FunctionName"], first["InvocationType"]) == ("postamt-indexer", "Event")
    assert is_schedule(json.loads(first["Payload"]))
    assert EVERY == 86_400
