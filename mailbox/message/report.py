"""Mail that reports on mail: what was not delivered and why, what was opened, what was called spam. RFC 3464, 8098, 5965.

A report is what its sender says, never a fact: anybody can write one. Nothing here changes anything, and no receipt is ever sent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mailbox.message.headers import Field, plain, read_headers
from mailbox.message.parse import ParsedMessage

READ_AT_MOST = 1 << 16
PARTS_AT_MOST = 3
OUTCOMES_AT_MOST = 100
BLOCKS_AT_MOST = 1_000  # empty lines count, too
WORDS_AT_MOST = 500

Kind = Literal["delivery", "receipt", "complaint"]
KINDS: dict[str, Kind] = {
    "message/delivery-status": "delivery",
    "message/global-delivery-status": "delivery",
    "message/disposition-notification": "receipt",
    "message/global-disposition-notification": "receipt",
    "message/feedback-report": "complaint",
}
# What names the subject of a report: the address mail was for.
RECIPIENT_FIELDS = ("original-recipient", "final-recipient", "original-rcpt-to")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the mail to one address. `action` is `failed`, `delayed`, `delivered`, `relayed` or `expanded` of a delivery,
    `displayed`, `deleted` or the like of a receipt, `abuse` or the like of a complaint. `words` are the remote server's own."""

    recipient: str
    action: str
    status: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    kind: Kind
    outcomes: tuple[Outcome, ...]


def report_of(parsed: ParsedMessage) -> Report | None:
    """What this message reports; None for mail that is no report. Reads the part made for programs, else what Exim writes in a header."""
    parts = [attachment for attachment in parsed.attachments if attachment.content_type in KINDS]
    for part in parts[:PARTS_AT_MOST]:
        kind = KINDS[part.content_type]
        if outcomes := tuple(_outcomes(kind, part.content[:READ_AT_MOST])):
            return Report(kind, outcomes)
    failed = next((value for name, value in parsed.headers if name == "x-failed-recipients"), "")
    recipients = [address.strip() for address in failed.split(",", OUTCOMES_AT_MOST)[:OUTCOMES_AT_MOST] if address.strip()]
    return Report("delivery", tuple(Outcome(recipient[:WORDS_AT_MOST], "failed") for recipient in recipients)) if recipients else None


def _outcomes(kind: Kind, content: bytes) -> Iterator[Outcome]:
    for group in _groups(content):
        recipient = next((value for name in RECIPIENT_FIELDS if (value := _value(group.get(name, "")).strip("<>"))), "")
        action = _action(kind, group)
        if action and (recipient or kind == "complaint"):
            words = _value(group.get("diagnostic-code", ""))
            yield Outcome(recipient, action, group.get("status", "").partition(" ")[0], words)


def _action(kind: Kind, group: dict[str, str]) -> str:
    match kind:
        case "delivery":
            return group.get("action", "").split(" ", 1)[0].lower()
        case "receipt":
            return group.get("disposition", "").rpartition(";")[2].partition("/")[0].strip().lower()
        case "complaint":
            return group.get("feedback-type", "").lower()


def _groups(content: bytes) -> Iterator[dict[str, str]]:
    """The groups of fields. One that names a second recipient is two: some programs leave out the empty line between them."""
    for fields in _blocks(content):
        group: dict[str, str] = {}
        for name, value in fields:
            if name == "final-recipient" and name in group:
                yield group
                group = {}
            group.setdefault(name, plain(value)[:WORDS_AT_MOST])
        yield group


def _blocks(content: bytes) -> Iterator[list[Field]]:
    position, blocks = 0, 0
    while position < len(content) and blocks < BLOCKS_AT_MOST:
        headers = read_headers(content, position, len(content))
        blocks += 1
        if headers.fields:
            yield headers.fields
        if headers.start <= position:
            return
        position = headers.start


def _value(value: str) -> str:
    """A value without the type before it: `smtp; 550 No such user`, `rfc822; ann@example.org`."""
    kind, separator, rest = value.partition(";")
    return " ".join((rest if separator and " " not in kind.strip() else value).split())
