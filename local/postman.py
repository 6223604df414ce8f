"""Carries mail that SES sent to the own domain back in, as it would arrive on AWS.

The emulator spools such mail before SES says that it is sent; a spooled entry is deleted only after the bucket has its copy, so that
a `kill -9` in between repeats a delivery at most, and loses none.
"""

import json
import logging
import re
import threading
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from local.environment import REGION, Office
from local.receive import NobodyTakesIt, Receiving
from local.saved import indexed_until
from local.ses_lines import Transaction

PAUSE = 0.1
RECEIPTS_EVERY = 15.0
TROUBLE = (BotoCoreError, ClientError, OSError)
UNREADABLE = (ValueError, KeyError, TypeError)  # cut off by a power cut
# SES writes the first two itself, delivers no Bcc line, and takes X-SES-* lines as instructions to itself.
REPLACED = re.compile(rb"(?i)(message-id|date|bcc|return-path|x-ses-[!-9;-~]*)[ \t]*:")
FIELD = re.compile(rb"[^\n]*\n(?:[ \t][^\n]*(?:\n|\Z))*")

log = logging.getLogger(__name__)


def as_sent(raw: bytes, ses_message_id: str, sent_at: datetime) -> bytes:
    """The message as it leaves SES: with SES's own Message-ID and Date."""
    headers, line_end, body = split(raw)
    kept = b"".join(field for field in FIELD.findall(headers) if not REPLACED.match(field))
    own = f"Message-ID: <{ses_message_id}@{REGION}.amazonses.com>\r\nDate: {format_datetime(sent_at)}\r\n"
    return kept + own.encode() + line_end + body


def split(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """Header block (with its last line end), the empty line, the body."""
    for line_end in (b"\r\n", b"\n"):
        headers, found, body = raw.partition(line_end + line_end)
        if found:
            return headers + line_end, line_end, body
    return raw.rstrip(b"\r\n") + b"\r\n", b"\r\n", b""


class Postman:
    def __init__(self, office: Office, receiving: Receiving) -> None:
        self._office = office
        self._receiving = receiving
        self._over = threading.Event()
        self._look_again_at = float("-inf")
        self._thread = threading.Thread(target=self._walk, name="postman", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(timeout=2)

    def _walk(self) -> None:
        self._publish_again()
        while not self._over.wait(PAUSE):
            self.deliver_all()
            self._forget_filed_receipts()

    def _publish_again(self) -> None:
        self._forget_filed_receipts()
        try:
            self._receiving.publish_again()
        except TROUBLE as trouble:
            self._complain("Receipts wait for the next start", trouble)

    def _forget_filed_receipts(self) -> None:
        """A receipt that was published before the last save has reached the bucket."""
        now = time.monotonic()
        if now < self._look_again_at:
            return
        self._look_again_at = now + RECEIPTS_EVERY
        until = indexed_until(self._office) or 0.0
        for kept in self._office.receipts.glob("*.json"):
            if kept.stat().st_mtime < until:
                kept.unlink()

    def deliver_all(self) -> None:
        for entry in sorted(self._office.spool.glob("*.json")):
            try:
                self._deliver(entry)
                entry.unlink()
            except UNREADABLE as trouble:
                self._complain(f"{entry} cannot be read and is put aside", trouble)
                entry.replace(entry.with_suffix(".unreadable"))
            except TROUBLE as trouble:
                self._complain("A copy to the own domain waits", trouble)
                break

    def _complain(self, what: str, trouble: Exception) -> None:
        if not self._over.is_set():  # else the emulator is closing too
            log.warning("%s: %s", what, trouble)

    def _deliver(self, entry: Path) -> None:
        envelope = json.loads(entry.read_text())
        raw = (self._office.outbox / f"{entry.stem}.eml").read_bytes()
        transaction = Transaction(
            raw=as_sent(raw, entry.stem, datetime.fromtimestamp(envelope["sent_at"], UTC)),
            envelope_from=f"{entry.stem}@{REGION}.amazonses.com",  # SES takes the bounces itself
            envelope_recipients=tuple(envelope["envelope_recipients"]),
            helo=f"b224-1.smtp-out.{REGION}.amazonses.com",
            verdicts={"spf": "PASS", "dkim": "PASS"},
        )
        try:
            self._receiving.receive(transaction)
        except NobodyTakesIt as recipients:
            log.warning("No receipt rule takes what was sent to %s", recipients)
