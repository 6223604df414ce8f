"""Single objects of the bucket: conditions, bounds, links."""

from urllib.parse import parse_qs, urlsplit

import pytest

from mailbox.store import bucket
from tests.unit.in_memory import Mailbox


def test_it_works(mailbox: Mailbox) -> None:
    assert bucket.put("incoming/a", b"raw \x00\xff")
    found = bucket.get("incoming/a")
    assert found is not None
    assert (found.body, found.size) == (b"raw \x00\xff", 6)
    assert bucket.exists("incoming/a")


def test_what_is_not_there_is_none(mailbox: Mailbox) -> None:
    assert bucket.get("incoming/a") is None
    assert not bucket.exists("incoming/a")
    bucket.delete("incoming/a")


def test_an_object_is_made_only_once(mailbox: Mailbox) -> None:
    assert bucket.put("state/a.json", b"1", if_none_match="*")
    assert not bucket.put("state/a.json", b"2", if_none_match="*")
    found = bucket.get("state/a.json")
    assert found is not None
    assert found.body == b"1"


def test_an_object_changes_only_from_what_was_read(mailbox: Mailbox) -> None:
    bucket.put("state/a.json", b"1")
    first = bucket.get("state/a.json")
    assert first is not None
    assert bucket.put("state/a.json", b"2", if_match=first.etag)
    assert not bucket.put("state/a.json", b"3", if_match=first.etag)
    bucket.delete("state/a.json")
    assert not bucket.put("state/a.json", b"3", if_match=first.etag)


def test_keys_are_listed_in_order_and_from_where_one_stopped(mailbox: Mailbox) -> None:
    for name in ("c", "a", "b"):
        bucket.put(f"incoming/{name}", b"")
    bucket.put("sent/a", b"")
    assert list(bucket.keys("incoming/")) == ["incoming/a", "incoming/b", "incoming/c"]
    assert list(bucket.keys("incoming/", "incoming/a")) == ["incoming/b", "incoming/c"]


def test_an_object_over_the_bound_is_read_no_further(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbox.store.bucket.READ_AT_MOST", 10)
    bucket.put("incoming/big", b"x" * 25)
    found = bucket.get("incoming/big")
    assert found is not None
    assert (len(found.body), found.size) == (10, 25)


def test_a_link_is_signed_with_v4_for_the_regional_host_and_always_downloads(mailbox: Mailbox) -> None:
    link = urlsplit(bucket.presigned_download("incoming/a", 'évil".html'))
    query = parse_qs(link.query)
    assert link.hostname == "postamt-test.s3.eu-west-1.amazonaws.com"
    assert link.path == "/incoming/a"
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["60"]
    assert query["response-content-disposition"][0].startswith("attachment; ")
    assert query["response-content-type"] == ["application/octet-stream"]
    assert query["response-cache-control"] == ["private, no-store"]
