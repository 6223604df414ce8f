"""A mailbox as people have it: names, subjects and previews of everyday length, made up the same in every run."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pydoc_data.topics import topics
from typing import Any

NEWEST = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FIRST_NAMES = [
    "Ann",
    "Bela",
    "Chidi",
    "Dora",
    "Emre",
    "Fatma",
    "Goran",
    "Hana",
    "Ines",
    "Jonas",
    "Kofi",
    "Lena",
    "Mara",
    "Nils",
    "Olga",
    "Papa",
    "Quinn",
    "Rosa",
    "Sven",
    "Tove",
]
LAST_NAMES = [
    "Weber",
    "Okafor",
    "Lindqvist",
    "Aydin",
    "Novak",
    "Tanaka",
    "Haddad",
    "Moreau",
    "Silva",
    "Brandt",
    "Ferrari",
    "Kowalski",
    "Nguyen",
    "Osei",
    "Petrov",
    "Ricci",
]
PREVIEW, SUBJECT = 200, 45


@cache
def prose() -> str:
    """English that nobody has to keep here: what Python says of itself."""
    return " ".join(
        word for topic in sorted(topics.values(), key=len)[20:] for word in topic.split() if word.strip("*`'\".,;:()-").isalpha()
    )


def excerpt(n: int, length: int) -> str:
    """A piece of its own for each n, as long as the prose lasts."""
    at = n * 250 % (len(prose()) - length)
    return prose()[at : at + length].strip().capitalize()


def person(n: int) -> tuple[str, str]:
    first, last = FIRST_NAMES[n * 7 % len(FIRST_NAMES)], LAST_NAMES[n * 5 % len(LAST_NAMES)]
    return f"{first} {last}", f"{first}.{last}@{last}.example".lower()


def conversations(count: int) -> Iterator[dict[str, Any]]:
    """Newest first, as list rows say them; each third is unread, each fifth has an answer of the owner, each fourth files."""
    for n in range(count):
        answered = n % 5 == 0
        yield {
            "thread_id": hashlib.sha256(str(n).encode()).hexdigest()[:32],
            "subject": excerpt(n, SUBJECT),
            "preview": excerpt(n, PREVIEW + SUBJECT)[SUBJECT:],
            "received_at": NEWEST - timedelta(hours=n),
            "count": 1 + n % 4,
            "senders": [[*person(n), False]] + [["Me", "me@example.com", True]] * answered,
            "more": 0,
            "to": [["Me", "me@example.com"]],
            "unread": n % 3 == 0,
            "flagged": n % 9 == 0,
            "files": n % 4 == 0,
            "labels": [],
            "warning": n % 40 == 39,
            "last": f"incoming-{n:040}",
        }
