"""The clock of the local post office: rings the indexer at the start and once a day, with the event that AWS's own clock sends there.

It never says what is to be done: that is the indexer's to know (indexer/daily.py).
"""

import json
import logging
import threading
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

EVERY = 24 * 60 * 60.0  # seconds
EVENT = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}

log = logging.getLogger(__name__)


class Clock:
    def __init__(self, functions: Callable[[], Any], every: float = EVERY) -> None:
        """`functions` makes a client of Lambda."""
        self._functions = functions
        self._every = every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()

    def _run(self) -> None:
        self.ring()
        while not self._over.wait(self._every):
            self.ring()

    def ring(self) -> None:
        """As AWS does it: nobody waits for the answer."""
        try:
            self._functions().invoke(FunctionName="postamt-indexer", InvocationType="Event", Payload=json.dumps(EVENT).encode())
        except (BotoCoreError, ClientError) as trouble:
            if not self._over.is_set():  # else the emulator is closing too
                log.warning("Trash is emptied another day: %s", trouble)
