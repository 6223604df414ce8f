"""Labels: `settings/labels.json` holds their names, the messages hold their slugs.

A slug is made once from the first name, never changes and is never used again, so that renaming a label touches no message. The table
keeps a copy beside the session's own item, because a list page may read nothing from the bucket; signing in brings the copy up to date.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from mailbox.store import bucket
from mailbox.store.access import keep_labels
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.keys import settings_key
from mailbox.store.receipts import object_in

KEY = settings_key("labels")
OBJECT_BYTES = 64_000
LABELS_MOST, NAME_MOST, SLUG_MOST = 200, 40, 40
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?")
ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Label:
    slug: str
    name: str


def read() -> list[Label]:
    """All labels, by name, as the bucket has them; what is no label there is left out."""
    found = bucket.get(KEY)
    return labels_in(found.body) if found else []


def recall() -> None:
    """Brings the table's copy up to date."""
    keep_labels(pairs(read()))


def add(name: str) -> Label | None:
    """The label of this name, made if there is none; None where the name says nothing or there are too many."""
    name = tidy(name)
    for _ in range(ATTEMPTS if name else 0):
        found = bucket.get(KEY)
        labels = labels_in(found.body) if found else []
        known = next((label for label in labels if label.name.casefold() == name.casefold()), None)
        if known or len(labels) >= LABELS_MOST:
            return known
        label = Label(new_slug(name, {label.slug for label in labels}), name)
        labels = sorted([*labels, label], key=lambda label: label.name.casefold())
        condition = {"if_match": found.etag} if found else {"if_none_match": "*"}
        if bucket.put(KEY, json.dumps({"labels": pairs(labels)}).encode(), **condition):
            keep_labels(pairs(labels))
            return label
    if name:
        raise MailboxNotReachable("the labels change too often")
    return None


def pairs(labels: Sequence[Label]) -> list[list[str]]:
    return [[label.slug, label.name] for label in labels]


def labels_of(kept: Any) -> list[Label]:
    """Labels from [slug, name] pairs that anybody may have written."""
    whole = [pair for pair in kept if isinstance(pair, list) and len(pair) == 2] if isinstance(kept, list) else []
    labels = [Label(slug, tidy(name)) for slug, name in whole if isinstance(slug, str) and isinstance(name, str) and SLUG.fullmatch(slug)]
    return [label for label in {label.slug: label for label in labels[:LABELS_MOST]}.values() if label.name]


def labels_in(body: bytes) -> list[Label]:
    return labels_of((object_in(body, OBJECT_BYTES) or {}).get("labels"))


def tidy(name: str) -> str:
    """One line, without what cannot be seen."""
    visible = "".join(" " if character.isspace() else character for character in name if character.isspace() or character.isprintable())
    return " ".join(visible[: 4 * NAME_MOST].split())[:NAME_MOST].strip()


def new_slug(name: str, taken: Collection[str]) -> str:
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_name)[:SLUG_MOST].strip("-") or "label"
    numbered = (f"{stem}-{number}" for number in range(2, LABELS_MOST + 3))
    return stem if stem not in taken else next(slug for slug in numbered if slug not in taken)
