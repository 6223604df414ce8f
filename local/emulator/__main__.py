"""Starts the emulator on the loopback, with all its state under the post office's state folder.

Expects POSTAMT_STATE, POSTAMT_AWS_PORT, POSTAMT_AWS_SECRET (the owner's secret key) and POSTAMT_LAMBDA_PYTHON (the
interpreter that runs the Lambda functions); ministack reads its own settings from the environment when it is imported.
"""

import os
import sys
from importlib.metadata import version
from pathlib import Path

from local.emulator import VERSION
from local.environment import ACCOUNT, OWNER_KEY, REGION
from local.lifeline import end_with_parent


def configure(state: Path, port: str) -> None:
    folder = state / "aws"
    scratch = state / "tmp"
    for needed in (folder / "s3", folder / "state", scratch, state / "outbox", state / "spool"):
        needed.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        GATEWAY_PORT=port,
        BIND_HOST="127.0.0.1",  # ministack listens on every interface unless told otherwise
        MINISTACK_HOST="127.0.0.1",
        MINISTACK_REGION=REGION,
        MINISTACK_ACCOUNT_ID=ACCOUNT,
        AUTH="true",  # the policies of the three identities are enforced
        AWS_ACCESS_KEY_ID=OWNER_KEY,
        AWS_SECRET_ACCESS_KEY=os.environ.pop("POSTAMT_AWS_SECRET"),
        PERSIST_STATE="1",
        STATE_DIR=str(folder / "state"),
        S3_PERSIST="1",
        S3_DATA_DIR=str(folder / "s3"),
        LAMBDA_EXECUTOR="local",
        LAMBDA_ACCOUNT_CONCURRENCY="0",  # functions.py queues; ministack would refuse
        TMPDIR=str(scratch),  # unpacked Lambda zips are left behind by a kill -9
        SFTP_ENABLED="0",  # two listeners nobody asked for
        IOT_MTLS_ENABLED="0",
        LOG_LEVEL=os.environ.get("POSTAMT_AWS_LOG", "WARNING"),
    )


def main() -> None:
    if version("ministack") != VERSION:
        sys.exit(f"The local AWS needs ministack {VERSION}, but {version('ministack')} is installed: run `make run` again.")
    state = Path(os.environ["POSTAMT_STATE"])
    configure(state, os.environ["POSTAMT_AWS_PORT"])
    end_with_parent()
    from local.emulator import install  # ministack reads the environment at import

    install.install(state)
    sys.argv = ["ministack"]
    install.serve()


main()
