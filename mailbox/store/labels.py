"""Labels: `settings/labels.json` holds their names, the messages hold their slugs.

A slug is made once from the first name, never changes and is never used again, so that renaming a label touches no message, and a message
that still wears a deleted one shows nothing. The table keeps a copy beside the session's own item, because a list page may read nothing
from the bucket; signing in brings the copy up to date.
"""

import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mailbox.store import bucket
from mailbox.store.access import keep_labels
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.keys import settings_key
from mailbox.store.receipts import object_in

KEY = settings_key("labels")
OBJECT_BYTES = 64_000
LABELS_MOST, NAME_MOST, SLUG_MOST = 200, 40, 40
DELETED_MOST = 300  # slugs that are remembered, so that none of them is used again
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?")
ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Label:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Labels:
    """All labels, by name, and the slugs of those that were deleted."""

    known: tuple[Label, ...] = ()
    deleted: tuple[str, ...] = ()

    def named(self, name: str) -> Label | None:
        return next((label for label in self.known if label.name.casefold() == name.casefold()), None)

    def with_slug(self, slug: str) -> Label | None:
        return next((label for label in self.known if label.slug == slug), None)

    def having(self, label: Label) -> "Labels":
        """With this label, or with its new name; unchanged where another has that name, or there is no room."""
        others = [other for other in self.known if other.slug != label.slug]
        if len(others) >= LABELS_MOST or any(other.name.casefold() == label.name.casefold() for other in others):
            return self
        return replace(self, known=tuple(sorted([*others, label], key=lambda label: label.name.casefold())))

    def without(self, slug: str) -> "Labels":
        if self.with_slug(slug) is None:
            return self
        deleted = tuple(dict.fromkeys([*self.deleted, slug]))
        return Labels(tuple(label for label in self.known if label.slug != slug), deleted[:DELETED_MOST])


def read() -> list[Label]:
    """All labels, by name, as the bucket has them; what is no label there is left out."""
    found = bucket.get(KEY, most=OBJECT_BYTES + 1)
    return [*labels_in(found.body).known] if found else []


def recall() -> None:
    """Brings the table's copy up to date."""
    keep_labels(pairs(read()))


def add(name: str) -> Label | None:
    """The label of this name, made if there is none; None where the name says nothing or there are too many."""
    name = tidy(name)
    return changed(lambda now: now if now.named(name) else now.having(Label(new_slug(name, now), name))).named(name) if name else None


def rename(slug: str, name: str) -> Label | None:
    """The label with its new name; None where it is gone, or another has that name."""
    label = Label(slug, tidy(name))
    after = changed(lambda now: now.having(label) if label.name and now.with_slug(slug) else now)
    return label if label in after.known else None


def delete(slug: str) -> Label | None:
    """The label that there is no more; None if there was none. Whoever wears it still does, which no page shows."""
    found: list[Label | None] = []

    def deleting(now: Labels) -> Labels:
        found.append(now.with_slug(slug))
        return now.without(slug)

    changed(deleting)
    return found[-1]


def put_back(label: Label) -> bool:
    """A deleted label again. False where another has its name by now, or there is no room."""
    if labels_of(pairs([label])) != [label]:
        return False
    after = changed(lambda now: now if now.with_slug(label.slug) else now.having(label))
    return after.with_slug(label.slug) is not None


def changed(change: Callable[[Labels], Labels]) -> Labels:
    """The labels after `change`, whoever else changes them at the same time."""
    for _ in range(ATTEMPTS):
        found = bucket.get(KEY, most=OBJECT_BYTES + 1)
        before = labels_in(found.body) if found else Labels()
        after = change(before)
        condition = {"if_match": found.etag} if found else {"if_none_match": "*"}
        if after == before or bucket.put(KEY, body_of(after), **condition):
            keep_labels(pairs(after.known))  # also where nothing changed: who wrote last may have died before this
            return after
    raise MailboxNotReachable("the labels change too often")


def body_of(labels: Labels) -> bytes:
    return json.dumps({"labels": pairs(labels.known), "deleted": labels.deleted}, ensure_ascii=False).encode()


def pairs(labels: Sequence[Label]) -> list[list[str]]:
    return [[label.slug, label.name] for label in labels]


def labels_of(kept: Any) -> list[Label]:
    """Labels from [slug, name] pairs that anybody may have written."""
    whole = [pair for pair in kept if isinstance(pair, list) and len(pair) == 2] if isinstance(kept, list) else []
    labels = [Label(slug, tidy(name)) for slug, name in whole if isinstance(slug, str) and isinstance(name, str) and SLUG.fullmatch(slug)]
    return [label for label in {label.slug: label for label in labels[:LABELS_MOST]}.values() if label.name]


def labels_in(body: bytes) -> Labels:
    fields = object_in(body, OBJECT_BYTES) or {}
    deleted = fields.get("deleted")
    slugs = [slug for slug in deleted if isinstance(slug, str) and SLUG.fullmatch(slug)] if isinstance(deleted, list) else []
    return Labels(tuple(labels_of(fields.get("labels"))), tuple(dict.fromkeys(slugs))[:DELETED_MOST])


def tidy(name: str) -> str:
    """One line, without what cannot be seen."""
    visible = "".join(" " if character.isspace() else character for character in name if character.isspace() or character.isprintable())
    return " ".join(visible[: 4 * NAME_MOST].split())[:NAME_MOST].strip()


def new_slug(name: str, labels: Labels) -> str:
    """One that no label has or had. Where more were deleted than are remembered, chance sees to that."""
    taken = {*labels.deleted, *(label.slug for label in labels.known)}
    stem = stem_of(name)
    if len(labels.deleted) >= DELETED_MOST:
        stem = f"{stem}-{secrets.token_hex(3)}"
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(slug for slug in numbered if slug not in taken)


def stem_of(name: str) -> str:
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name)[:SLUG_MOST].strip("-") or "label"
