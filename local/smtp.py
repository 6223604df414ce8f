"""The door mail comes in by: SMTP on the loopback, answered as SES answers.

250 is said only after the bucket has the message; when it has not, 451 tells the sender to try again. Storing runs in threads, so
that one large message does not make the others wait.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from botocore.exceptions import BotoCoreError, ClientError

from local.receive import NobodyTakesIt, Receiving
from local.ses_lines import Transaction

MAX_SIZE = 40 * 1024 * 1024
MAX_RECIPIENTS = 1_000  # a notification that names them all fits into SNS
AT_ONCE = 8
log = logging.getLogger(__name__)
logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every line of every conversation


class Door(SMTP):
    line_length_limit = MAX_SIZE  # aiosmtpd refuses lines over 1000 octets; SES takes what real mailers send


class Handler:
    def __init__(self, receiving: Receiving) -> None:
        self._receiving = receiving
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="smtp")

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            taken = await self._run(self._receiving.accepts, address)
        except (BotoCoreError, ClientError) as trouble:
            log.warning("The receipt rules could not be read: %s", trouble)
            return "451 4.3.0 The local AWS does not answer, please try again"
        if not taken:
            return "550 5.1.1 No receipt rule takes mail for this recipient"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        transaction = Transaction(
            raw=bytes(envelope.original_content or b""),
            envelope_from=envelope.mail_from or "",
            envelope_recipients=tuple(envelope.rcpt_tos),
            client=session.peer[0] if session.peer else "127.0.0.1",
            helo=session.host_name or "localhost",
        )
        try:
            ses_id = await self._run(self._receiving.receive, transaction)
        except NobodyTakesIt:
            return "550 5.1.1 No receipt rule takes mail for these recipients"
        except (BotoCoreError, ClientError, OSError) as trouble:
            log.warning("A message could not be stored: %s", trouble)
            return "451 4.3.0 The message could not be stored, please try again"
        return f"250 2.0.0 OK {ses_id}"

    async def _run(self, function: Any, argument: object) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, argument)


class Listener(Controller):
    def factory(self) -> SMTP:
        return Door(self.handler, **self.SMTP_kwargs)


def listener(receiving: Receiving, port: int) -> Controller:
    return Listener(
        Handler(receiving),
        hostname="127.0.0.1",
        port=port,
        data_size_limit=MAX_SIZE,
        enable_SMTPUTF8=True,
        decode_data=False,
        server_hostname="postamt.localhost",
        ident="Postamt",
    )
