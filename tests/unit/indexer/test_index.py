"""Indexing: what the bucket says becomes rows, in any order and any number of times."""

import json
from collections.abc import Callable

import pytest

from indexer.index import index_message
from mailbox.store import bucket, conversations, flags, preferences
from mailbox.store.acts import muted
from mailbox.store.keys import receipt_key, state_key
from mailbox.store.models import Message
from tests.unit.calls import watched_calls
from tests.unit.in_memory import Mailbox, mail

SPAM = "X-SES-Spam-Verdict: FAIL\r\n"
VIRUS = "X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: FAIL\r\n"


def only_message(mailbox: Mailbox) -> Message:
    (message,) = conversations.get_conversation(next(pk[2:] for pk, sk in mailbox.items() if sk == "#head"))
    return message


def test_it_works(mailbox: Mailbox) -> None:
    mailbox.arrive(mail(1, subject="Lunch?"))
    (row,) = conversations.list_page("inbox").rows
    assert (row.subject, row.senders, row.unread) == ("Lunch?", [["Ann", "ann@example.org", False]], True)


def test_an_arrival_costs_three_calls_of_dynamodb_and_at_most_seven_of_s3(mailbox: Mailbox) -> None:
    mailbox.put("incoming/ses1", mail(1))
    with watched_calls() as calls:
        mailbox.tell("incoming/ses1")
    assert calls.names("dynamodb") == ["GetItem", "Query", "TransactWriteItems"]
    assert calls.names("s3") == ["GetObject", "GetObject", "GetObject", "PutObject", "GetObject", "HeadObject"]


def test_the_same_event_again_writes_nothing(mailbox: Mailbox) -> None:
    mailbox.arrive(mail(1))
    before = mailbox.items()
    with watched_calls() as calls:
        for _ in range(5):
            mailbox.tell("incoming/ses1")
    assert set(calls.names("dynamodb")) == {"GetItem", "Query"}
    assert "PutObject" not in calls.names("s3")
    assert mailbox.items() == before


def test_the_event_of_a_state_that_was_just_filed_reads_one_object(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    with watched_calls() as calls:
        mailbox.tell(state_key(id))
    assert [operation for _, operation, _ in calls.made] == ["GetObject"]


def test_the_event_of_an_act_that_is_in_the_index_ends_early(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    flags.act(only_message(mailbox).thread_id, None, lambda now: flags.Flags(seen=True))
    with watched_calls() as calls:
        mailbox.tell(state_key(id))
    assert [operation for _, operation, _ in calls.made] == ["GetObject", "Query", "GetItem"]


def test_who_is_blocked_is_asked_once_and_only_for_new_mail_that_is_no_junk_yet(mailbox: Mailbox) -> None:
    with watched_calls() as calls:
        mailbox.arrive(mail(1))
        mailbox.tell("incoming/ses1")
        mailbox.arrive(mail(2, top=SPAM))
        mailbox.tell(mailbox.put("sent/out", mail(3)))
    assert [asked["Key"] for _, _, asked in calls.made if "settings/" in asked.get("Key", "")] == ["settings/senders.json"]


def test_a_blocked_sender_is_filed_as_junk_even_in_a_muted_conversation(mailbox: Mailbox) -> None:
    mailbox.arrive(mail(1, sender="Bob <bob@example.org>"))
    thread_id = only_message(mailbox).thread_id
    flags.act(thread_id, None, muted)
    preferences.block_sender("ann@example.org")
    mailbox.arrive(mail(2, parent=1))
    mailbox.arrive(mail(3, parent=1, sender="Bob <bob@example.org>"))
    assert [message.folder for message in conversations.get_conversation(thread_id)] == ["archive", "junk", "archive"]


@pytest.mark.parametrize("top", [SPAM, VIRUS])
def test_what_ses_calls_spam_or_a_virus_is_filed_as_junk(mailbox: Mailbox, top: str) -> None:
    mailbox.arrive(mail(1, top=top))
    assert [len(conversations.list_page(folder).rows) for folder in ("inbox", "junk")] == [0, 1]
    assert conversations.list_page("junk").rows[0].warning


def test_a_receipt_never_moves_a_message(mailbox: Mailbox) -> None:
    mailbox.put_receipt("ses1", spam="FAIL")
    mailbox.arrive(mail(1))
    assert conversations.list_page("inbox").rows[0].warning
    assert only_message(mailbox).verdicts == {"spam": "FAIL"}


def test_a_receipt_before_its_mail_waits_for_it(mailbox: Mailbox) -> None:
    mailbox.tell(mailbox.put_receipt("ses1", dmarc="PASS"))
    assert mailbox.items() == {}
    mailbox.arrive(mail(1))
    assert only_message(mailbox).receipt == {"recipients": ["me@example.com"]}


def test_a_receipt_that_cannot_be_read_is_as_none_and_the_log_says_so(mailbox: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    mailbox.put(receipt_key("ses1"), b"{")
    mailbox.arrive(mail(1))
    assert only_message(mailbox).receipt is None
    assert "The receipt of incoming-ses1 cannot be read" in caplog.text


def test_a_state_that_was_there_first_is_kept(mailbox: Mailbox) -> None:
    state = {"folder": "archive", "seen": True, "flagged": True, "keywords": [], "labels": ["work"], "clock": 7, "rule": ""}
    mailbox.put("state/incoming-ses1.json", json.dumps(state).encode())
    mailbox.arrive(mail(1))
    assert only_message(mailbox).flags == flags.Flags("archive", True, True, (), ("work",), 7)


def test_a_state_that_cannot_be_read_hides_no_mail(mailbox: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    mailbox.put("state/incoming-ses1.json", b'{"folder": "nowhere"}')
    mailbox.arrive(mail(1))
    assert conversations.count("inbox") == 1
    assert "incoming-ses1 cannot be read" in caplog.text


def test_a_state_that_cannot_be_read_is_written_anew_once_and_for_all(mailbox: Mailbox) -> None:
    mailbox.put("state/incoming-ses1.json", b"{")
    mailbox.arrive(mail(1))
    mailbox.arrive(mail(2))
    mailbox.put("state/incoming-ses2.json", b"{")
    preferences.block_sender("ann@example.org")
    live = mailbox.items()
    mailbox.empty_table()
    mailbox.tell("incoming/ses2", "incoming/ses1")
    assert mailbox.items() == live
    assert flags.read_flags("incoming-ses1") == flags.read_flags("incoming-ses2") == flags.Flags()


@pytest.mark.parametrize("spoil", [lambda key: bucket.put(key, b"[]"), bucket.delete])
def test_a_state_that_was_spoilt_or_lost_is_mended_by_what_the_index_knows(mailbox: Mailbox, spoil: Callable[[str], object]) -> None:
    id = mailbox.arrive(mail(1))
    flags.act(only_message(mailbox).thread_id, None, lambda now: flags.Flags(folder="archive", seen=True, labels=("work",)))
    known, live = flags.read_flags(id), mailbox.items()
    spoil(state_key(id))
    mailbox.tell(state_key(id))
    assert (flags.read_flags(id), mailbox.items()) == (known, live)
    mailbox.empty_table()
    mailbox.tell("incoming/ses1")
    assert mailbox.items() == live


def test_a_new_message_brings_an_archived_conversation_back_to_the_inbox(mailbox: Mailbox) -> None:
    mailbox.arrive(mail(1))
    flags.act(only_message(mailbox).thread_id, None, lambda now: flags.Flags(folder="archive", seen=True))
    assert conversations.count("inbox") == 0
    mailbox.arrive(mail(2, parent=1))
    (row,) = conversations.list_page("inbox").rows
    assert (row.count, row.unread) == (2, True)


def test_a_mail_that_was_erased_leaves_the_index(mailbox: Mailbox) -> None:
    mailbox.arrive(mail(1))
    bucket.delete("incoming/ses1")
    mailbox.tell("incoming/ses1")
    assert mailbox.items() == {}


def test_only_the_first_bytes_of_a_giant_are_parsed_and_its_true_size_is_known(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbox.store.bucket.READ_AT_MOST", 2_000)
    mailbox.arrive(mail(1, body="x" * 50_000))
    assert only_message(mailbox).size > 50_000


def test_a_key_of_no_mail_is_none_of_its_business(mailbox: Mailbox) -> None:
    with watched_calls() as calls:
        for key in ("settings/filters.json", "incoming/", "", "outbox/" + "a" * 32):
            index_message(key)
    assert calls.made == []


def test_a_typical_message_costs_one_unit_to_write(mailbox: Mailbox) -> None:
    name = "o8s7lq0v6kmq5j2sj2b2vs9tgr1vgt4t8b6mcqo1"  # as long as the ids SES gives
    mailbox.put_receipt(name, spam="PASS", virus="PASS", spf="PASS", dkim="PASS", dmarc="PASS")
    mailbox.arrive(mail(1, subject="A subject of some fifty characters, as they often are", body="word " * 60), name)
    item = next(item for (_, sk), item in mailbox.items().items() if sk.startswith("m#"))
    size = sum(len(name) + len(str(*value.values()).encode()) for name, value in item.items())
    assert size < 1_024
