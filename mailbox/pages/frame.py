"""What every page of a signed-in reader shares: the boxes of the rail with their unread counts, the owner and the theme.

The owner goes by the name of the domain until there are sender identities: no address is made up.
"""

from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest

from mailbox.pages.avatars import hue, initials
from mailbox.pages.place import BOXES
from mailbox.store import conversations

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
    Folder("sent", BOXES["sent"], "send", "s"),
    Folder("junk", BOXES["junk"], "junk", "j"),
)
COUNTED = ("inbox", "junk")
THEMES = ("light", "dark")


def frame(request: HttpRequest, box: str = "") -> dict[str, object]:
    """The context of `base.html` and `_rail.html`. Two COUNT queries, each bounded at 100."""
    folders = [replace(folder, unread=unread_in(folder.id)) if folder.id in COUNTED else folder for folder in FOLDERS]
    theme = request.COOKIES.get("theme", "")
    return {
        "folders": folders,
        "box": box,
        "unread": next((folder.unread for folder in folders if folder.id == box), ""),
        "domain": settings.POSTAMT_DOMAIN,
        "initials": initials(settings.POSTAMT_DOMAIN.partition(".")[0]),
        "hue": hue(settings.POSTAMT_DOMAIN),
        "theme": theme if theme in THEMES else "",
        "here": _here(request),
    }


def _here(request: HttpRequest) -> str:
    """This page again, without what it was told to say once."""
    parameters = request.GET.copy()
    parameters.pop("toast", None)
    return f"{request.path}?{parameters.urlencode()}" if parameters else request.path


def unread_in(box: str) -> str:
    """`""`, `4` or `99+`: counted no further, whatever the size of the mailbox."""
    number = conversations.count(f"{box}.unread", limit=COUNT_LIMIT)
    return "99+" if number >= COUNT_LIMIT else str(number or "")
