"""The entry points: only known shapes of events get further."""

import gc
import json
import logging
import sys
from datetime import timedelta
from typing import Any

import pytest

from indexer.index import index_message
from mailbox.store import conversations, flags
from mailbox.store.errors import MailboxNotReachable
from postamt import lambdas
from postamt.lambdas import EventRefused
from tests.unit.calls import failing, watched_calls
from tests.unit.gateway import REQUEST, zappa_settings
from tests.unit.in_memory import Mailbox, bucket_event, mail

HOSTILE: list[dict[str, Any]] = [
    {"raw_command": "open('/tmp/executed', 'w')"},
    {"command": "os.system"},
    {"manage": "shell"},
    {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": '{"command": "os.system"}'}}]},
    {"detail-type": "Scheduled Event", "resources": ["arn:x/os.system"]},
    {"type": "TOKEN", "authorizationToken": "x"},
    {"triggerSource": "x"},
    {"bot": {"name": "x"}},
]


@pytest.fixture
def handed_on(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would reach Zappa, which answers with cookies as it does: each of them several times."""
    seen: list[dict[str, Any]] = []

    def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
        seen.append(event)
        cookies = {"set-cookie": ["a=1", "b=2"], "Set-Cookie": ["a=1", " a=1"], "SEt-Cookie": ["b=2"], "Content-Type": ["text/html"]}
        return {"statusCode": 200, "headers": {"Set-Cookie": "b=2"}, "multiValueHeaders": cookies, "body": ""}

    monkeypatch.setattr("zappa.handler.lambda_handler", lambda_handler)
    return seen


def test_it_works(mailbox: Mailbox) -> None:
    mailbox.put("incoming/s1", mail(1))
    lambdas.indexer(bucket_event(mailbox.bucket, "incoming/s1"), None)
    assert conversations.count("inbox") == 1


def test_the_web_function_hands_a_request_on_and_sets_each_cookie_once(handed_on: list[dict[str, Any]]) -> None:
    answer = lambdas.web(REQUEST, None)
    assert handed_on == [REQUEST]
    assert answer == {"statusCode": 200, "multiValueHeaders": {"Content-Type": ["text/html"], "Set-Cookie": ["a=1", "b=2"]}, "body": ""}


def test_an_answer_without_cookies_stays_as_it_is(handed_on: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zappa.handler.lambda_handler", lambda event, context: {"statusCode": 204})
    assert lambdas.web(REQUEST, None) == {"statusCode": 204}


def test_a_request_passes_through_zappa_to_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zappa_settings", zappa_settings())
    answer = lambdas.web(REQUEST, None)
    assert answer["statusCode"] == 200
    assert "<form" in answer["body"]
    cookies = answer["multiValueHeaders"]["Set-Cookie"]
    assert len(cookies) == len({cookie.partition("=")[0] for cookie in cookies})


@pytest.mark.parametrize("event", [*HOSTILE, {}, None, [], "x", {"httpMethod": "GET"}, {"httpMethod": {}, "requestContext": {}}])
def test_the_web_function_refuses_every_other_event(handed_on: list[dict[str, Any]], event: Any) -> None:
    with pytest.raises(EventRefused):
        lambdas.web(event, None)
    assert handed_on == []


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_fields_of_a_request_never_reach_zappa(handed_on: list[dict[str, Any]], hostile: dict[str, Any]) -> None:
    lambdas.web({**REQUEST, **hostile}, None)
    assert handed_on == [REQUEST]


@pytest.mark.parametrize("event", [*HOSTILE, {}, None, [], "x", 7, {"Records": None}, {"Records": [None, 7, "x", [], {}]}, REQUEST])
def test_the_indexer_and_the_sender_leave_every_other_event_alone(mailbox: Mailbox, event: Any) -> None:
    with watched_calls() as calls:
        lambdas.indexer(event, None)
        lambdas.sender(event, None)
    assert calls.made == []


def test_the_sender_is_given_the_ids_of_the_queue(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    delivered: list[str] = []
    monkeypatch.setattr("sender.deliver.deliver", delivered.append)
    bodies = ['{"outbox": "' + "a" * 32 + '"}', '{"outbox": "../x"}', "{}", None]
    with caplog.at_level(logging.WARNING):
        lambdas.sender({"Records": [{"eventSource": "aws:sqs", "body": body} for body in bodies]}, None)
    assert delivered == ["a" * 32]
    assert len(caplog.records) == 3


def test_the_sender_takes_no_event_of_the_bucket(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sender.deliver.deliver", lambda id: pytest.fail("was called"))
    lambdas.sender(bucket_event(mailbox.bucket, "outbox/" + "a" * 32), None)


def test_a_record_that_fails_does_not_keep_the_others_waiting_and_comes_again(mailbox: Mailbox) -> None:
    for n in (1, 2, 3):
        mailbox.put(f"incoming/s{n}", mail(n))
    event = bucket_event(mailbox.bucket, "incoming/s1", "incoming/s2", "incoming/s3")
    with failing("HeadObject", "SlowDown", times=1), pytest.raises(MailboxNotReachable):
        lambdas.indexer(event, None)
    assert conversations.count("inbox") == 2
    lambdas.indexer(event, None)
    assert conversations.count("inbox") == 3


def test_a_fault_of_ours_keeps_no_record_waiting_and_is_logged_by_its_key(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for n in (1, 2):
        mailbox.put(f"incoming/s{n}", mail(n))

    def faulty(key: str) -> None:
        if key == "incoming/s1":
            raise KeyError("absent")
        index_message(key)

    monkeypatch.setattr("indexer.events.index_message", faulty)
    with pytest.raises(KeyError):
        lambdas.indexer(bucket_event(mailbox.bucket, "incoming/s1", "incoming/s2"), None)
    assert conversations.count("inbox") == 1
    (line,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert line.getMessage() == "Not done, AWS brings it again: the event of 'incoming%2Fs1'"
    assert line.exc_info


def test_the_clock_empties_trash(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    id = mailbox.arrive(mail(1))
    flags.act(conversations.list_page("inbox").rows[0].thread_id, None, lambda now: flags.Flags(folder="trash"))
    monkeypatch.setattr("indexer.erase.TRASH_KEEPS", timedelta(0))
    lambdas.indexer({"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}, None)
    assert conversations.find_message(id) is None


def test_what_ses_tells_of_sent_mail_is_left_alone(mailbox: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    told = {"eventType": "Bounce", "mail": {"messageId": "0100-abc"}, "bounce": {"bounceType": "Permanent"}}
    with watched_calls() as calls, caplog.at_level(logging.INFO):
        lambdas.indexer({"Records": [{"EventSource": "aws:sns", "Sns": {"Message": json.dumps(told)}}]}, None)
    assert calls.made == []
    (line,) = caplog.records
    assert (line.levelname, line.getMessage()) == ("INFO", "Not a receipt of ours, left alone")


SPELLINGS = [
    "X_Viewer_Address",
    "x_viewer_address",
    "X-Viewer_Address",
    "X_Viewer-Address",
    "X-\u017fviewer-Address",
    "X Viewer Address",
    "",
]


@pytest.mark.parametrize("field", ["headers", "multiValueHeaders"])
def test_a02_a23_a_header_by_a_name_that_wsgi_takes_for_another_never_reaches_zappa(handed_on: list[dict[str, Any]], field: str) -> None:
    lambdas.web({**REQUEST, field: {**REQUEST[field], **dict.fromkeys(SPELLINGS, "1.2.3.4")}}, None)
    assert handed_on == [REQUEST]


@pytest.mark.parametrize("absent", [{"headers": None}, {"multiValueHeaders": None}])
def test_a_request_without_headers_is_handed_on(handed_on: list[dict[str, Any]], absent: dict[str, None]) -> None:
    lambdas.web({**REQUEST, **absent}, None)
    assert handed_on == [{**REQUEST, **absent}]


@pytest.mark.parametrize("function", ["indexer", "sender"])
def test_a_function_that_starts_asks_aws_nothing(mailbox: Mailbox, function: str) -> None:
    with watched_calls() as calls:
        lambdas.start(f"postamt.lambdas.{function}")
    gc.unfreeze()
    assert calls.made == []
    assert gc.isenabled()
