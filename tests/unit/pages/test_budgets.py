"""What pages weigh on the wire, as the web function answers: its own Content-Encoding, its own bytes. Files: tests/browser/test_wire.py."""

import sys
from itertools import islice

import pytest
from django.test import Client

from benchmarks.correspondence import conversations
from mailbox.store.access import keep_reading
from tests.unit.gateway import answer, zappa_settings
from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter

KILOBYTE = 1_000


@pytest.fixture
def cookie(reader: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of a signed-in reader whose inbox is full."""
    monkeypatch.setitem(sys.modules, "zappa_settings", zappa_settings())
    for n, row in enumerate(islice(conversations(60), 60)):
        name, address, _ = row["senders"][0]
        mailbox.arrive(letter(n, sender=f"{name} <{address}>", subject=row["subject"], text=row["preview"], at=row["received_at"]))
    return f"session={reader.cookies['session'].value}"


def test_an_inbox_page_keeps_its_budget(cookie: str) -> None:
    for rows, most in ((25, 7 * KILOBYTE), (50, 10 * KILOBYTE)):
        keep_reading({"page_size": rows})
        page = answer("/b/inbox/", Cookie=cookie, Accept_Encoding="gzip, deflate, br, zstd")
        assert (page.status, page.encoding) == (200, "br")
        assert page.body
        assert len(page.body) <= most
    keep_reading({"page_size": 25})
    page = answer("/b/inbox/", Cookie=cookie, Accept_Encoding="gzip, deflate")
    assert (page.status, page.encoding) == (200, "gzip")
    assert len(page.body) <= 8 * KILOBYTE  # a repeat visit of a browser without brotli
