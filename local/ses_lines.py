"""The lines SES puts on top of a message it receives, in SES's form and order, and the verdicts they carry.

A laptop has no scanner and asks no resolver: SPF, DKIM and DMARC are GRAY, spam and virus PASS, unless the message holds one of
the two strings that scanners agreed on for tests, or the caller says otherwise.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import parseaddr

from local.environment import REGION

GTUBE = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
BASE32_HEX = "0123456789abcdefghijklmnopqrstuv"  # the letters of the ids SES gives to what it receives
VERDICTS = ("spam", "virus", "spf", "dkim", "dmarc")
STATUSES = ("PASS", "FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED")
RESULTS = {"PASS": "pass", "FAIL": "fail", "GRAY": "none", "PROCESSING_FAILED": "temperror", "DISABLED": "none"}


@dataclass(frozen=True, slots=True)
class Transaction:
    """One SMTP transaction: one message and its envelope."""

    raw: bytes
    envelope_from: str
    envelope_recipients: tuple[str, ...]
    client: str = "127.0.0.1"
    helo: str = "localhost"
    verdicts: Mapping[str, str] = field(default_factory=dict)  # what the caller wants to see


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as SES stores it: `raw` begins with SES's own lines."""

    transaction: Transaction
    ses_id: str
    at: datetime
    verdicts: Mapping[str, str]
    raw: bytes


def arrival_of(transaction: Transaction) -> Arrival:
    at, verdicts = datetime.now(UTC), verdicts_of(transaction)
    ses_id = new_ses_id(at)
    return Arrival(transaction, ses_id, at, verdicts, ses_lines(transaction, ses_id, at, verdicts) + transaction.raw)


def new_ses_id(at: datetime) -> str:
    """40 letters, as SES gives them. The first eleven tell the microsecond: mails of one second, which a script sends and a person hardly
    ever does, then stand in their conversation as they came."""
    microseconds = int(at.timestamp() * 1_000_000)
    clock = "".join(BASE32_HEX[microseconds >> 5 * place & 31] for place in reversed(range(11)))
    return clock + "".join(secrets.choice(BASE32_HEX) for _ in range(29))


def verdicts_of(transaction: Transaction) -> dict[str, str]:
    """In SES's words, for all five of VERDICTS."""
    found = dict.fromkeys(VERDICTS, "GRAY")
    found["spam"] = "FAIL" if GTUBE in transaction.raw else "PASS"
    found["virus"] = "FAIL" if EICAR in transaction.raw else "PASS"
    return found | dict(transaction.verdicts)


def ses_lines(transaction: Transaction, ses_id: str, at: datetime, verdicts: Mapping[str, str]) -> bytes:
    """Ends with a line end: the message's own first line follows. What is not ASCII goes out as UTF-8 (RFC 6532)."""
    author_domain = header_from_domain(transaction.raw)
    spf = spf_clause(transaction, verdicts["spf"])
    helo = _atom(transaction.helo)
    lines = [
        f"Return-Path: <{_atom(transaction.envelope_from)}>",
        f"Received: from {helo} ({helo} [{transaction.client}])",
        f" by inbound-smtp.{REGION}.amazonaws.com with SMTP id {ses_id}",
        f" for {_atom(transaction.envelope_recipients[0])};",
        f" {at:%a, %d %b %Y %H:%M:%S} +0000 (UTC)",
        f"X-SES-Spam-Verdict: {verdicts['spam']}",
        f"X-SES-Virus-Verdict: {verdicts['virus']}",
        f"Received-SPF: {spf}",
        "Authentication-Results: amazonses.com;",
        f" spf={spf}",
        f" dkim={RESULTS[verdicts['dkim']]} header.i=@{author_domain};",
        f" dmarc={RESULTS[verdicts['dmarc']]} header.from={author_domain};",
        f"X-SES-RECEIPT: {_opaque(150)}",
        f"X-SES-DKIM-SIGNATURE: {dkim_signature(at)}",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def header_from_domain(raw: bytes) -> str:
    headers = message_from_bytes(raw.partition(b"\r\n\r\n")[0][:10_240])
    return _atom(parseaddr(str(headers.get("From", "")))[1].rpartition("@")[2]) or "unknown"


def spf_clause(transaction: Transaction, status: str) -> str:
    domain = _atom(transaction.envelope_from.rpartition("@")[2]) or _atom(transaction.helo)
    client = transaction.client
    reasons = {
        "PASS": f"domain of {domain} designates {client} as permitted sender",
        "FAIL": f"domain of {domain} does not designate {client} as permitted sender",
        "PROCESSING_FAILED": f"error in processing during lookup of {domain}",
    }
    reason = reasons.get(status, f"{client} is neither permitted nor denied by domain of {domain}")
    envelope = f"client-ip={client}; envelope-from={_atom(transaction.envelope_from)}; helo={_atom(transaction.helo)};"
    return f"{RESULTS[status]} (spfCheck: {reason}) {envelope}"


def dkim_signature(now: datetime) -> str:
    """As long as SES's; it proves nothing and nothing reads it."""
    signed = "From:To:Cc:Bcc:Subject:Date:Message-ID:MIME-Version:Content-Type:X-SES-RECEIPT"
    seal = f"a=rsa-sha256; q=dns/txt; b={_opaque(128)}; c=relaxed/simple; s=local; d=amazonses.com;"
    return f"{seal} t={int(now.timestamp())}; v=1; bh={_opaque(32)}; h={signed};"


def _opaque(size: int) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode()


def _atom(text: str) -> str:
    """The sender's words inside SES's lines: nothing that could end or open a clause, a comment or a line."""
    return "".join(letter for letter in text if letter.isprintable() and letter not in ' ();<>,"\\')[:320]
