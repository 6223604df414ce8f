"""What SES itself wrote on top of a received message: when, from whom, for whom, and its verdicts.

Only the contiguous lines at the very top count, each name once and in the order SES writes them; the first line that breaks this is the
sender's. Verdicts stay SES's words (PASS FAIL GRAY PROCESSING_FAILED DISABLED). The receipt of the same message beats this block.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbox.message.headers import Field, parse_date

VERDICTS = ("spam", "virus", "spf", "dkim", "dmarc")

ORDER = (
    "return-path",
    "received",
    "x-ses-spam-verdict",
    "x-ses-virus-verdict",
    "received-spf",
    "authentication-results",
    "x-ses-receipt",
    "x-ses-dkim-signature",
)
WORDS = frozenset({"PASS", "FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED"})
RESULTS = {"pass": "PASS", "fail": "FAIL", "temperror": "PROCESSING_FAILED", "permerror": "PROCESSING_FAILED"}
WORST_FIRST = ("FAIL", "PROCESSING_FAILED", "GRAY", "PASS")

BY_SES = re.compile(r"\bby inbound-smtp\.[a-z0-9-]+\.(?:amazonaws|amazonses)\.com(?=[\s;])")
RECIPIENT = re.compile(r"\bfor <?([^\s<>;]+@[^\s<>;]+)>?")
RESULT = re.compile(r";\s*(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)
SIGNER = re.compile(r";\s*dkim\s*=\s*pass\s+header\.[id]=[^\s;@]*@?([^\s;@]+)", re.IGNORECASE)
AUTHOR = re.compile(r";\s*dmarc\s*=\s*[a-z]+\s+header\.from=([^\s;]+)", re.IGNORECASE)
COMMENT = re.compile(r"\([^()]*+\)")
QUOTED = re.compile(r'"[^"]*+"')
COMMENT_DEPTH = 5


@dataclass(frozen=True, slots=True)
class SesBlock:
    received_at: datetime
    envelope_from: str | None
    recipient: str | None
    verdicts: dict[str, str]
    signed_by: tuple[str, ...] = ()  # domains whose DKIM signature held
    authors: tuple[str, ...] = ()  # domains of the sender, as SES reads From


def ses_block(fields: Sequence[Field]) -> SesBlock | None:
    """The block SES put on top, or None when the message does not start with one. Believe it only for keys that SES alone writes."""
    block = _block(fields)
    received = block.get("received", "")
    received_at = parse_date(received.rpartition(";")[2])
    if received_at is None or not BY_SES.search(received):
        return None
    recipient = RECIPIENT.search(received)
    verdicts = _results(block.get("authentication-results", ""))
    for name in ("spam", "virus"):
        word = block.get(f"x-ses-{name}-verdict", "").upper()
        if word in WORDS:
            verdicts[name] = word
    return SesBlock(
        received_at=received_at,
        envelope_from=block.get("return-path", "").strip("<> ") or None,
        recipient=recipient[1] if recipient else None,
        verdicts=verdicts,
        signed_by=_signers(block),
        authors=tuple(dict.fromkeys(AUTHOR.findall(block.get("authentication-results", "")))),
    )


def fields_of_ses(fields: Sequence[Field]) -> int:
    """How many fields on top are SES's own; to be believed as `ses_block` is."""
    return len(_block(fields)) if ses_block(fields) else 0


def _block(fields: Sequence[Field]) -> dict[str, str]:
    block: dict[str, str] = {}
    place = 0
    for name, value in fields:
        if name not in ORDER[place:]:
            break
        place = ORDER.index(name) + 1
        block[name] = value
    return block


def _results(value: str) -> dict[str, str]:
    """The words for spf, dkim and dmarc. RFC 8601.

    SES repeats what the sender said (MAIL FROM, HELO) in comments and values, so a result may be planted there: of several for spf or
    dmarc the worst counts. One good DKIM signature of several is enough, so for dkim comments and quotes are taken off first.
    """
    if value.partition(";")[0].strip().lower() != "amazonses.com":
        return {}
    words = {method: min(found, key=WORST_FIRST.index) for method, found in _said(value).items() if method != "dkim"}
    if dkim := _said(_bare(value)).get("dkim"):
        words["dkim"] = "PASS" if "PASS" in dkim else min(dkim, key=WORST_FIRST.index)
    return words


def _signers(block: Mapping[str, str]) -> tuple[str, ...]:
    """Whose signatures held. None are named when the sender's own words, which SES repeats among the results, speak of signatures."""
    value = block.get("authentication-results", "")
    if not _results(value) or any("dkim" in block.get(name, "").lower() for name in ("return-path", "received")):
        return ()
    return tuple(dict.fromkeys(domain.lower() for domain in SIGNER.findall(_bare(value))))


def _bare(value: str) -> str:
    """Without comments and quotes."""
    for _ in range(COMMENT_DEPTH):
        value = COMMENT.sub(" ", value)
    return QUOTED.sub(" ", value)


def _said(value: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for method, result in RESULT.findall(value):
        found.setdefault(method.lower(), []).append(RESULTS.get(result.lower(), "GRAY"))
    return found
