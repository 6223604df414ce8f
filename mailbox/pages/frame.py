"""What every page of a signed-in reader shares: the boxes of the rail with their unread counts, the owner and the theme."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from mailbox.store import conversations
from mailbox.templatetags.postamt import hue, initials

COUNT_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Folder:
    id: str
    name: str
    icon: str
    key: str  # pressed after `g`
    unread: str = ""


FOLDERS = (
    Folder("inbox", "Inbox", "inbox", "i"),
    Folder("sent", "Sent", "send", "s"),
    Folder("junk", "Spam", "junk", "j"),
)
WITH_UNREAD = ("inbox", "junk")
THEMES = ("light", "dark")


def frame(request: HttpRequest, box: str = "") -> dict[str, object]:
    """The context of `base.html`. Two COUNT queries, each bounded at 100."""
    theme = request.COOKIES.get("theme", "")
    return {
        "folders": [_with_count(folder) for folder in FOLDERS],
        "box": box,
        "domain": settings.POSTAMT_DOMAIN,
        "initials": initials(settings.POSTAMT_DOMAIN),
        "hue": hue(settings.POSTAMT_DOMAIN),
        "theme": theme if theme in THEMES else "",
    }


def _with_count(folder: Folder) -> Folder:
    if folder.id not in WITH_UNREAD:
        return folder
    return Folder(folder.id, folder.name, folder.icon, folder.key, count_words(f"{folder.id}.unread"))


def count_words(listing: str) -> str:
    """`""`, `4` or `99+`: a count is bounded, whatever the size of the mailbox."""
    number = conversations.count(listing, limit=COUNT_LIMIT)
    return "99+" if number >= COUNT_LIMIT else str(number or "")
