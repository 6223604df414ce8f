"""Deleting for ever: what a person threw away is gone with every version, a day after that at the earliest, and nothing that comes late
brings it back."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from indexer.erase import rescue, sweep
from mailbox.store import bucket, conversations, flags
from mailbox.store.acts import purged
from mailbox.store.aws import client
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.keys import sidecar_key, state_key
from mailbox.store.models import Message
from postamt import lambdas
from tests.unit.acting import act_on
from tests.unit.calls import failing, watched_calls
from tests.unit.in_memory import Mailbox, mail

QUEUED = "0" * 32


def after(**time: float) -> datetime:
    return timezone.now() + timedelta(**time)


@pytest.fixture(autouse=True)
def versioned(mailbox: Mailbox) -> None:
    client("s3").put_bucket_versioning(Bucket=mailbox.bucket, VersioningConfiguration={"Status": "Enabled"})


def versions(mailbox: Mailbox) -> set[str]:
    """The keys of everything the bucket holds or remembers."""
    found: Any = client("s3").list_object_versions(Bucket=mailbox.bucket)
    return {item["Key"] for kind in ("Versions", "DeleteMarkers") for item in found.get(kind, ())}


def do(act: str, *ids: str) -> None:
    for id in ids:
        message = conversations.find_message(id)
        if message:
            act_on(message.thread_id, act, "trash" if act == "purge" else "")


def send(mailbox: Mailbox) -> str:
    """A mail that was sent and filed, as the sender leaves it."""
    sidecar = {"sent_at": "2026-11-24T12:00:00Z", "ses_message_id": "out@eu-west-1.amazonses.com", "outbox": QUEUED}
    mailbox.tell(mailbox.put(sidecar_key("out"), json.dumps(sidecar).encode()), mailbox.put("sent/out", mail(1)))
    return "sent-out"


def test_it_works(mailbox: Mailbox) -> None:
    mailbox.tell(mailbox.put_receipt("ses1", spam="PASS"))
    id, other = mailbox.arrive(mail(1)), mailbox.arrive(mail(2))
    bucket.put(f"parts/{id}/0", b"decoded")
    bucket.delete(f"parts/{id}/0")
    do("trash", id)
    do("purge", id)
    assert sweep(after(days=1)) == 1
    assert versions(mailbox) == {"incoming/ses2", state_key(other)}
    assert "ses1" not in str(mailbox.items())


def test_what_is_marked_is_listed_nowhere_and_erased_by_no_event(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    do("trash", id)
    flags.change_flags(id, purged)  # and the web process died before it told the table
    mailbox.tell(state_key(id))
    listings = ("inbox", "archive", "starred", "trash", "junk", "sent")
    assert [conversations.count(listing) for listing in listings] == [0] * len(listings)
    assert versions(mailbox) == {"incoming/ses1", state_key(id)}


def test_a_mailbox_that_was_marked_all_at_once_by_a_stolen_role_is_there_for_another_day(mailbox: Mailbox) -> None:
    ids = [mailbox.arrive(mail(n)) for n in (1, 2, 3)]
    forged = {"folder": "purged", "seen": True, "flagged": False, "keywords": [], "labels": [], "clock": 9, "rule": ""}
    for id in ids:
        mailbox.tell(mailbox.put(state_key(id), json.dumps({**forged, "purged_at": "2020-01-01T00:00:00Z"}).encode()))
    lambdas.indexer({"source": "aws.events", "detail-type": "Scheduled Event", "time": "2036-01-01T00:00:00Z"}, None)
    assert sweep(after(hours=23)) == 0
    assert {f"incoming/ses{n}" for n in (1, 2, 3)} < versions(mailbox)
    assert rescue() == 3
    assert conversations.count("trash") == 3
    assert sweep(after(days=2)) == 0
    do("inbox", *ids)
    assert conversations.count("inbox") == 3


def test_what_is_rescued_comes_back_by_a_command_and_what_is_erased_does_not(mailbox: Mailbox) -> None:
    ids = [mailbox.arrive(mail(n, parent=1 if n > 1 else None)) for n in (1, 2)]
    do("trash", *ids)
    do("purge", *ids)
    bucket.erase("incoming/ses2")  # an erasure that broke off
    out = StringIO()
    call_command("empty_trash", "--rescue", stdout=out)
    assert out.getvalue().startswith("Put 1 messages back into Trash.")
    assert [row.last for row in conversations.list_page("trash").rows] == [ids[0]]
    assert flags.read_flags(ids[1]) == flags.Flags("purged", clock=2)


def test_an_operator_may_have_erased_at_once_what_is_marked(mailbox: Mailbox) -> None:
    id, other = mailbox.arrive(mail(1)), mailbox.arrive(mail(2))
    do("trash", id, other)
    do("purge", id)
    for options, said in (([], "Erased 0 messages."), (["--now"], "Erased 1 messages.")):
        out = StringIO()
        call_command("empty_trash", *options, stdout=out)
        assert out.getvalue().startswith(said)
    assert versions(mailbox) == {"incoming/ses2", state_key(other)}


def test_a_sent_mail_is_gone_with_what_it_was_queued_as_and_what_became_of_it_but_for_its_claim(mailbox: Mailbox) -> None:
    for key in (f"outbox/{QUEUED}", "events/out/1.json"):
        bucket.put(key, b"{}")
        bucket.delete(key)
    bucket.put(f"outbox/{QUEUED}.claim", b"{}")
    id = send(mailbox)
    do("trash", id)
    do("purge", id)
    assert sweep(after(days=1)) == 1
    assert versions(mailbox) == {f"outbox/{QUEUED}.claim"}
    assert mailbox.items() == {}


def test_nothing_that_comes_late_brings_it_back(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    do("trash", id)
    do("purge", id)
    sweep(after(days=1))
    mailbox.tell("incoming/ses1", state_key(id), "receipts/ses1.json", "incoming/ses1")
    do("inbox", id)
    assert (versions(mailbox), mailbox.items()) == (set(), {})


def test_an_act_that_a_page_prepared_before_leaves_nothing(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    message = conversations.find_message(id)
    assert message
    do("trash", id)
    do("purge", id)
    sweep(after(days=1))
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


def test_whatever_left_trash_before_it_was_marked_stays(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    do("trash", id)
    do("inbox", id)
    do("purge", id)
    assert sweep(after(days=2)) == 0
    assert [row.last for row in conversations.list_page("inbox").rows] == [id]


def test_nobody_takes_out_again_what_is_marked_but_by_a_rescue(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    do("trash", id)
    do("purge", id)
    assert flags.change_flags(id, lambda now: replace(now, folder="inbox")) is None
    assert sweep(after(days=1)) == 1


def test_a_broken_erasure_is_finished_by_the_next_sweep(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    do("trash", id)
    do("purge", id)
    with failing("TransactWriteItems", "AccessDeniedException"), pytest.raises(MailboxNotReachable):
        sweep(after(days=1))
    assert conversations.list_page("purged").rows
    assert sweep(after(days=1)) == 1
    assert (versions(mailbox), mailbox.items()) == (set(), {})


def test_one_conversation_that_cannot_be_reached_keeps_no_other_waiting_and_is_told_of(
    mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    ids = [mailbox.arrive(mail(n)) for n in (1, 2, 3)]
    do("trash", *ids)
    do("purge", *ids)
    with failing("TransactWriteItems", "AccessDeniedException", times=1), pytest.raises(MailboxNotReachable) as raised:
        sweep(after(days=1))
    assert str(raised.value) == "1 conversations could not be swept; 2 messages of others were erased"
    assert [line.levelname for line in caplog.records if "could not be swept" in line.getMessage()] == ["ERROR"]
    assert conversations.count("purged") == 1
    with failing("TransactWriteItems", "AccessDeniedException"), pytest.raises(CommandError, match="Run it again"):
        call_command("empty_trash", "--now")


def test_a_list_row_that_a_broken_writer_left_stops_no_sweep(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    do("trash", id)
    for sk, row in (("2020-01-01T00:00:00Z#" + "0" * 32, "[]"), ("nonsense", "{")):
        mailbox.dynamodb.put_item(TableName=mailbox.table, Item={"pk": {"S": "v#trash"}, "sk": {"S": sk}, "row": {"S": row}})
    assert sweep(after(days=31)) == 1


def test_the_sweep_erases_what_is_marked_but_still_listed_in_trash(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    do("trash", id)
    flags.change_flags(id, purged)  # and neither the web process nor an event told the table
    assert sweep(after(hours=1)) == 0
    assert sweep(after(days=31)) == 1
    assert (versions(mailbox), mailbox.items()) == (set(), {})


def test_an_erasure_that_breaks_off_knows_what_is_left_to_do(mailbox: Mailbox) -> None:
    bucket.put(f"outbox/{QUEUED}", b"{}")
    id = send(mailbox)
    do("trash", id)
    do("purge", id)
    with watched_calls() as calls:
        sweep(after(days=1))
    erased = [parameters["Key"] for _, operation, parameters in calls.made if operation == "DeleteObject"]
    assert list(dict.fromkeys(erased)) == ["sent/out", f"outbox/{QUEUED}", sidecar_key("out"), state_key(id)]


def say_trash(mailbox: Mailbox, id: str) -> None:
    """A row that says Trash, and its list row, as a stolen web role may write them."""
    pk, sk = next(key for key in mailbox.items() if key[1].endswith(id) and key[1].startswith("m#"))
    mailbox.dynamodb.update_item(
        TableName=mailbox.table,
        Key={"pk": {"S": pk}, "sk": {"S": sk}},
        UpdateExpression="SET folder = :f",
        ExpressionAttributeValues={":f": {"S": "trash"}},
    )
    row = {"pk": {"S": "v#trash"}, "sk": {"S": f"2026-11-24T10:00:00Z#{pk[2:]}"}, "row": {"S": "{}"}}
    mailbox.dynamodb.put_item(TableName=mailbox.table, Item=row)


@pytest.mark.parametrize("state", [b"spoilt", json.dumps({"folder": "inbox", "seen": False, "flagged": False, "clock": 5}).encode()])
def test_what_a_row_alone_calls_trash_is_never_erased(mailbox: Mailbox, state: bytes) -> None:
    id = mailbox.arrive(mail(1))
    bucket.put(state_key(id), state)
    say_trash(mailbox, id)
    assert [sweep(after(days=days)) for days in (31, 33, 64)] == [0, 0, 0]
    assert "incoming/ses1" in versions(mailbox)


def test_whatever_one_conversation_does_to_the_sweep_the_others_are_erased(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ids = [mailbox.arrive(mail(n)) for n in (1, 2)]
    do("trash", *ids)
    message = conversations.find_message(ids[0])
    assert message
    real = conversations.every_message

    def breaking(thread_id: str) -> list[Message]:
        if thread_id == message.thread_id:
            raise AttributeError("int has no get")
        return real(thread_id)

    monkeypatch.setattr("mailbox.store.conversations.every_message", breaking)
    with pytest.raises(MailboxNotReachable, match="1 conversations could not be swept; 1 messages"):
        sweep(after(days=31))
    assert {"incoming/ses1"} == {key for key in versions(mailbox) if key.startswith("incoming/")}
    assert "AttributeError" in caplog.text


def test_trash_empties_itself_after_thirty_days(mailbox: Mailbox) -> None:
    ids = [mailbox.arrive(mail(n)) for n in (1, 2)]
    do("trash", ids[0])
    assert sweep(after(days=29)) == 0
    assert sweep(after(days=31)) == 1
    assert versions(mailbox) == {"incoming/ses2", state_key(ids[1])}
    assert conversations.count("trash") == conversations.count("purged") == 0


def test_a_long_conversation_is_erased_a_portion_a_sweep(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.erase.PORTION", 2)
    ids = [mailbox.arrive(mail(n, parent=1 if n > 1 else None)) for n in range(1, 6)]
    do("trash", ids[0])
    assert [sweep(after(days=31)) for _ in range(4)] == [2, 2, 1, 0]
