"""Puts every patch in place, in one order. The only module that knows them all."""

import os
from pathlib import Path

from ministack import app
from ministack.services import sqs

from local.emulator import formation, functions, gateway, receipt_rules, saving, sending


def install(state: Path) -> None:
    # Queues are filed under their URL, port included, and the state folder must survive a change of port.
    sqs.DEFAULT_PORT = "4566"
    formation.install()
    receipt_rules.install()
    gateway.install()
    sending.install(state)
    functions.install(os.environ.pop("POSTAMT_LAMBDA_PYTHON", None))
    saving.install(state / "aws" / "state")


def serve() -> int:
    app.main()
    return 0
