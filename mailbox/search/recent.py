"""The interim search: looks through sender, subject and preview of the newest conversations, and nothing else.

Its page says so. Every word must occur somewhere in a row, in any case and any order; there are no operators yet.
"""

from mailbox.store import conversations
from mailbox.store.listings import ListedRow

LOOKED_THROUGH = 1_000
FOUND_AT_MOST = 100
WORDS_AT_MOST = 20


def search(query: str) -> list[ListedRow]:
    """The newest matches, at most FOUND_AT_MOST; none for a query without words."""
    words = query.casefold().split()[:WORDS_AT_MOST]
    if not words:
        return []
    found = [row for row in conversations.newest_rows(LOOKED_THROUGH) if _matches(row, words)]
    return found[:FOUND_AT_MOST]


def _matches(row: ListedRow, words: list[str]) -> bool:
    people = " ".join(f"{name} {address}" for name, address, *_ in [*row.senders, *row.to])
    text = f"{row.subject} {row.preview} {people}".casefold()
    return all(word in text for word in words)
