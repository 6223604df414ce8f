"""What a reader is told about a message: its verdicts in words, and the warnings above its text, worst first, at most two.

The words never promise more than the checks can: a PASS says who vouches for the mail, not that it is honest.
"""

from dataclasses import dataclass

from mailbox.message.parse import ParsedMessage
from mailbox.message.protection import Protection, protection_of
from mailbox.message.report import report_of
from mailbox.pages import reports
from mailbox.store.models import Message

NOTES_AT_MOST = 2

CHECKS = {"spf": "SPF", "dkim": "DKIM", "dmarc": "DMARC", "spam": "spam scan", "virus": "virus scan"}
RESULTS = {
    "PASS": "passed",
    "FAIL": "failed",
    "GRAY": "unclear",
    "PROCESSING_FAILED": "could not be done",
    "DISABLED": "switched off",
}


@dataclass(frozen=True, slots=True)
class Note:
    kind: str  # a class of the style sheet: `bad`, `warn` or plain
    icon: str
    heading: str
    words: str
    reasons: tuple[str, ...] = ()
    offers_source: bool = False
    offers_images: bool = False


def verdicts_in_words(message: Message) -> str:
    """`SPF passed, DKIM passed, DMARC failed`; empty for what we sent ourselves."""
    results = {name: message.verdicts[check] for check, name in CHECKS.items() if check in message.verdicts}
    return ", ".join(f"{name} {RESULTS.get(result, 'unclear')}" for name, result in results.items())


def notes_of(message: Message, parsed: ParsedMessage, own_domain: str, *, remote_images: int, cut: bool) -> list[Note]:
    """`remote_images`: how many the frame leaves out. `cut`: not all of the message is shown."""
    candidates = [
        _spoof(message, own_domain),
        _virus(message),
        _images(remote_images),
        _large(cut),
        _protected(parsed, "encrypted"),
        _report(parsed),
        _unreadable(parsed),
        _spam(message),
        _protected(parsed, "signed"),
    ]
    return [note for note in candidates if note is not None][:NOTES_AT_MOST]


def _failed(message: Message, check: str) -> bool:
    return bool(message.verdicts.get(check) == "FAIL")


def _spoof(message: Message, own_domain: str) -> Note | None:
    if not _failed(message, "dmarc"):
        return None
    display_name, addr_spec = message.from_
    domain = addr_spec.rpartition("@")[2].lower() or "the sender it names"
    reasons = [f"{domain} does not vouch for it: the sender did not pass DMARC."]
    if own_domain and own_domain in display_name.casefold() and domain != own_domain:
        reasons.insert(0, f"It uses your own domain as its name, but was sent as {domain}.")
    return Note(
        "bad",
        "alert",
        f"This message is probably not from {own_domain if len(reasons) > 1 else domain}",
        "Never type a password after following one of its links.",
        tuple(reasons),
    )


def _virus(message: Message) -> Note | None:
    if not _failed(message, "virus"):
        return None
    return Note("bad", "alert", "A virus was found in this message", "Do not open its attachments, and do not follow its links.")


def _images(number: int) -> Note | None:
    if not number:
        return None
    heading = f"{number} remote images are not loaded" if number > 1 else "A remote image is not loaded"
    words = f"{'They' if number > 1 else 'It'} can tell the sender when and where you open this."
    return Note("slim", "image", heading, words, offers_images=True)


def _large(cut: bool) -> Note | None:
    if not cut:
        return None
    return Note("", "alert", "This message is very large", "Only its beginning is shown here.", offers_source=True)


def _unreadable(parsed: ParsedMessage) -> Note | None:
    if not parsed.defects:
        return None
    return Note("warn", "alert", "This message is not well formed", "Something may be missing here.", parsed.defects, offers_source=True)


def _spam(message: Message) -> Note | None:
    if not _failed(message, "spam") or _failed(message, "dmarc") or _failed(message, "virus"):
        return None
    return Note("", "junk", "The scan calls this spam", "It was put into Spam when it came in.")


def _protected(parsed: ParsedMessage, kind: Protection) -> Note | None:
    if protection_of(parsed) != kind:
        return None
    if kind == "signed":
        return Note("", "key", "This message carries a signature", "It was not checked here, so it proves nothing about who wrote this.")
    words = "It can be read in the mail program that holds your key."
    return Note("", "key", "This message is encrypted", words, offers_source=True)


def _report(parsed: ParsedMessage) -> Note | None:
    report = report_of(parsed)
    if report is None:
        return None
    failed = report.kind == "delivery" and reports.worst_action(report) == "failed"
    kind, icon = ("warn", "alert") if failed else ("", "letter")
    return Note(kind, icon, reports.heading_of(report), reports.words_of(report), reports.lines_of(report))
