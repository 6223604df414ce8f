"""Reads for the pages: a page of a listing, a count, a conversation, one message. None grows with the mailbox; what goes
through all of a listing or a conversation says `every`.

Lists and conversations are read strongly consistent. A Query is still no snapshot: for milliseconds a moved conversation can show
twice, so doubles are dropped. Items without facts (only a broken writer makes them) are skipped.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from mailbox.store import bucket
from mailbox.store.errors import reaching
from mailbox.store.facts import facts_of
from mailbox.store.keys import is_id, key_of
from mailbox.store.listings import ListedRow, listed, sort_key
from mailbox.store.models import MESSAGE, ListRow, Message, connection, stamp
from mailbox.store.sidecars import sidecar_of

PAGE = 25
COUNTED = 100
MESSAGES = 50
EVERYWHERE = ("inbox", "archive", "sent")
CURSOR = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ#[0-9a-f]{32}")
MESSAGE_CURSOR = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ#[A-Za-z0-9_-]{1,255}")
THREAD_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first. `older` is the cursor for `before`, None on the last page; `newer` says whether there may be newer ones."""

    rows: list[ListedRow]
    older: str | None = None
    newer: bool = False


def list_page(listing: str, before: str | None = None, after: str | None = None, limit: int = PAGE) -> Page:
    """The newest rows of a listing; those older than the cursor `before`; or those just newer than `after`. A cursor is the `cursor` of
    a row; one that is none counts as absent."""
    if before and CURSOR.fullmatch(before):
        found = query_rows(listing, limit, before=before)
        return Page(once_each(found[:limit]), cursor_after(found, limit), newer=True)
    if after and CURSOR.fullmatch(after):
        found = query_rows(listing, limit, after=after)
        if len(found) > limit:
            shown = once_each(reversed(found[:limit]))
            return Page(shown, shown[-1].cursor, newer=True)
    found = query_rows(listing, limit)
    return Page(once_each(found[:limit]), cursor_after(found, limit))


def query_rows(listing: str, limit: int, before: str | None = None, after: str | None = None) -> list[ListedRow]:
    """One more than asked for, so that the page knows whether it is the last."""
    answer = ask(listing, limit + 1, before=before, after=after, ConsistentRead=True, ScanIndexForward=bool(after))
    return [listed(json.loads(item["row"]["S"])) for item in answer["Items"]]


def ask(listing: str, limit: int, before: str | None = None, after: str | None = None, **more: Any) -> Any:
    """One Query, without a model for each of many rows that are only shown: those took a fifth of a list page. A row is far from the
    megabyte at which an answer ends."""
    condition, values = "pk = :pk", {":pk": {"S": f"v#{listing}"}}
    if cursor := before or after:
        condition += " AND sk < :sk" if before else " AND sk > :sk"
        values[":sk"] = {"S": cursor}
    query = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values, "Limit": limit}
    client: Any = connection().client
    with reaching("the table"):
        return client.query(TableName=settings.POSTAMT_TABLE, **query, **more)


def cursor_after(found: Sequence[ListedRow], limit: int) -> str | None:
    return found[limit - 1].cursor if len(found) > limit else None


def rows_in(found: Iterable[ListRow]) -> list[ListedRow]:
    return once_each(listed(item.row) for item in found)


def once_each(rows: Iterable[ListedRow]) -> list[ListedRow]:
    first: dict[str, ListedRow] = {}
    for row in rows:
        first.setdefault(row.thread_id, row)
    return list(first.values())


def count(listing: str, limit: int = COUNTED, *, is_fresh: bool = False) -> int:
    """How many conversations a listing holds, counted no further than `limit`. It may lag a little, unless `is_fresh`."""
    return int(ask(listing, limit, Select="COUNT", ConsistentRead=is_fresh)["Count"])


def count_newer(listing: str, cursor: str, known: Collection[str] = (), limit: int = COUNTED) -> int:
    """How many conversations a listing holds above a cursor, other than those whose own cursors are `known`, counted no further than
    `limit`; none above what is no cursor. It need not be the newest truth."""
    if not CURSOR.fullmatch(cursor):
        return 0
    found = ask(listing, limit + len(known), after=cursor, ProjectionExpression="sk")["Items"]
    return min(limit, len({item["sk"]["S"] for item in found}.difference(known)))


def start_of(moment: datetime) -> str:
    """The cursor above which all lies that came in this second or later."""
    return sort_key(moment, "0" * 32)


def end_of(moment: datetime) -> str:
    """The cursor below which all lies that came in this second or earlier."""
    return sort_key(moment, "f" * 32)


def get_conversation(thread_id: str, limit: int = MESSAGES, before: str | None = None) -> list[Message]:
    """The newest messages of a conversation, oldest first, or those older than the one whose `cursor` is given; empty for one that is
    unknown. A cursor that is none counts as absent."""
    if not THREAD_ID.fullmatch(thread_id):
        return []
    condition: Condition = Message.sk.startswith(MESSAGE)
    if before and MESSAGE_CURSOR.fullmatch(before):
        condition = Message.sk.between(MESSAGE, MESSAGE + before)  # which takes in the cursor's own message
        limit += 1
    with reaching("the table"):
        newest = list(Message.query(f"t#{thread_id}", condition, consistent_read=True, scan_index_forward=False, limit=limit))
    return [message for message in newest if message.key and message.cursor != before][::-1]


def every_message(thread_id: str) -> list[Message]:
    """The whole of a conversation, oldest first: for work that no page waits for."""
    with reaching("the table"):
        found = Message.query(f"t#{thread_id}", Message.sk.startswith(MESSAGE), consistent_read=True)
        return [message for message in found if message.key]


def every_thread(listing: str) -> Iterator[str]:
    """The conversations of a listing, oldest first, by their keys alone: for work that no page waits for, and no spoilt row may stop."""
    with reaching("the table"):
        for item in ListRow.query(f"v#{listing}", consistent_read=True, attributes_to_get=["pk", "sk"]):
            thread_id = item.sk.rpartition("#")[2]
            if THREAD_ID.fullmatch(thread_id):
                yield thread_id


def find_message(id: str) -> Message | None:
    """One message by its id. The index by id lags a little, so on a miss the raw mail itself says where its row is."""
    if not is_id(id):
        return None
    return find_by_index(id) or find_by_facts(id)


def find_by_index(id: str) -> Message | None:
    """The message as the index by id knows it: None may also mean that it came just now."""
    with reaching("the table"):
        found = (message_at(item.pk, item.sk) for item in Message.by_id.query(id))
        return next((message for message in found if message is not None), None)


def find_by_facts(id: str) -> Message | None:
    key = key_of(id)
    raw = bucket.get(key)
    if raw is None:
        return None
    facts = facts_of(key, raw.body, sidecar_of(key), region=settings.POSTAMT_REGION, stored_at=raw.last_modified)
    with reaching("the table"):
        return message_at(f"t#{facts.thread_id}", f"{MESSAGE}{stamp(facts.received_at)}#{id}")


def message_at(pk: str, sk: str) -> Message | None:
    try:
        message = Message.get(pk, sk, consistent_read=True)
    except DoesNotExist:
        return None
    return message if message.key else None


def newest_rows(limit: int, listings: Iterable[str] = EVERYWHERE) -> list[ListedRow]:
    """The newest conversations of several listings, each once: what the interim search looks through."""
    found: list[ListedRow] = []
    for listing in listings:
        with reaching("the table"):
            found += rows_in(ListRow.query(f"v#{listing}", scan_index_forward=False, limit=limit))
    return once_each(sorted(found, key=lambda row: row.cursor, reverse=True))[:limit]
