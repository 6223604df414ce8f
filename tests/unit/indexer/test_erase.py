"""Deleting for ever: what a person threw away is gone with every version, and nothing that comes late brings it back."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from indexer.erase import sweep
from mailbox.store import bucket, conversations, flags
from mailbox.store.acts import Act, Shown
from mailbox.store.aws import client
from mailbox.store.keys import sidecar_key, state_key
from tests.unit.calls import failing
from tests.unit.in_memory import Mailbox, mail

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def versioned(mailbox: Mailbox) -> None:
    client("s3").put_bucket_versioning(Bucket=mailbox.bucket, VersioningConfiguration={"Status": "Enabled"})


def versions(mailbox: Mailbox) -> set[str]:
    """The keys of everything the bucket holds or remembers."""
    found: Any = client("s3").list_object_versions(Bucket=mailbox.bucket)
    return {item["Key"] for kind in ("Versions", "DeleteMarkers") for item in found.get(kind, ())}


def do(act: str, *ids: str) -> None:
    threads = {message.thread_id: Shown() for id in ids if (message := conversations.find_message(id))}
    flags.carry_out(Act(act, "trash" if act == "purge" else ""), threads)


def test_it_works(mailbox: Mailbox) -> None:
    mailbox.tell(mailbox.put_receipt("ses1", spam="PASS"))
    id, other = mailbox.arrive(mail(1)), mailbox.arrive(mail(2))
    bucket.put(f"parts/{id}/0", b"decoded")
    bucket.delete(f"parts/{id}/0")
    do("trash", id)
    do("purge", id)
    mailbox.tell(state_key(id))
    assert versions(mailbox) == {"incoming/ses2", state_key(other)}
    assert "ses1" not in str(mailbox.items())


def test_a_sent_mail_is_gone_with_what_it_was_queued_as_and_what_became_of_it(mailbox: Mailbox) -> None:
    queued = "0" * 32
    sidecar = {"sent_at": "2026-11-24T12:00:00Z", "ses_message_id": "out@eu-west-1.amazonses.com", "outbox": queued}
    for key in (f"outbox/{queued}", f"outbox/{queued}.claim", "events/out/1.json"):
        bucket.put(key, b"{}")
        bucket.delete(key)
    mailbox.tell(mailbox.put(sidecar_key("out"), json.dumps(sidecar).encode()), mailbox.put("sent/out", mail(1)))
    do("trash", "sent-out")
    do("purge", "sent-out")
    mailbox.tell(state_key("sent-out"))
    assert versions(mailbox) == set()
    assert mailbox.items() == {}


def test_nothing_that_comes_late_brings_it_back(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    do("trash", id)
    do("purge", id)
    mailbox.tell(state_key(id))
    mailbox.tell("incoming/ses1", state_key(id), "receipts/ses1.json", "incoming/ses1")
    do("inbox", id)
    assert (versions(mailbox), mailbox.items()) == (set(), {})


def test_whatever_left_trash_before_it_was_erased_stays(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    do("trash", id)
    do("inbox", id)
    do("purge", id)
    mailbox.tell(state_key(id))
    assert "incoming/ses1" in versions(mailbox)
    assert [row.last for row in conversations.list_page("inbox").rows] == [id]


def test_a_broken_erasure_is_finished_by_the_next_event(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    do("trash", id)
    do("purge", id)
    with failing("TransactWriteItems", "AccessDeniedException"), pytest.raises(Exception, match="table"):
        mailbox.tell(state_key(id))
    assert conversations.list_page("purged").rows
    mailbox.tell(state_key(id))
    assert (versions(mailbox), mailbox.items()) == (set(), {})


def test_trash_empties_itself_after_thirty_days(mailbox: Mailbox) -> None:
    ids = [mailbox.arrive(mail(n)) for n in (1, 2)]
    do("trash", ids[0])
    assert sweep(NOW + timedelta(days=29)) == 0
    assert sweep(NOW + timedelta(days=31)) == 1
    assert versions(mailbox) == {"incoming/ses2", state_key(ids[1])}
    assert conversations.count("trash") == conversations.count("purged") == 0


def test_the_sweep_finishes_what_an_event_that_was_lost_left(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    do("trash", id)
    do("purge", id)
    assert sweep(NOW) == 1
    assert versions(mailbox) == set()
