"""The buttons over a list and over an open conversation: which acts a place offers, and which of them take a row out of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mailbox.pages.place import BOXES, Place
from mailbox.store.acts import TARGETS
from mailbox.store.labels import Label
from mailbox.store.listings import HIDDEN


@dataclass(frozen=True, slots=True)
class Button:
    """A submit button: `name=value` is what it posts, `leaves` whether the rows it acts on leave the list."""

    value: str
    words: str
    name: str = "do"
    icon: str = ""
    key: str = ""
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class Controls:
    """`bar` are the icons, `marks`, `moves` and `labels` stand behind "More"."""

    bar: list[Button]
    marks: list[Button]
    moves: list[Button]
    labels: list[Button]
    labelling: bool

    @property
    def more(self) -> str:
        """What "More" is called; empty where nothing stands behind it."""
        words = [word for word, is_there in (("move", self.moves), ("label", self.labelling)) if is_there]
        if not words:
            return "More" if self.marks else ""
        return f"{', '.join(words)} and more".capitalize()


ICONS = {"archive": "archive", "inbox": "inbox", "junk": "junk", "trash": "trash", "purge": "trash", "unread": "unread"}
KEYS = {"archive": "e", "junk": "!", "trash": "#", "purge": "#", "unread": "Shift+U", "read": "Shift+I"}
WORDS = {
    "archive": "Archive",
    "inbox": "Move to Inbox",
    "junk": "Move to Spam",
    "trash": "Delete",
    "purge": "Delete forever",
    "unread": "Mark as unread",
    "read": "Mark as read",
    "star": "Add star",
    "unstar": "Remove star",
    "mute": "Mute: new mail goes to Archive",
    "unmute": "Unmute: new mail comes to Inbox again",
}
ALL_MARKS = ("read", "star", "unstar", "mute")
USUAL = ("archive", "trash", "junk", "unread")
BARS = {
    "sent": ("trash",),
    "archive": ("inbox", "trash", "junk", "unread"),
    "junk": ("inbox", "trash", "unread"),
    "trash": ("inbox", "purge"),
}
MARKS = {"sent": ("star", "unstar"), "junk": ("read",), "trash": ("read", "unread")}
SETTLED = ("read", "star", "unstar")  # of an open conversation: it is read, and its star stands in the bar


def controls_of(place: Place, labels: Sequence[Label], *, mute: str = "", worn: Collection[str] = ()) -> Controls:
    """What is offered in this place, over an open conversation with `mute`: whether it can be muted or unmuted. `worn` labels can be
    taken off. Of results nobody knows where they lie: there it is what the inbox offers."""
    box = "" if place.query else place.box
    bar = [_act(do, place) for do in BARS.get(box, USUAL)]
    marks = [do for do in MARKS.get(box, (mute,)) if do not in SETTLED] if mute else MARKS.get(box, ALL_MARKS)
    targets = [] if box == "sent" else [target for target in TARGETS if target != box]
    return Controls(
        bar=[_not_spam(button) if box == "junk" else button for button in bar],
        marks=[_act(do, place) for do in marks],
        moves=[Button(target, BOXES[target], "to", leaves=_leaves(target, place)) for target in targets],
        labels=[_label(label, place, label.slug in worn or label.slug == place.label) for label in labels],
        labelling=box not in (*HIDDEN, "sent"),
    )


def _act(do: str, place: Place) -> Button:
    return Button(do, WORDS[do], icon=ICONS.get(do, ""), key=KEYS.get(do, ""), leaves=_leaves(do, place))


def _not_spam(button: Button) -> Button:
    return Button("inbox", "Not spam", icon="inbox", key="!", leaves=True) if button.value == "inbox" else button


def _label(label: Label, place: Place, is_worn: bool) -> Button:
    if is_worn:
        return Button(f"label-{label.slug}", f"Remove “{label.name}”", "off", leaves=label.slug == place.label)
    return Button(f"label-{label.slug}", label.name, "to")


def _leaves(do: str, place: Place) -> bool:
    """Elsewhere than in a folder a conversation leaves only when it is thrown away; a mark makes it leave the list of that mark."""
    if do in ("read", "unstar"):
        return {"read": "unread", "unstar": "starred"}[do] in (place.chip, place.box)
    if do == "mute":
        return place.box == "inbox" and not place.query
    is_folder = place.box in BOXES and place.box != "starred" and not place.query
    return do in HIDDEN or (is_folder and do in TARGETS)
