"""The plain way to make a list page, frozen: what benchmarks/list_page.py measures the real page against. It never gets faster.

PynamoDB with whole typed items, a template with Django's own tags and filters. It shows what the webmail showed when it was frozen.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from pynamodb.attributes import BooleanAttribute, ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.models import Model

from mailbox.auth import signed_in
from mailbox.store.models import TableMeta

PAGE_SIZE = 50
BOXES = (("inbox", "Inbox"), ("starred", "Starred"), ("sent", "Sent"), ("archive", "Archive"), ("junk", "Spam"), ("trash", "Trash"))


class Person(MapAttribute[str, Any]):
    display_name = UnicodeAttribute()
    addr_spec = UnicodeAttribute()
    is_me = BooleanAttribute(default=False)


class Conversation(Model):
    class Meta(TableMeta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    thread_id = UnicodeAttribute()
    message_id = UnicodeAttribute()
    key = UnicodeAttribute()
    subject = UnicodeAttribute()
    preview = UnicodeAttribute()
    received_at = UTCDateTimeAttribute()
    number = NumberAttribute(attr_name="count")
    senders: ListAttribute[Person] = ListAttribute(of=Person)
    more = NumberAttribute()
    to: ListAttribute[Person] = ListAttribute(of=Person)
    unread = BooleanAttribute()
    flagged = BooleanAttribute()
    files = BooleanAttribute()
    labels: ListAttribute[Any] = ListAttribute()
    keywords: ListAttribute[Any] = ListAttribute()
    warning = BooleanAttribute()
    verdicts: MapAttribute[str, Any] = MapAttribute()  # type: ignore[no-untyped-call]
    receipt: MapAttribute[str, Any] = MapAttribute()  # type: ignore[no-untyped-call]
    size = NumberAttribute()
    digest = UnicodeAttribute()
    folder = UnicodeAttribute()
    clock = NumberAttribute()
    last = UnicodeAttribute()


def item_of(row: dict[str, Any]) -> dict[str, Any]:
    received_at: datetime = row["received_at"]
    number, others = row["count"], {name: value for name, value in row.items() if name not in ("count", "senders", "to")}
    conversation = Conversation(
        "plain#inbox",
        f"{received_at:%Y-%m-%dT%H:%M:%SZ}#{row['thread_id']}",
        **others,
        number=number,
        senders=people(row["senders"]),
        to=people(row["to"]),
        message_id=f"<{row['thread_id']}@mail.example>",
        key=row["last"].replace("-", "/", 1),
        keywords=["$answered"],
        verdicts=dict.fromkeys(("spam", "virus", "spf", "dkim", "dmarc"), "PASS"),
        receipt={"envelope_from": row["senders"][0][1], "envelope_recipients": ["me@example.com"]},
        size=48_211,
        digest=row["thread_id"][:16],
        folder="inbox",
        clock=3,
    )
    item: dict[str, Any] = conversation.to_dynamodb_dict()
    return item


def people(rows: list[list[Any]]) -> list[Person]:
    return [
        Person(display_name=name, addr_spec=address, is_me=bool(rest and rest[0]))  # type: ignore[no-untyped-call]
        for name, address, *rest in rows
    ]


@signed_in
def plain_page(request: HttpRequest) -> HttpResponse:
    conversations = list(Conversation.query("plain#inbox", consistent_read=True, scan_index_forward=False, limit=PAGE_SIZE + 1))
    context = {
        "conversations": conversations[:PAGE_SIZE],
        "older": conversations[PAGE_SIZE - 1].sk,
        "boxes": BOXES,
        "unread": unread_in("inbox"),
        "spam": unread_in("junk"),
        "domain": "postamt.localhost",
    }
    return render(request, "plain_page.html", context)


def unread_in(box: str) -> int:
    return len(list(Conversation.query(f"plain#{box}.unread", limit=100, attributes_to_get=["sk"])))


urlpatterns = [path("plain/", plain_page), path("", include("mailbox.urls"))]
