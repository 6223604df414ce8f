"""What a list page costs: its CPU against the plain way (benchmarks/plain_page.py), and whether it grows with the mailbox.

    python -m benchmarks.list_page

CPU time of whole requests, through all middleware, before a table in memory whose own time is left out; the best of several rounds, the
roads taken in turn, so that a noisy machine disturbs all of them alike. Ends with 1 if a promise is broken.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.test import RequestFactory
from django.utils import timezone

django.setup()

from benchmarks import plain_page  # noqa: E402 (models read the settings when they are made)
from benchmarks.correspondence import conversations  # noqa: E402
from benchmarks.table import Item, Table  # noqa: E402
from mailbox import sessions  # noqa: E402
from mailbox.store import health  # noqa: E402
from mailbox.store.access import GENERATION_KEY, READING_KEY, Access  # noqa: E402
from mailbox.store.listings import sort_key  # noqa: E402
from mailbox.store.models import ListRow, Message, stamp  # noqa: E402

ROUNDS, REQUESTS = 15, 10
RATIO_MOST, GROWTH_MOST = 0.35, 1.1
SMALL, LARGE = 1_000, 100_000
SHORT, LONG = 100, 10_000
PAGE_SIZE = 50
THREAD = "0" * 32


@dataclass(slots=True)
class Cost:
    seconds: float = float("inf")
    units: float = 0


class Site:
    """The webmail before a table, and one signed-in reader."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.handler = BaseHandler()
        self.handler.load_middleware()
        session = sessions.Session("sid", "generation", int(time.time()), int(time.time()))
        cookie = f"{sessions.cookie_name()}={sessions.token_of(session)}"
        self.requests = RequestFactory(headers={"Accept-Encoding": "gzip, deflate, br", "Cookie": cookie})

    def get(self, address: str) -> bytes:
        response = self.handler.get_response(self.requests.get(address))
        content: bytes = getattr(response, "content", b"")
        if response.status_code != 200:
            sys.exit(f"{address} answers {response.status_code}")
        return content

    def cost(self, address: str) -> Cost:
        """Of one request; the CPU as the mean of some."""
        self.table.seconds = self.table.units = 0
        began = time.process_time()
        for _ in range(REQUESTS):
            self.get(address)
        return Cost((time.process_time() - began - self.table.seconds) / REQUESTS, self.table.units / REQUESTS)


def access_items() -> list[Item]:
    generation = Access(*GENERATION_KEY, generation="generation").to_dynamodb_dict()
    reading = Access(*READING_KEY, reading={"page_size": PAGE_SIZE}).to_dynamodb_dict()
    return [generation, reading]


def mailbox_of(count: int) -> Table:
    """Rows of the inbox, and those of its unread conversations, as ours and as the plain way keeps them."""
    table = Table()
    table.put(access_items())
    table.put([row_item("inbox", row) for row in conversations(count)])
    unread = [row for row in islice(conversations(count), 3 * SMALL) if row["unread"]]
    for box in ("inbox.unread", "junk.unread"):
        table.put([row_item(box, row) for row in unread])
        table.put([{"pk": {"S": f"plain#{box}"}, "sk": {"S": sort_key(row["received_at"], row["thread_id"])}} for row in unread])
    table.put([plain_page.item_of(row) for row in islice(conversations(count), SMALL)])
    return table


def row_item(listing: str, row: dict[str, Any]) -> Item:
    sk = sort_key(row["received_at"], row["thread_id"])
    item: Item = ListRow(f"v#{listing}", sk, row={**row, "received_at": stamp(row["received_at"])}).to_dynamodb_dict()
    return item


def conversation_of(count: int) -> Table:
    table = Table()
    table.put(access_items())
    for n, row in enumerate(conversations(count)):
        id = f"incoming-{n:06}"
        table.put([message_item(id, row)])
        table.objects[id.replace("-", "/", 1)] = b"From: ann@example.org\r\nSubject: Long\r\n\r\nA word.\r\n"
    table.partitions[f"t#{THREAD}"].sort(key=lambda item: str(item["sk"]["S"]))
    return table


def message_item(id: str, row: dict[str, Any]) -> Item:
    message = Message(
        f"t#{THREAD}",
        f"m#{stamp(row['received_at'])}#{id}",
        id=id,
        key=id.replace("-", "/", 1),
        **{name: row[name] for name in ("received_at", "subject", "preview")},
        message_id=f"{id}@example.org",
        from_=row["senders"][0][:2],
        to=row["to"],
        to_more=0,
        has_files=row["files"],
        verdicts=dict.fromkeys(("spam", "virus", "spf", "dkim", "dmarc"), "PASS"),
        size=48_211,
        digest=row["thread_id"][:16],
        folder="inbox",
        seen=True,
        flagged=False,
        keywords=(),
        labels=(),
        clock=1,
    )
    item: Item = message.to_dynamodb_dict()
    return item


def compared(roads: dict[str, Callable[[], Cost]]) -> dict[str, Cost]:
    best = {name: Cost() for name in roads}
    for _ in range(ROUNDS):
        for name, road in roads.items():
            best[name] = min(best[name], road(), key=lambda cost: cost.seconds)
    return best


def measured(table: Table, address: str) -> Callable[[], Cost]:
    site = Site(table)

    def road() -> Cost:
        with table.in_place_of_aws():
            return site.cost(address)

    return road


def report(title: str, costs: dict[str, Cost], most: float, *, same_rows: bool = True) -> bool:
    (first, base), (second, ours) = costs.items()
    ratio, units = ours.seconds / base.seconds, ours.units / base.units
    print(f"{title}\n{'':28}{'CPU ms':>9}{'read units':>12}")
    for name, cost in costs.items():
        print(f"  {name:26}{cost.seconds * 1000:9.2f}{cost.units:12.1f}")
    print(f"  {second} / {first}: {ratio:.2f} of the CPU, {units:.2f} of the read units; at most {most}\n")
    return ratio <= most and (units <= most or not same_rows)


def main() -> int:
    settings.ROOT_URLCONF = "benchmarks.plain_page"
    templates: Any = settings.TEMPLATES[0]
    templates["DIRS"].append(Path(__file__).parent)
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    health.latest[:] = [(time.monotonic() + 3600, health.Health(timezone.now()))]
    small, large = mailbox_of(SMALL), mailbox_of(LARGE)
    kept = [
        report(
            f"a list page of {PAGE_SIZE} rows",
            compared({"the plain way": measured(small, "/plain/"), "Postamt": measured(small, "/b/inbox/")}),
            RATIO_MOST,
            same_rows=False,
        ),
        report(
            "a list page",
            compared({f"of {SMALL:,}": measured(small, "/b/inbox/"), f"of {LARGE:,}": measured(large, "/b/inbox/")}),
            GROWTH_MOST,
        ),
        report(
            "a conversation",
            compared({f"of {count:,}": measured(conversation_of(count), f"/t/{THREAD}/") for count in (SHORT, LONG)}),
            GROWTH_MOST,
        ),
    ]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
