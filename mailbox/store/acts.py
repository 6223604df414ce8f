"""What the acts of a person mean for the messages of a conversation. Pure; mailbox/store/flags.py carries them out.

An act touches the received messages that its reader was shown. Sent copies count only in Sent: they are never archived, they are thrown
away only from there, and out of Trash they go back to Sent. A star marks the newest message, whoever wrote it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mailbox.store.listings import HIDDEN
from mailbox.store.models import WORDS_MOST, FlagChange, Flags, Message

MUTED = "$muted"  # new mail of a conversation that holds such a message is filed in Archive
TARGETS = ("inbox", "archive", "junk", "trash")


@dataclass(frozen=True, slots=True)
class Act:
    """`do` is a name of CHANGES, one of TARGETS or `purge`; `label` the slug that is put on or taken off; `box` where the reader stands."""

    do: str
    box: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the reader was shown of a conversation: these messages, or all up to a moment. None: whatever there is."""

    ids: frozenset[str] | None = None
    until: datetime | None = None

    def holds(self, message: Message) -> bool:
        return (self.ids is None or message.id in self.ids) and (self.until is None or message.received_at <= self.until)


def in_sight(messages: Sequence[Message], box: str) -> list[Message]:
    """What a reader in `box` sees of a conversation: in Trash and Spam what lies there, elsewhere all that lies in neither. Where that
    is nothing, all of it, but never what is to be erased."""
    alive = [message for message in messages if message.folder != "purged"]
    if box in HIDDEN:
        wanted = [message for message in alive if message.folder == box]
    else:
        wanted = [message for message in alive if message.folder not in HIDDEN]
    return wanted or alive


def touched(messages: Sequence[Message], box: str) -> list[Message]:
    """The received messages in sight; in Sent, and where nothing was received, the sent copies; in Trash and Spam both."""
    sight = in_sight(messages, box)
    received = [message for message in sight if not message.is_sent]
    if box in HIDDEN:
        return sight
    return [message for message in sight if message.is_sent] if box == "sent" or not received else received


def changes_of(act: Act, messages: Sequence[Message], shown: Shown) -> dict[str, FlagChange]:
    """What the act does to which of these messages (oldest first), by id."""
    return {message.id: change_of(act, message) for message in chosen(act, messages, shown)}


def chosen(act: Act, messages: Sequence[Message], shown: Shown) -> Sequence[Message]:
    seen = [message for message in messages if shown.holds(message)]
    if act.do == "unmute":  # the conversation as a whole: one message that is muted still mutes it, wherever it lies
        seen = [message for message in messages if message.folder != "purged"]
    if act.do in TARGETS:
        return touched(seen, act.box)
    if act.do == "purge":
        return [message for message in seen if message.folder == "trash"]
    return CHANGES[act.do][0](seen, act.box)


def change_of(act: Act, message: Message) -> FlagChange:
    """What the act does to one message that it was to touch. Done twice, it changes nothing more."""
    if act.do in TARGETS:
        return moved(message, act.do)
    return purged if act.do == "purge" else CHANGES[act.do][1](act.label)


def full_for(act: Act, messages: Iterable[Message]) -> bool:
    """Whether one of these messages has no room for the label that the act puts on it."""
    return act.do == "label" and any(has_no_room(message.labels, act.label) for message in messages)


def is_muted(messages: Iterable[Message]) -> bool:
    return any(MUTED in message.keywords for message in messages)


def moved(message: Message, folder: str) -> FlagChange:
    if message.is_sent and folder != "trash":
        folder = "sent"
    return lambda flags: replace(flags, folder=folder)


def purged(flags: Flags) -> Flags:
    """Only what lies in Trash is ever erased: whoever took it out meanwhile keeps it."""
    return replace(flags, folder="purged") if flags.folder == "trash" else flags


def back_to_trash(flags: Flags) -> Flags:
    return replace(flags, folder="trash") if flags.folder == "purged" else flags


def newest(messages: Sequence[Message]) -> Sequence[Message]:
    return messages[-1:]


def with_word(words: tuple[str, ...], word: str) -> tuple[str, ...]:
    """With the word, if there is room for it."""
    return words if has_no_room(words, word) else tuple(sorted({*words, word}))


def has_no_room(words: tuple[str, ...], word: str) -> bool:
    return word not in words and len(words) >= WORDS_MOST


def without_word(words: tuple[str, ...], word: str) -> tuple[str, ...]:
    return tuple(other for other in words if other != word)


def muted(flags: Flags) -> Flags:
    folder = "archive" if flags.folder == "inbox" else flags.folder
    return replace(flags, folder=folder, keywords=with_word(flags.keywords, MUTED))


CHANGES: Mapping[str, tuple[Callable[[Sequence[Message], str], Sequence[Message]], Callable[[str], FlagChange]]] = {
    "read": (in_sight, lambda _: lambda flags: replace(flags, seen=True)),
    "unread": (lambda messages, box: newest(touched(messages, box)), lambda _: lambda flags: replace(flags, seen=False)),
    "star": (lambda messages, box: newest(in_sight(messages, box)), lambda _: lambda flags: replace(flags, flagged=True)),
    "unstar": (in_sight, lambda _: lambda flags: replace(flags, flagged=False)),
    "label": (touched, lambda slug: lambda flags: replace(flags, labels=with_word(flags.labels, slug))),
    "unlabel": (in_sight, lambda slug: lambda flags: replace(flags, labels=without_word(flags.labels, slug))),
    "mute": (touched, lambda _: muted),
    "unmute": (lambda messages, _: messages, lambda _: lambda flags: replace(flags, keywords=without_word(flags.keywords, MUTED))),
}
DOES = frozenset({*CHANGES, *TARGETS, "purge"})
