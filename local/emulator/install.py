"""Puts every patch in place, in one order. The only module that knows them all."""

import os
from pathlib import Path
from typing import NoReturn

from ministack import app
from ministack.core import lambda_runtime

from local.emulator import authorization, formation, functions, gateway, queries, queues, receipt_rules, saving, sending

GRACE = 0.5  # seconds for requests that are being answered


def install(state: Path) -> None:
    queues.install()
    queries.install()
    formation.install()
    receipt_rules.install()
    gateway.install()
    sending.install(state)
    authorization.install()
    functions.install(os.environ.pop("POSTAMT_LAMBDA_PYTHON", None))
    saving.install(state / "aws" / "state")


def serve() -> NoReturn:
    """Until SIGTERM. Then at once: the interpreter's own end would wait for every event that is still queued."""
    app._HypercornConfig.graceful_timeout = GRACE
    app.main()
    lambda_runtime.reset()
    os._exit(0)
