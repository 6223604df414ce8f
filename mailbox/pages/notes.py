"""What a reader is told about a message: its verdicts in words, and the warnings above its text, worst first, at most two.

The words never promise more than the checks can: a PASS says who vouches for the mail, not that it is honest.
"""

from dataclasses import dataclass

from mailbox.message.authentication import Authentication
from mailbox.message.parse import ParsedMessage
from mailbox.message.protection import Protection, protection_of
from mailbox.message.report import report_of
from mailbox.pages import reports
from mailbox.pages.images import Images
from mailbox.pages.sender_identity import is_own
from mailbox.store.models import Message

NOTES_AT_MOST = 2

DOUBTED = "Its links are shown as text. Never type a password after following one."
TRUSTED = "Its links work because you asked for them. Never type a password after following one."

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
    offers_always: bool = False
    stops_images: bool = False
    offers_trust: bool = False


def verdicts_in_words(message: Message) -> str:
    """`SPF passed, DKIM passed, DMARC failed`; empty for what we sent ourselves."""
    results = {name: message.verdicts[check] for check, name in CHECKS.items() if check in message.verdicts}
    return ", ".join(f"{name} {RESULTS.get(result, 'unclear')}" for name, result in results.items())


def security_in_words(message: Message, authentication: Authentication) -> str:
    """The checks, what they mean for the sender, and whether the mailbox knows him."""
    if message.is_sent:
        return "written here"
    acquaintance = "You have written to this address." if authentication.written_to else "Mail with this address came before."
    said = [f"{verdicts_in_words(message) or 'not checked'}.", *authentication.alignment]
    return " ".join([*said, acquaintance if authentication.known else "This is the first mail with this address."])


def notes_of(
    message: Message, parsed: ParsedMessage, authentication: Authentication, *, trusted: bool, images: Images, cut: bool
) -> list[Note]:
    """`trusted`: the reader asked for the links of this message. `cut`: not all of it is shown."""
    candidates = [
        _spoof(authentication, trusted),
        _virus(message),
        _images(images),
        _large(cut),
        _protected(parsed, "encrypted"),
        _report(parsed),
        _unreadable(parsed),
        _spam(message),
        _caution(authentication),
        _protected(parsed, "signed"),
        _first_contact(message, authentication),
    ]
    return [note for note in candidates if note is not None][:NOTES_AT_MOST]


def _failed(message: Message, check: str) -> bool:
    return bool(message.verdicts.get(check) == "FAIL")


def _spoof(authentication: Authentication, trusted: bool) -> Note | None:
    if not authentication.is_doubtful:
        return None
    claimed = next((reason.claimed for reason in authentication.reasons if reason.claimed), "")
    return Note(
        "bad",
        "alert",
        f"This message is probably not from {claimed}" if claimed else "This message may not be from whom it seems",
        TRUSTED if trusted else DOUBTED,
        tuple(reason.words for reason in authentication.reasons),
        offers_trust=not trusted,
    )


def _caution(authentication: Authentication) -> Note | None:
    """What is worth a word, but no alarm. A link that lies is marked where it stands."""
    words = tuple(reason.words for reason in authentication.reasons if reason.kind != "links")
    if authentication.is_doubtful or not words:
        return None
    return Note("", "alert", "Look at who sent this", "", words)


def _first_contact(message: Message, authentication: Authentication) -> Note | None:
    said_already = authentication.known or authentication.reasons
    if said_already or authentication.is_bulk or is_own(message.from_[1]) or not message.key.startswith("incoming/"):
        return None
    return Note("", "user", "First contact", "You had no mail with this address before.")


def _virus(message: Message) -> Note | None:
    if not _failed(message, "virus"):
        return None
    return Note("bad", "alert", "A virus was found in this message", "Do not open its attachments, and do not follow its links.")


def _images(images: Images) -> Note | None:
    if not images.number:
        return None
    several = images.number > 1
    what = f"{images.number} remote images are" if several else "A remote image is"
    if images.shown:
        return Note("slim", "image", f"{what} loaded", f"You chose so for {images.sender}.", stops_images=True)
    words = f"{'They' if several else 'It'} can tell the sender when and where you open this."
    if images.never:
        return Note("slim", "image", f"{what} not loaded", f"{words} By your settings none is ever shown.")
    return Note("slim", "image", f"{what} not loaded", words, offers_images=True, offers_always=bool(images.sender))


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
