"""What every page of a signed-in reader shares: the boxes of the rail with their unread counts, the owner, what just happened.

The owner goes by the name of the domain until there are sender identities: no address is made up.
"""

from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from mailbox.auth import reading_of
from mailbox.pages.avatars import hue, initials
from mailbox.pages.place import BOXES, known_labels
from mailbox.pages.toast import toast_of
from mailbox.store import conversations
from mailbox.store.models import stamp

COUNT_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Folder:
    id: str
    name: str
    icon: str
    key: str  # pressed after `g`
    unread: str = ""


FOLDERS = (
    Folder("inbox", BOXES["inbox"], "inbox", "i"),
    Folder("starred", BOXES["starred"], "star", "t"),
    Folder("sent", BOXES["sent"], "send", "s"),
    Folder("archive", BOXES["archive"], "archive", "a"),
    Folder("junk", BOXES["junk"], "junk", "j"),
    Folder("trash", BOXES["trash"], "trash", "x"),
)
COUNTED = ("inbox", "junk")
SAID_ONCE = "u"


def frame(request: HttpRequest, box: str = "") -> dict[str, object]:
    """The context of `base.html` and `_rail.html`. Two COUNT queries, each bounded at 100."""
    counts = unread()
    folders = [replace(folder, unread=counts.get(folder.id, "")) for folder in FOLDERS]
    return {
        "folders": folders,
        "labels": known_labels(request),
        "box": box,
        "unread": counts.get(box, ""),
        "domain": settings.POSTAMT_DOMAIN,
        "initials": initials(settings.POSTAMT_DOMAIN.partition(".")[0]),
        "hue": hue(settings.POSTAMT_DOMAIN),
        "switched_off": reading_of(request).switched_off,
        "here": _here(request),
        "at": stamp(timezone.now()),
        "toast": toast_of(request),
    }


def _here(request: HttpRequest) -> str:
    """This page again, without what it was told to say once."""
    parameters = request.GET.copy()
    parameters.pop(SAID_ONCE, None)
    return f"{request.path}?{parameters.urlencode()}" if parameters else request.path


def unread(*, is_fresh: bool = False) -> dict[str, str]:
    """By box: `""`, `4` or `99+`, counted no further, whatever the size of the mailbox. `is_fresh` after an act: what was written just now
    counts."""
    numbers = {box: conversations.count(f"{box}.unread", limit=COUNT_LIMIT, is_fresh=is_fresh) for box in COUNTED}
    return {box: counted(number) for box, number in numbers.items()}


def counted(number: int) -> str:
    return f"{COUNT_LIMIT - 1}+" if number >= COUNT_LIMIT else str(number or "")
