"""`deliver`: the local post. Hands raw mail to the active receipt rules as SES would, without SMTP."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.management.base import BaseCommand, CommandError

from local.environment import state_folder
from local.receive import NobodyTakesIt, Receiving
from local.ses_lines import STATUSES, VERDICTS, Transaction

CLOSED = "The local post office does not answer. Open it with `make run`, then try again."


class Command(BaseCommand):
    help = "Delivers raw mail into the local post office."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a raw message; - is standard input")
        parser.add_argument("--to", action="append", required=True, metavar="ADDR", help="envelope recipient; may be repeated")
        parser.add_argument("--from", dest="envelope_from", default="", metavar="ADDR", help="envelope sender (default: the empty one)")
        parser.add_argument(
            "--verdict", action="append", default=[], type=verdict, metavar="NAME=STATUS", help="what SES is to say, for example spam=FAIL"
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        receiving = receiving_here()
        for file in options["files"]:
            transaction = Transaction(
                raw=read(file),
                envelope_from=options["envelope_from"],
                envelope_recipients=tuple(options["to"]),
                verdicts=dict(options["verdict"]),
            )
            self.stdout.write(f"{file}: {receive(receiving, transaction)}")
        self.stdout.write(f"Delivered {len(options['files'])}.")


def receiving_here() -> Receiving:
    if "AWS_ENDPOINT_URL" not in os.environ:
        raise CommandError(CLOSED)
    return Receiving(os.environ, state_folder() / "receipts")


def receive(receiving: Receiving, transaction: Transaction) -> str:
    try:
        return receiving.receive(transaction)
    except NobodyTakesIt as recipients:
        raise CommandError(f"No active receipt rule takes mail for {recipients}.") from None
    except (BotoCoreError, ClientError) as trouble:
        raise CommandError(f"{CLOSED} ({trouble})") from trouble


def read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as trouble:
        raise CommandError(f"{file} cannot be read: {trouble.strerror}.") from trouble


def verdict(text: str) -> tuple[str, str]:
    name, _, status = text.partition("=")
    if name not in VERDICTS or status.upper() not in STATUSES:
        raise ArgumentTypeError(f"{text!r}: write NAME=STATUS, with one of {', '.join(VERDICTS)} and one of {', '.join(STATUSES)}")
    return name, status.upper()
