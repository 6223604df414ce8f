"""Preferences are read as hostile, changed by compare-and-set, and copied to where every page reads."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from mailbox.store import access, bucket, preferences
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.preferences import NEVER, Reading, Senders, reading_in, senders_in
from tests.unit.in_memory import Mailbox

SHOP = "News@shop.example"


def test_it_works(mailbox: Mailbox) -> None:
    assert preferences.trust_sender("News@SHOP.example")
    assert preferences.trusted_senders() == (SHOP,)
    preferences.distrust_sender("News@shop.EXAMPLE")
    assert preferences.senders() == Senders()


def test_a_local_part_is_compared_as_it_is_written(mailbox: Mailbox) -> None:
    preferences.trust_sender(SHOP)
    preferences.distrust_sender("news@shop.example")
    assert preferences.trusted_senders() == (SHOP,)


def test_a_block_ends_trust_and_is_compared_in_any_case(mailbox: Mailbox) -> None:
    preferences.trust_sender(SHOP)
    assert preferences.block_sender("NEWS@Shop.example")
    assert preferences.senders() == Senders(blocked=("news@shop.example",))
    assert preferences.senders().has_blocked(SHOP)
    assert not preferences.trust_sender(SHOP)
    preferences.unblock_sender(SHOP)
    assert preferences.trust_sender(SHOP)


def test_two_full_lists_never_grow_beyond_what_is_read_back(mailbox: Mailbox) -> None:
    trusted, blocked = ([f"{letter * 60}{n:03}@{'d' * 60}.{'e' * 60}.{'f' * 60}.example" for n in range(200)] for letter in "tb")
    bucket.put("settings/senders.json", json.dumps({"blocked": blocked, "trusted": trusted[:47]}).encode())
    assert not preferences.trust_sender(trusted[199])
    assert len(preferences.senders().blocked) == 200


def test_nothing_is_written_where_nothing_changes(mailbox: Mailbox) -> None:
    preferences.trust_sender(SHOP)
    before = bucket.get("settings/senders.json")
    preferences.trust_sender(SHOP)
    preferences.distrust_sender("other@shop.example")
    assert bucket.get("settings/senders.json") == before


def test_what_somebody_else_changes_meanwhile_is_kept(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    put, others = bucket.put, iter(["first@shop.example", "second@shop.example"])

    def overtaken(key: str, body: bytes, **condition: Any) -> bool:
        if other := next(others, None):
            put(key, json.dumps({"trusted": [other, *preferences.trusted_senders()]}).encode())
        return put(key, body, **condition)

    monkeypatch.setattr(bucket, "put", overtaken)
    preferences.trust_sender(SHOP)
    assert preferences.trusted_senders() == (SHOP, "first@shop.example", "second@shop.example")


def test_what_changes_all_the_time_ends_in_a_page_that_says_so(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "put", lambda *args, **kwargs: False)
    with pytest.raises(MailboxNotReachable, match="settings/senders"):
        preferences.trust_sender(SHOP)


@pytest.mark.parametrize("address", ["", "shop.example", "a b@shop.example", "x" * 300 + "@shop.example"])
def test_what_is_no_address_is_not_trusted(mailbox: Mailbox, address: str) -> None:
    assert not preferences.trust_sender(address)
    assert preferences.trusted_senders() == ()


def test_a_full_list_says_so_and_stays_below_its_bound(mailbox: Mailbox) -> None:
    addresses = [f"{'l' * 60}{n:03}@{'d' * 60}.{'e' * 60}.{'f' * 60}.example" for n in range(200)]
    body = json.dumps(asdict(Senders(trusted=tuple(addresses)))).encode()
    assert len(body) < preferences.OBJECT_BYTES
    bucket.put("settings/senders.json", body)
    assert not preferences.trust_sender(SHOP)
    assert preferences.trust_sender(addresses[7])


def test_the_table_has_a_copy_of_how_pages_look_and_signing_in_mends_it(mailbox: Mailbox) -> None:
    how = Reading(theme="dark", time_zone="Europe/Berlin", page_size=50, text_first=True)
    preferences.keep(how)
    assert preferences.reading() == how
    assert reading_in(access.standing_of("x").reading) == how
    mailbox.empty_table()
    preferences.recall()
    assert reading_in(access.standing_of("x").reading) == how


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"x": "' + b"x" * 70_000 + b'"}'])
def test_what_is_no_object_sets_nothing(mailbox: Mailbox, body: bytes) -> None:
    for name in ("senders", "reading"):
        bucket.put(f"settings/{name}.json", body)
    assert (preferences.senders(), preferences.reading()) == (Senders(), Reading())
    assert preferences.trust_sender(SHOP)


@pytest.mark.parametrize(
    "wrong",
    [
        {"theme": "<script>"},
        {"theme": ["dark"]},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "Europe"},
        {"time_zone": "\x00"},
        {"time_zone": "/etc/localtime"},
        {"time_zone": 7},
        {"page_size": 1_000_000},
        {"page_size": True},
        {"page_size": "25"},
        {"text_first": "yes"},
        {"unknown": 1},
    ],
)
def test_a_field_that_does_not_fit_is_as_if_it_were_not_there(wrong: dict[str, Any]) -> None:
    good = {"theme": "dark"} if "theme" not in wrong else {"page_size": 50}
    assert reading_in({**good, **wrong}) == Reading(**good)


@pytest.mark.parametrize("trusted", ["a@shop.example", {"a@shop.example": 1}, [1, None, ["a@shop.example"]], ["shop", "a b@c.example"]])
def test_what_is_no_list_of_addresses_trusts_and_blocks_nobody(trusted: Any) -> None:
    assert senders_in({"trusted": trusted, "blocked": trusted, "images": NEVER}) == Senders(NEVER)
    assert senders_in({"images": {"never": 1}}) == Senders()
