"""A list and where in it the reader stands, as it travels in URLs: a conversation knows the way back to the page it was opened from.

A box is what the rail names: a folder, the starred conversations, or a label as `label-<slug>`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from mailbox.auth import OwnerRequest
from mailbox.store.labels import Label

BOXES = {"inbox": "Inbox", "starred": "Starred", "sent": "Sent", "archive": "Archive", "junk": "Spam", "trash": "Trash"}
CHIPS = {"": "All", "unread": "Unread", "starred": "Starred", "files": "With files"}
LABEL = re.compile(r"label-([a-z0-9-]{1,50})")


@dataclass(frozen=True, slots=True)
class Place:
    box: str
    chip: str = ""
    before: str = ""
    after: str = ""
    query: str = ""

    @property
    def listing(self) -> str:
        name = f"label:{self.label}" if self.label else self.box
        return f"{name}.{self.chip}" if self.chip else name

    @property
    def label(self) -> str:
        """The slug of the label whose list this is, or nothing."""
        return label_in(self.box)

    @property
    def top(self) -> "Place":
        return replace(self, before="", after="", query="")

    @property
    def url(self) -> str:
        """The list itself; after a search, its results."""
        if self.query:
            return with_query(reverse("search"), q=self.query)
        return self.list_url()

    def list_url(self, **more: str) -> str:
        return with_query(reverse("folder", args=[self.box]), f=self.chip, before=self.before, after=self.after, **more)

    @property
    def trail(self) -> dict[str, str]:
        """What a conversation's URL carries to find back here; nothing for the top of the inbox."""
        return {"in": "" if self.box == "inbox" else self.box, "f": self.chip, "before": self.before, "after": self.after, "q": self.query}


def label_in(box: str) -> str:
    found = LABEL.fullmatch(box)
    return found[1] if found else ""


def known_labels(request: HttpRequest) -> list[Label]:
    """As the table's copy has them, which was read together with the session."""
    return cast(OwnerRequest, request).labels


def name_of(box: str, labels: Sequence[Label]) -> str | None:
    """What the rail calls a box; None if there is no such box."""
    return next((label.name for label in labels if label.slug == label_in(box)), BOXES.get(box))


def place_of_list(box: str, parameters: QueryDict) -> Place:
    return Place(box, _chip(box, parameters), parameters.get("before", ""), parameters.get("after", ""))


def place_of_conversation(parameters: QueryDict, default_box: str) -> Place:
    box = parameters.get("in", "")
    if box not in BOXES and not label_in(box):
        box = default_box
    return replace(place_of_list(box, parameters), query=parameters.get("q", ""))


def _chip(box: str, parameters: QueryDict) -> str:
    chip = parameters.get("f", "")
    return chip if box == "inbox" and chip in CHIPS else ""


def with_query(url: str, **parameters: str) -> str:
    """`url` with those parameters that hold something."""
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{url}?{query}" if query else url
