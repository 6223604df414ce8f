"""Deleting for ever: what a person threw away is gone with every version, and nothing that comes late brings it back."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from indexer.erase import sweep
from mailbox.store import bucket, conversations, flags
from mailbox.store.acts import Act, Shown, purged
from mailbox.store.aws import client
from mailbox.store.keys import sidecar_key, state_key
from postamt import lambdas
from tests.unit.calls import failing, watched_calls
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


def test_an_act_that_a_page_prepared_before_leaves_nothing(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    message = conversations.find_message(id)
    assert message
    do("trash", id)
    do("purge", id)
    mailbox.tell(state_key(id))
    assert flags.change_flags(id, lambda now: replace(now, seen=True), otherwise=message.flags) is None
    assert bucket.get(state_key(id)) is None
    mailbox.tell(state_key(id))
    assert mailbox.items() == {}


def told(minutes_ago: int) -> dict[str, Any]:
    """SNS tells the indexer of the mail ses1."""
    at = (datetime.now(UTC) - timedelta(minutes=minutes_ago)).isoformat()
    action = {"type": "S3", "bucketName": "postamt-test", "objectKey": "incoming/ses1"}
    notification = {"notificationType": "Received", "mail": {"messageId": "ses1"}, "receipt": {"action": action, "timestamp": at}}
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": json.dumps(notification)}}]}


def test_a_receipt_that_is_told_again_after_its_mail_was_erased_is_not_kept(mailbox: Mailbox) -> None:
    lambdas.indexer(told(minutes_ago=61), None)
    assert versions(mailbox) == set()
    lambdas.indexer(told(minutes_ago=59), None)
    assert versions(mailbox) == {"receipts/ses1.json"}


def test_a_receipt_that_comes_late_for_a_mail_that_is_there_is_kept(mailbox: Mailbox) -> None:
    mailbox.arrive(mail(1))
    lambdas.indexer(told(minutes_ago=10_000), None)
    assert "receipts/ses1.json" in versions(mailbox)


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


def test_nobody_takes_out_again_what_is_being_erased(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    do("trash", id)
    do("purge", id)
    assert flags.change_flags(id, lambda now: replace(now, folder="inbox")) is None
    mailbox.tell(state_key(id))
    assert versions(mailbox) == set()


def test_the_sweep_erases_what_is_to_be_erased_but_still_listed_in_trash(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    do("trash", id)
    flags.change_flags(id, purged)  # and the web process died before it told the table
    assert sweep(NOW) == 0
    assert sweep(NOW + timedelta(days=31)) == 1
    assert (versions(mailbox), mailbox.items()) == (set(), {})


def test_an_erasure_that_breaks_off_leaves_no_queued_mail_without_its_claim(mailbox: Mailbox) -> None:
    queued = "0" * 32
    sidecar = {"sent_at": "2026-11-24T12:00:00Z", "ses_message_id": "out@eu-west-1.amazonses.com", "outbox": queued}
    for key in (f"outbox/{queued}", f"outbox/{queued}.claim"):
        bucket.put(key, b"{}")
    mailbox.tell(mailbox.put(sidecar_key("out"), json.dumps(sidecar).encode()), mailbox.put("sent/out", mail(1)))
    do("trash", "sent-out")
    do("purge", "sent-out")
    with watched_calls() as calls:
        mailbox.tell(state_key("sent-out"))
    erased = [parameters["Key"] for _, operation, parameters in calls.made if operation == "DeleteObject"]
    in_order = ["sent/out", f"outbox/{queued}", f"outbox/{queued}.claim", sidecar_key("out"), state_key("sent-out")]
    assert list(dict.fromkeys(erased)) == in_order


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
