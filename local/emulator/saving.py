"""Keeps the state on disk while it runs: ministack saves on a clean stop only.

Objects are on disk at once (S3_PERSIST), messages of queues too (queues.py). All else is saved by a forked copy of the process, so
that no request waits for it; the next copy is made when nine times as long has passed as the last one took.
`saved.json` says since when an event may be missing from the saved table: what a restart must index again.
"""

import asyncio
import copy
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from ministack import app
from ministack.core import persistence
from ministack.services import s3

from local.emulator.functions import invocations

SHARE = 9  # at most a tenth of the time
SHORTEST_PAUSE = 1.0
LONGEST_SAVE = 60.0
READS = frozenset(
    {"GetItem", "Query", "Scan", "BatchGetItem", "DescribeTable", "ListTables", "DescribeTimeToLive", "GetSecretValue", "GetParameter"}
)

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class Saver:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changed = threading.Event()

    def note_change(self) -> None:
        self._changed.set()

    def run(self) -> None:
        while True:
            self._changed.wait()
            started = time.monotonic()
            self._changed.clear()
            # Forked from the event loop, hence between two requests: the copy is never of half a transaction.
            child = asyncio.run_coroutine_threadsafe(self._fork(), app._MAIN_LOOP).result()
            if not wait_for(child):
                self._changed.set()
            time.sleep(max(SHORTEST_PAUSE, SHARE * (time.monotonic() - started)))

    def save_and_wait(self, _services: object = None) -> None:
        """Stands in for ministack's own save on a clean stop, which would write the same ten times as slowly."""
        wait_for(self._fork_now())

    async def _fork(self) -> int:
        return self._fork_now()

    def _fork_now(self) -> int:
        since = min(time.time(), invocations.oldest() or time.time())
        child = os.fork()
        if child == 0:
            self._save_in_child(since)
        return child

    def _save_in_child(self, since: float) -> None:
        """Nothing else runs in this process: no copy is needed to write what cannot change."""
        code = 1
        try:
            os.closerange(3, 65_536)  # the listening socket and the workers' pipes must not outlive the emulator
            vars(copy)["deepcopy"] = lambda value, _memo=None: value
            vars(json)["dump"] = dump_at_once
            persistence.save_all(app._build_persistence_save_dict())
            write_at_once(self._folder / "saved.json", json.dumps({"indexed_until": since}).encode())
            code = 0
        finally:
            os._exit(code)


def dump_at_once(value: object, file: Any, **options: Any) -> None:
    """`json.dump` encodes in Python, `json.dumps` in C."""
    file.write(json.dumps(value, **options))


def write_at_once(path: Path, content: bytes) -> None:
    """The whole file or none of it, also when the process is killed in between."""
    draft = path.with_name(path.name + ".tmp")
    draft.write_bytes(content)
    draft.replace(path)


def wait_for(child: int) -> bool:
    """Whether the saving process ended well; one that hangs is killed."""
    deadline = time.monotonic() + LONGEST_SAVE
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status == 0
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    sys.stderr.write("Saving the state took too long and was given up.\n")
    return False


def changes_state(scope: dict[str, Any]) -> bool:
    """Whether a request may change what is saved; object puts and deletes are on disk already but S3 answers both alike."""
    if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
        return False
    target: str = dict(scope["headers"]).get(b"x-amz-target", b"").decode("latin-1")
    return target.rpartition(".")[2] not in READS


def refuse_what_is_not_on_disk() -> None:
    """ministack logs a full disk and answers 200; SMTP would then accept mail that a restart forgets.

    It drops the body from memory only once the file is written: a body still there is a failed write.
    """
    original = s3._persist_object

    def persist_object(bucket: str, key: str, record: Any) -> None:
        original(bucket, key, record)
        if isinstance(record, dict) and record.get("body") is not None:
            raise OSError(f"{bucket}/{key} could not be written to disk")

    s3._persist_object = persist_object


def install(folder: Path) -> None:
    saver = Saver(folder)
    answer = app.app

    async def saving_app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        try:
            await answer(scope, receive, send)
        finally:
            if changes_state(scope):
                saver.note_change()

    app.app = saving_app
    app.save_all = saver.save_and_wait
    refuse_what_is_not_on_disk()
    threading.Thread(target=saver.run, name="saver", daemon=True).start()
