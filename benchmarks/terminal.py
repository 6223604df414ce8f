"""One local post office as a person runs it, in a process of its own on free ports: for the benchmarks and for tests that end it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import boto3

from local.environment import PROJECT, TABLE

PATIENCE = 120.0
PORTS = ("POSTAMT_PORT", "POSTAMT_SMTP_PORT", "POSTAMT_AWS_PORT")
FOREIGN = ("AWS_", "POSTAMT_", "DJANGO_")


def free_ports() -> dict[str, int]:
    with contextlib.ExitStack() as held:
        probes = {name: held.enter_context(socket.socket()) for name in PORTS}
        for probe in probes.values():
            probe.bind(("127.0.0.1", 0))
        return {name: probe.getsockname()[1] for name, probe in probes.items()}


class Terminal:
    """`python -m local`, what it prints, and what it stores."""

    def __init__(self, state: Path, python: str = sys.executable, **ports: int) -> None:
        self.state = state
        self.python = python
        self.ports = free_ports() | ports
        self.process: subprocess.Popen[str] | None = None
        self.printed = ""

    @property
    def smtp_port(self) -> int:
        return self.ports["POSTAMT_SMTP_PORT"]

    def start(self, **environment: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        asked = {name: str(port) for name, port in self.ports.items()} | {"POSTAMT_STATE": str(self.state)} | environment
        self.process = subprocess.Popen(
            [self.python, "-m", "local"],
            cwd=PROJECT,
            env=kept | asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return self.process

    def open(self) -> None:
        """Returns when it has printed how to send a first mail."""
        process = self.start()
        for line in process.stdout or ():
            self.printed += line
            if "sendmail" in line:
                return
        raise RuntimeError(f"It did not open: {process.stderr.read() if process.stderr else ''}")

    def end(self, by: signal.Signals) -> float:
        """How many seconds it took to end."""
        began = time.monotonic()
        if self.process:
            self.process.send_signal(by)
            self.process.wait(PATIENCE)
        return time.monotonic() - began

    def client(self, service: str) -> Any:
        """A boto3 client as the owner of the local account."""
        known = json.loads((self.state / "environment.json").read_text())
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=known["AWS_ENDPOINT_URL"],
            region_name=known["AWS_REGION"],
            aws_access_key_id=known["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=known["AWS_SECRET_ACCESS_KEY"],
        )

    def has_conversation(self, thread_id: str) -> bool:
        head = {"pk": {"S": f"t#{thread_id}"}, "sk": {"S": "#head"}}
        return "Item" in self.client("dynamodb").get_item(TableName=TABLE, Key=head)

    def subjects(self) -> list[str]:
        """Of all conversations that the inbox lists."""
        query = {"KeyConditionExpression": "pk = :inbox", "ExpressionAttributeValues": {":inbox": {"S": "v#inbox"}}}
        pages = self.client("dynamodb").get_paginator("query").paginate(TableName=TABLE, **query)
        return [json.loads(item["row"]["S"])["subject"] for page in pages for item in page["Items"]]
