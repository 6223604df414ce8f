"""The state of the post office in words: each part is broken once, and the strip and the page say so and what is safe."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from mailbox.store import health
from mailbox.store.aws import client
from mailbox.store.keys import HOME_KEY, PULSE_KEY
from tests.unit.calls import failing, watched_calls
from tests.unit.in_memory import Mailbox
from tests.unit.pages.seen import all_words, words

ALL_WELL = "All is well: the index answers, nothing was given up."


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes after all that the bucket holds."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.now(UTC) + timedelta(minutes=10))


def strip(reader: Client, path: str = "/b/inbox/") -> list[str]:
    health.forget()
    return words(reader.get(path).text, "strip")


def page(reader: Client) -> str:
    health.forget()
    return all_words(reader.get("/status/").text)


def test_it_works(reader: Client, mailbox: Mailbox) -> None:
    mailbox.tell(PULSE_KEY)
    assert ALL_WELL in page(reader)
    assert strip(reader) == []


def test_an_index_that_was_asked_just_now_may_take_its_time(reader: Client) -> None:
    assert ALL_WELL in page(reader)


@pytest.mark.usefixtures("later")
def test_an_index_that_does_not_answer_is_seen_on_every_page(reader: Client) -> None:
    (shown,) = strip(reader)
    assert shown.startswith("New mail is listed late: the index has not answered since ")
    assert strip(reader, "/help/shortcuts/") == [shown]
    assert strip(reader, "/status/") == []
    assert "Your mail is safe in the bucket; it is listed when the index works again." in page(reader)


@pytest.mark.usefixtures("later")
def test_an_answer_takes_the_strip_away(reader: Client, mailbox: Mailbox) -> None:
    assert strip(reader)
    mailbox.tell(PULSE_KEY)
    assert strip(reader) == []
    assert ALL_WELL in page(reader)


@pytest.mark.usefixtures("later")
def test_checking_again_asks_the_index_again(reader: Client, mailbox: Mailbox) -> None:
    mailbox.tell(PULSE_KEY)
    before = client("s3").list_object_versions(Bucket=mailbox.bucket, Prefix=PULSE_KEY)
    answer = reader.post("/status/")
    assert (answer.status_code, answer["Location"]) == (303, "/status/")
    pulse = client("s3").get_object(Bucket=mailbox.bucket, Key=PULSE_KEY)
    assert json.loads(pulse["Body"].read()).keys() == {"sent_at"}
    assert pulse["LastModified"] >= before["Versions"][0]["LastModified"]


def test_dead_letters_are_counted(reader: Client) -> None:
    for _ in range(3):
        client("sqs").send_message(QueueUrl=settings.POSTAMT_DEAD_LETTER_URL, MessageBody="{}")
    (shown,) = strip(reader)
    assert shown.startswith("3 tasks were given up after several tries: a mail may not be listed, or not be sent.")
    assert "each task is kept for 14 days" in page(reader)


def test_a_queue_that_does_not_answer_is_a_finding_and_no_fault(reader: Client, settings: Settings) -> None:
    settings.POSTAMT_DEAD_LETTER_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/not-there"
    assert strip(reader)[0].startswith("The queue cannot be asked whether mail could not be sent.")
    assert "What you send may have to wait" in page(reader)


def test_a_bucket_that_does_not_answer_leaves_the_list_readable(reader: Client) -> None:
    with failing("GetObject", "SlowDown"):
        assert strip(reader)[0].startswith("The mailbox is hard to reach at the moment.")


def test_a_home_server_is_named_once_there_is_one(reader: Client, mailbox: Mailbox) -> None:
    assert "home server" not in page(reader)
    mailbox.put(HOME_KEY, b"{}")
    assert "and the home server is in sync." in page(reader)


def test_a_home_server_that_stays_away_is_told(reader: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox.put(HOME_KEY, b"{}")
    mailbox.tell(PULSE_KEY)
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.now(UTC) + timedelta(hours=2))
    assert strip(reader)[0].startswith("The home server was last seen ")
    assert "Your mail is safe on AWS" in page(reader)


def test_several_troubles_are_one_strip_and_all_on_the_page(reader: Client, later: None) -> None:
    client("sqs").send_message(QueueUrl=settings.POSTAMT_DEAD_LETTER_URL, MessageBody="{}")
    assert strip(reader)[0].endswith("This and more")
    shown = page(reader)
    assert "New mail is listed late" in shown
    assert "1 task was given up" in shown


def test_the_strip_is_asked_for_at_most_once_a_minute(reader: Client) -> None:
    health.forget()
    with watched_calls() as calls:
        for _ in range(3):
            reader.get("/b/inbox/")
    assert [operation for service, operation, _ in calls.made if service in ("s3", "sqs")] == [
        "GetObject",
        "GetObject",
        "GetQueueAttributes",
    ]


def test_the_sign_in_page_tells_a_stranger_nothing(mailbox: Mailbox, reader: Client) -> None:
    client("sqs").send_message(QueueUrl=settings.POSTAMT_DEAD_LETTER_URL, MessageBody="{}")
    health.forget()
    assert words(Client().get("/login/").text, "strip") == []
