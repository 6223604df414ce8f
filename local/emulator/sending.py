"""SES v2 SendEmail with raw content: exact bytes kept, and mail to an own domain comes back in.

ministack keeps a parsed subject and body only. The bytes go to `outbox/<SES message id>.eml`, the envelope to the `.json`
beside it, and a copy for each own-domain recipient is spooled before SES answers 200, so that a `kill -9` loses nothing.
"""

import base64
import json
import time
import uuid
from email import message_from_bytes, policy
from email.utils import getaddresses, parseaddr
from pathlib import Path
from typing import Any

from ministack.services import ses, ses_v2

from local.emulator.saving import write_at_once

MAX_RAW_SIZE = 40 * 1024 * 1024

Answer = tuple[int, dict[str, str], bytes]


def new_ses_message_id() -> str:
    """In SES's form: region digits, milliseconds, a UUID. eu-west-1 counts from 0102."""
    return f"0102{int(time.time() * 1000):012x}-{uuid.uuid4()}-000000"


def envelope_of(request: dict[str, Any], raw: bytes) -> tuple[str, list[str]]:
    """Envelope sender and recipients: from the request, else from the headers, as SES does."""
    headers = message_from_bytes(raw.partition(b"\r\n\r\n")[0], policy=policy.compat32)
    destination = request.get("Destination") or {}
    named = [address for kind in ("ToAddresses", "CcAddresses", "BccAddresses") for address in destination.get(kind) or []]
    written = [str(value) for name in ("To", "Cc", "Bcc") for value in headers.get_all(name) or []]
    sender = request.get("FromEmailAddress") or str(headers.get("From", ""))
    recipients = [address for _name, address in getaddresses(named or written) if address]
    return parseaddr(sender)[1], recipients


def envelope_of_request(request: dict[str, Any]) -> tuple[str, list[str]]:
    try:
        return envelope_of(request, raw_of(request))
    except ValueError:
        return "", []


def raw_of(request: dict[str, Any]) -> bytes:
    """Raises ValueError when it is no base64."""
    return base64.b64decode(request["Content"]["Raw"]["Data"], validate=True)


def own_domains() -> set[str]:
    """The domains this account receives for: those the active receipt rules name."""
    rule_set = ses._receipt_rule_sets.get(ses._active_receipt_rule_set.get("name")) or {}
    recipients = [recipient for rule in rule_set.get("Rules", []) for recipient in rule.get("Recipients") or []]
    return {recipient.rpartition("@")[2].lower() for recipient in recipients}


class Sending:
    def __init__(self, state: Path) -> None:
        self._outbox = state / "outbox"
        self._spool = state / "spool"

    def send(self, request: dict[str, Any]) -> Answer:
        try:
            raw = raw_of(request)
        except ValueError:
            return _refused("BadRequestException", "Raw message is not base64.")
        if len(raw) > MAX_RAW_SIZE:
            return _refused("MessageRejected", f"Message length is more than {MAX_RAW_SIZE} bytes long.")
        sender, recipients = envelope_of(request, raw)
        rejected = ses._message_rejection(sender, recipients)
        if rejected:
            return _refused("MessageRejected", rejected)
        if not recipients:
            return _refused("BadRequestException", "Missing final recipients.")
        message_id = new_ses_message_id()
        self.keep(message_id, raw, sender, recipients)
        return 200, {"Content-Type": "application/json"}, json.dumps({"MessageId": message_id}).encode()

    def keep(self, message_id: str, raw: bytes, sender: str, recipients: list[str]) -> None:
        own = own_domains()
        envelope = {"envelope_from": sender, "envelope_recipients": recipients, "sent_at": time.time()}
        write_at_once(self._outbox / f"{message_id}.eml", raw)
        write_at_once(self._outbox / f"{message_id}.json", json.dumps(envelope).encode())
        coming_back = [recipient for recipient in recipients if recipient.rpartition("@")[2].lower() in own]
        if coming_back:
            write_at_once(self._spool / f"{message_id}.json", json.dumps(envelope | {"envelope_recipients": coming_back}).encode())


def _refused(code: str, sentence: str) -> Answer:
    answer: Answer = ses_v2._json_err(code, sentence)
    return answer


def raw_request(method: str, path: str, body: bytes) -> dict[str, Any] | None:
    """The request, if it is a SendEmail with raw content."""
    if method != "POST" or not path.rstrip("/").endswith("/outbound-emails"):
        return None
    try:
        request = json.loads(body)
        return request if isinstance(request["Content"]["Raw"]["Data"], str) else None
    except (ValueError, KeyError, TypeError):
        return None


def install(state: Path) -> None:
    sending = Sending(state)
    original = ses_v2.handle_request

    async def handle_request(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
        request = raw_request(method, path, body)
        return sending.send(request) if request else await original(method, path, headers, body, query)

    ses_v2.handle_request = handle_request
