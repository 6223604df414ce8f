"""Abuse cases of the store and the indexer. Each test carries the number of its case."""

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote_plus

import pytest

from indexer.rebuild import rebuild
from mailbox.store import bucket, conversations, flags
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.keys import is_id, is_mail, message_id_of, raw_key
from postamt import lambdas
from tests.unit.calls import failing, watched_calls
from tests.unit.in_memory import Mailbox, bucket_event, mail

FOREIGN_IDS = [
    "",
    "0",
    "-1",
    "1" + "0" * 30,
    "..%2f",
    "../incoming/a",
    "incoming-..%2fx",
    "incoming-a/b",
    "incoming-\x00",
    "incoming-😀",
    "x" * 5_000,
]
FOREIGN_IDS += [
    "incoming-",
    "sent",
    "outbox-abc",
    "state-incoming-a",
    "incoming-_",
    "incoming-_!!!",
    "incoming-_Li4vc3RhdGU",
    "Incoming-a",
    "incoming-a\n",
]


@pytest.mark.parametrize("id", FOREIGN_IDS)
def test_a16_a_foreign_id_names_no_message_and_asks_aws_nothing(mailbox: Mailbox, id: str) -> None:
    with watched_calls() as calls:
        assert conversations.find_message(id) is None
        assert conversations.get_conversation(id) == []
    assert calls.made == []
    assert not is_id(id)


def test_a16_absent_and_foreign_conversations_look_the_same(mailbox: Mailbox) -> None:
    assert conversations.get_conversation("f" * 32) == conversations.get_conversation("not a thread") == []
    assert conversations.find_message("incoming-absent") is None


@pytest.mark.parametrize(
    "key",
    [
        "../incoming/a",
        "incoming/../state/a",
        "other-prefix/x",
        "incoming/a?versionId=1/2",
        "https://evil.example/incoming/a",
        "/incoming/a",
        "incoming//a",
    ],
)
def test_a18_a_key_is_mail_only_if_it_is_a_known_prefix_and_one_name(key: str) -> None:
    assert not is_mail(key)
    assert raw_key(key) is None


def test_a18_what_looks_like_a_path_inside_an_id_leads_nowhere_else(mailbox: Mailbox) -> None:
    id = message_id_of("incoming/a?versionId=1")
    mailbox.put("incoming/a", mail(1))
    assert set(id) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
    assert conversations.find_message(id) is None


def record(**s3: Any) -> dict[str, Any]:
    return {"Records": [{"eventSource": "aws:s3", "s3": s3}]}


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Records": []},
        {"Records": [{}]},
        {"Records": [{"eventSource": "aws:s3"}]},
        {"Records": [{"eventSource": ["aws:s3"], "s3": {}}]},
        record(),
        record(bucket=None, object=None),
        record(bucket={"name": "postamt-test"}),
        record(bucket={"name": "postamt-test"}, object={"key": None}),
        record(bucket={"name": ["postamt-test"]}, object={"key": "incoming/s1"}),
        record(bucket={"name": "another-bucket"}, object={"key": "incoming/s1"}),
        record(bucket={"name": "POSTAMT-TEST"}, object={"key": "incoming/s1"}),
        record(bucket={"arn": "arn:aws:s3:::postamt-test", "ownerIdentity": {"principalId": "EVIL"}}, object={"key": "incoming/s1"}),
        {"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2026-11-24T10:00:00.000Z", "Bucket": "postamt-test", "RequestId": "x"},
        {
            "Records": [
                {
                    "EventSource": "aws:sns",
                    "Sns": {"Message": json.dumps(record(bucket={"name": "postamt-test"}, object={"key": "incoming/s1"}))},
                }
            ]
        },
        {"Records": [{"eventSource": "aws:dynamodb", "s3": {"bucket": {"name": "postamt-test"}, "object": {"key": "incoming/s1"}}}]},
    ],
)
def test_a38_a_forged_event_is_ignored(mailbox: Mailbox, event: Any) -> None:
    mailbox.put("incoming/s1", mail(1))
    with watched_calls() as calls:
        lambdas.indexer(event, None)
    assert calls.made == []


def test_a38_ten_thousand_records_of_another_bucket_cost_no_call(mailbox: Mailbox) -> None:
    with watched_calls() as calls:
        lambdas.indexer(bucket_event("another-bucket", *(f"incoming/s{n}" for n in range(10_000))), None)
    assert calls.made == []


@pytest.mark.parametrize("name", ["a+b", "a%2Bb", "a b", "grüße", "😀", "a%252eb", "%2e%2e", "a%2Fb", "=?utf-8?q?x?="])
def test_a39_a_key_is_decoded_exactly_once(mailbox: Mailbox, name: str) -> None:
    key = mailbox.put(f"incoming/{name}", mail(1))
    lambdas.indexer(record(bucket={"name": mailbox.bucket}, object={"key": quote_plus(key)}), None)
    message = conversations.find_message(message_id_of(key))
    assert message is not None
    assert message.key == key


@pytest.mark.parametrize(
    "key", ["incoming/../x", "incoming/..%2Fstate%2Fx", "incoming/" + "x" * 1_015, "incoming/" + "é" * 500, "incoming/%00/%00", ""]
)
def test_a39_a_key_that_can_be_no_mail_is_left_alone(mailbox: Mailbox, key: str) -> None:
    with watched_calls() as calls:
        lambdas.indexer(record(bucket={"name": mailbox.bucket}, object={"key": key}), None)
    assert calls.made == []


def test_a40_repeated_and_unordered_events_make_one_item(mailbox: Mailbox) -> None:
    keys = [mailbox.put(f"incoming/s{n}", mail(n, parent=1 if n > 1 else None)) for n in (1, 2)]
    mailbox.tell(*keys[::-1], *keys * 5)
    (row,) = conversations.list_page("inbox").rows
    assert (row.count, conversations.count("inbox.unread")) == (2, 1)


def test_a40_a_mail_that_was_deleted_does_not_come_back(mailbox: Mailbox) -> None:
    mailbox.arrive(mail(1), "s1")
    bucket.delete("incoming/s1")
    mailbox.tell("incoming/s1", "incoming/s1", "state/incoming-s1.json", mailbox.put_receipt("s1", spam="PASS"))
    assert mailbox.items() == {}


def test_a40_lambdas_at_the_same_time_make_one_item(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbox.store.rows.PAUSE", 0.0)
    keys = [mailbox.put(f"incoming/s{n}", mail(n, parent=1 if n > 1 else None)) for n in (1, 2, 3)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(mailbox.tell, [*keys, *keys]))
    (row,) = conversations.list_page("inbox").rows
    assert row.count == 3


NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2_000))
PARTS = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 10_000 + b"--b--"
POISON = {
    "nested 2,000 deep": NESTED,
    "10,000 parts": PARTS,
    "a charset nobody knows": b"Content-Type: text/plain; charset=x-evil\r\n\r\n\xff\xfe",
    "3,000 nested comments": b"From: " + b"(" * 3_000 + b"\r\n\r\nx",
    "20,000 quotes": b"To: " + b'"' * 20_001 + b"\r\n\r\nx",
    "20,000 recipients": b"To: " + b"a@example.org, " * 20_000 + b"\r\n\r\nx",
    "10,000 header lines": b"X-Line: x\r\n" * 10_000 + b"\r\nx",
    "5,000 pieces of a name": b"Content-Disposition: attachment" + b"".join(b"; filename*%d=x" % n for n in range(5_000)) + b"\r\n\r\nx",
    "one line of five megabytes": b"Subject: " + b"x" * 5_000_000 + b"\r\n\r\nx",
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON.keys())
def test_a41_a_poisonous_mail_is_listed_and_so_is_the_next(mailbox: Mailbox, poison: bytes) -> None:
    keys = [mailbox.put("incoming/poison", poison), mailbox.put("incoming/next", mail(1))]
    mailbox.tell(*keys)
    assert conversations.count("inbox") == 2
    found = bucket.get("incoming/poison")
    assert found is not None
    assert found.body == poison


@pytest.mark.parametrize("key", ["incoming/", "sent/", "state/", "receipts/", "incoming/AMAZON_SES_SETUP_NOTIFICATION", "incoming/folder/"])
def test_a42_what_is_no_mail_is_skipped_with_one_line(mailbox: Mailbox, caplog: pytest.LogCaptureFixture, key: str) -> None:
    mailbox.put(key, b"")
    caplog.clear()
    with caplog.at_level(logging.INFO):
        mailbox.tell(key)
    assert mailbox.items() == {}
    assert [record.getMessage() for record in caplog.records if record.name == "indexer.events"] == [f'Not a mail, left alone: "{key}"']


@pytest.mark.parametrize("key", ["unknown/x", "uploads/x", "search/segment", "x", "zappa.zip"])
def test_a42_other_prefixes_are_passed_over_in_silence(mailbox: Mailbox, caplog: pytest.LogCaptureFixture, key: str) -> None:
    with watched_calls() as calls, caplog.at_level(logging.INFO):
        mailbox.tell(key)
    assert calls.made == []
    assert [record for record in caplog.records if record.name == "indexer.events"] == []


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\x01\xff" * 1_000, b'{"Records": []}', b"PK\x03\x04 a zip"], ids=["empty", "binary", "JSON", "zip"]
)
def test_a42_an_object_with_a_mails_name_is_listed_whatever_it_holds(mailbox: Mailbox, raw: bytes) -> None:
    id = mailbox.arrive(raw)
    (row,) = conversations.list_page("inbox").rows
    assert (row.last, row.senders) == (id, [["", "", False]])


def test_a43_giant_headers_make_a_small_item(mailbox: Mailbox) -> None:
    giant = "x" * 500_000
    top = f"From: {giant} <{giant}@example.org>\r\nTo: {'a@example.org, ' * 5000}\r\nMessage-ID: <{giant}@x>\r\n"
    mailbox.arrive(f"{top}Subject: {giant}\r\n\r\n{giant}".encode())
    assert max(len(json.dumps(item)) for item in mailbox.items().values()) < 6_000


@pytest.mark.parametrize("subject", [b"\xed\xa0\x80", b"=?utf-8?b?7aCA?=", b"=?utf-16?b?2AA=?=", b"\xff\xfe", b"\x00", b""])
def test_a43_texts_that_are_no_unicode_are_stored_as_text(mailbox: Mailbox, subject: bytes) -> None:
    mailbox.arrive(b"Subject: " + subject + b"\r\nFrom: " + subject + b"\r\n\r\n" + subject)
    assert conversations.count("inbox") == 1


def test_a43_a_conversation_over_a_megabyte_is_read_whole(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(1, 6):
        mailbox.arrive(mail(n, parent=1 if n > 1 else None))
    with watched_calls() as calls:
        real = calls.made.append
        monkeypatch.setattr(calls, "made", Limiting(real))
        mailbox.arrive(mail(6, parent=1))
    assert conversations.list_page("inbox").rows[0].count == 6


class Limiting(list[Any]):
    """Makes DynamoDB end its pages after two items, as it does after a megabyte."""

    def __init__(self, keep: Callable[[Any], None]) -> None:
        super().__init__()
        self.keep = keep

    def append(self, call: Any) -> None:
        if call[1] == "Query":
            call[2]["Limit"] = 2
        self.keep(call)


@pytest.mark.parametrize("reason", ["ThrottlingError", "ProvisionedThroughputExceeded", "TransactionConflict"])
def test_a43_a_busy_table_is_asked_again_with_growing_random_pauses(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    with failing("TransactWriteItems", "TransactionCanceledException", times=3, reason=reason):
        mailbox.arrive(mail(1))
    assert len(pauses) == len(set(pauses)) == 3
    assert conversations.count("inbox") == 1


@pytest.mark.parametrize("code", ["ProvisionedThroughputExceededException", "ThrottlingException"])
def test_a43_a_table_that_stays_too_busy_is_said_to_be_so(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    with failing("Query", code), pytest.raises(MailboxNotReachable, match="too busy"):
        conversations.list_page("inbox")
    with (
        failing("TransactWriteItems", "TransactionCanceledException", reason="ThrottlingError") as refusals,
        pytest.raises(MailboxNotReachable),
    ):
        mailbox.arrive(mail(1))
    assert len(refusals) == 20


def test_a49_a_forged_reference_inherits_no_verdict(mailbox: Mailbox) -> None:
    mailbox.put_receipt("known", spam="PASS", dmarc="PASS", spf="PASS", dkim="PASS")
    mailbox.arrive(mail(1), "known")
    mailbox.put_receipt("forged", spam="PASS", dmarc="FAIL", spf="FAIL", dkim="FAIL")
    mailbox.arrive(mail(2, parent=1), "forged")
    (row,) = conversations.list_page("inbox").rows
    known, forged = conversations.get_conversation(row.thread_id)
    assert row.warning
    assert (known.verdicts["dmarc"], forged.verdicts["dmarc"]) == ("PASS", "FAIL")


def test_a49_lines_of_ses_that_a_sender_forged_are_not_believed(mailbox: Mailbox) -> None:
    forged = mail(2, parent=1, extra="X-SES-Spam-Verdict: PASS\r\nAuthentication-Results: amazonses.com; dmarc=pass\r\n")
    mailbox.arrive(forged)
    (message,) = conversations.get_conversation(conversations.list_page("inbox").rows[0].thread_id)
    assert message.verdicts == {}


def test_a49_a_flood_into_one_conversation_bounds_its_page_and_what_an_arrival_costs(mailbox: Mailbox) -> None:
    keys = [mailbox.put(f"incoming/s{n}", mail(n, parent=1 if n > 1 else None)) for n in range(1, 61)]
    list(rebuild(keys, workers=1))
    (row,) = conversations.list_page("inbox").rows
    with watched_calls() as calls:
        assert len(conversations.get_conversation(row.thread_id)) == 50
        mailbox.arrive(mail(61, parent=1), "s61")
    assert calls.names("dynamodb") == ["Query", "GetItem", "Query", "TransactWriteItems"]
    assert conversations.list_page("inbox").rows[0].count == 61


def test_a49_an_act_on_a_flooded_conversation_touches_only_what_was_shown(mailbox: Mailbox) -> None:
    for n in range(1, 9):
        mailbox.arrive(mail(n, parent=1 if n > 1 else None))
    shown = conversations.get_conversation(conversations.list_page("inbox").rows[0].thread_id, limit=3)
    flags.act(shown[0].thread_id, [message.id for message in shown], lambda now: flags.Flags(seen=True))
    assert [message.seen for message in conversations.get_conversation(shown[0].thread_id)] == [False] * 5 + [True] * 3
