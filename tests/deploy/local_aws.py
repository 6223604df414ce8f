"""An empty AWS account on this machine, with enforcement of IAM on, whose functions run on a bare Python.

Bare, so that a package that is missing from a zip is missing in the function too. Nothing is provisioned: that is what is tested.
"""

import secrets
import sys
from pathlib import Path
from typing import Any

import boto3

from local.child import Child
from local.environment import OWNER_KEY, REGION
from local.postoffice import EMULATOR_PYTHON, inherited, wait_until_it_answers
from tests.aws.conftest import free_port

BARE_PYTHON = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"


class LocalAws:
    def __init__(self, state: Path) -> None:
        self.state = state
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.outbox = state / "outbox"
        self.owner = {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": OWNER_KEY,
            "AWS_SECRET_ACCESS_KEY": secrets.token_hex(20),
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        environment = inherited() | {
            "POSTAMT_STATE": str(state),
            "POSTAMT_AWS_PORT": str(self.port),
            "POSTAMT_AWS_SECRET": self.owner["AWS_SECRET_ACCESS_KEY"],
            "POSTAMT_LAMBDA_PYTHON": str(BARE_PYTHON),
        }
        self.emulator = Child("The local AWS", [str(EMULATOR_PYTHON), "-m", "local.emulator"], environment, state / "log" / "aws.log")

    def start(self) -> None:
        self.emulator.start()
        wait_until_it_answers(self.emulator, self.port, "/_ministack/health")

    def stop(self) -> None:
        self.emulator.stop()

    def client(self, service: str, region: str = REGION) -> Any:
        """As the owner of the account."""
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self.endpoint,
            region_name=region,
            aws_access_key_id=self.owner["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.owner["AWS_SECRET_ACCESS_KEY"],
        )
