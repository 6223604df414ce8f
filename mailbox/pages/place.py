"""A list and where in it the reader stands, as it travels in URLs: a conversation knows the way back to the page it was opened from."""

from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

BOXES = {"inbox": "Inbox", "sent": "Sent", "junk": "Spam"}
CHIPS = {"": "All", "unread": "Unread", "files": "With files"}


@dataclass(frozen=True, slots=True)
class Place:
    box: str
    chip: str = ""
    before: str = ""
    after: str = ""
    query: str = ""

    @property
    def listing(self) -> str:
        return f"{self.box}.{self.chip}" if self.chip else self.box

    @property
    def url(self) -> str:
        """The list itself; after a search, its results."""
        if self.query:
            return with_query(reverse("search"), q=self.query)
        return with_query(reverse("folder", args=[self.box]), f=self.chip, before=self.before, after=self.after)

    @property
    def trail(self) -> dict[str, str]:
        """What a conversation's URL carries to find back here; nothing for the top of the inbox."""
        return {"in": "" if self.box == "inbox" else self.box, "f": self.chip, "before": self.before, "after": self.after, "q": self.query}


def place_of_list(box: str, parameters: QueryDict) -> Place:
    return Place(box, _chip(box, parameters), parameters.get("before", ""), parameters.get("after", ""))


def place_of_conversation(parameters: QueryDict, default_box: str) -> Place:
    box = parameters.get("in", "")
    if box not in BOXES:
        box = default_box
    return replace(place_of_list(box, parameters), query=parameters.get("q", ""))


def _chip(box: str, parameters: QueryDict) -> str:
    chip = parameters.get("f", "")
    return chip if box == "inbox" and chip in CHIPS else ""


def with_query(url: str, **parameters: str) -> str:
    """`url` with those parameters that hold something."""
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{url}?{query}" if query else url
