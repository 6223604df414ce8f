"""What a page costs: its AWS calls are counted where they leave the process. The cost never depends on the size of the mailbox."""

import json
from collections import Counter
from typing import Any

import pytest
from botocore.endpoint import Endpoint
from botocore.model import OperationModel
from django.test import Client

from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter, opened, thread_of

COUNTS = 2  # unread in Inbox and in Spam
SENDER = 2  # Queries for what the mailbox knows of a sender, once for each on the page

Calls = Counter[str]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """How often each operation was sent. A COUNT is told from a Query for rows by what it reads; one without a bound is named so."""
    made: Calls = Counter()
    send = Endpoint.make_request

    def counted(endpoint: Endpoint, operation: OperationModel, request: dict[str, Any]) -> Any:
        asked = json.loads(request["body"]) if operation.name == "Query" else {}
        bound = "" if asked.get("Limit", 0 if asked else 1) in range(1, 102) else " without a bound"
        made[("Count" if asked.get("Select") == "COUNT" else operation.name) + bound] += 1
        return send(endpoint, operation, request)

    monkeypatch.setattr(Endpoint, "make_request", counted)
    return made


def test_an_inbox_page_is_one_query_one_batch_get_and_two_counts(reader: Client, mailbox: Mailbox, calls: Calls) -> None:
    for n in range(40):
        mailbox.arrive(letter(n))
    for address in ("/b/inbox/", "/b/inbox/?f=unread", "/b/sent/", "/b/junk/"):
        calls.clear()
        reader.get(address)
        assert calls == {"Query": 1, "BatchGetItem": 1, "Count": COUNTS}


def test_a_conversation_is_one_query_two_for_each_sender_and_one_object_for_each_open_message(
    reader: Client, mailbox: Mailbox, calls: Calls
) -> None:
    ids = [mailbox.arrive(letter(n, answers=0 if n else None)) for n in range(10)]
    address = f"/t/{thread_of(ids[0])}/"
    calls.clear()
    reader.get(address, headers={"Sec-Fetch-Site": "cross-site"})
    assert calls == {"Query": 1 + SENDER, "BatchGetItem": 1, "Count": COUNTS, "GetObject": 6}
    for _ in range(2):
        opened(reader, ids[0])
    calls.clear()
    reader.get(address)
    assert calls == {"Query": 1 + SENDER, "BatchGetItem": 1, "Count": COUNTS, "GetObject": 1}


def test_a_page_with_remote_images_asks_once_whose_are_shown_and_each_frame_once_more(
    reader: Client, mailbox: Mailbox, calls: Calls
) -> None:
    html = "<table><tr><td>Bowls</table><img src='https://shop.example/bowl.png' width=300>"
    ids = [mailbox.arrive(letter(n, answers=0 if n else None, html=html)) for n in range(3)]
    address = f"/t/{thread_of(ids[0])}/"
    calls.clear()
    reader.get(address, headers={"Sec-Fetch-Site": "cross-site"})
    assert calls == {"Query": 1 + SENDER, "BatchGetItem": 1, "Count": COUNTS, "GetObject": 3 + 1}
    calls.clear()
    reader.get(f"/m/{ids[0]}/body")
    assert calls["GetObject"] == 2


@pytest.mark.parametrize("page", ["reading", "senders", "labels"])
def test_a_settings_page_reads_one_object(reader: Client, calls: Calls, page: str) -> None:
    calls.clear()
    reader.get(f"/settings/{page}/")
    assert calls == {"BatchGetItem": 1, "Count": COUNTS, "GetObject": 1}


def test_the_list_beside_a_conversation_is_one_query_more(reader: Client, mailbox: Mailbox, calls: Calls) -> None:
    id = mailbox.arrive(letter())
    opened(reader, id)
    reader.cookies["pane"] = "split"
    address = f"/t/{thread_of(id)}/"
    calls.clear()
    reader.get(address)
    assert calls == {"Query": 2 + SENDER, "BatchGetItem": 1, "Count": COUNTS, "GetObject": 1}


def test_a_fragment_is_one_query_two_for_its_sender_and_one_object(reader: Client, mailbox: Mailbox, calls: Calls) -> None:
    ids = [mailbox.arrive(letter(n, answers=0 if n else None)) for n in range(3)]
    opened(reader, ids[0])
    address = f"/t/{thread_of(ids[0])}/"
    calls.clear()
    reader.get(address, {"open": ids[0]}, headers={"X-Fragment": "1"})
    assert calls == {"Query": 1 + SENDER, "BatchGetItem": 1, "GetObject": 1}


def test_the_key_map_reads_no_mail(reader: Client, calls: Calls) -> None:
    calls.clear()
    reader.get("/help/shortcuts/")
    assert calls == {"BatchGetItem": 1, "Count": COUNTS}


def test_the_composer_reads_its_original_once_and_sending_adds_one_object_and_one_message(
    reader: Client, mailbox: Mailbox, calls: Calls
) -> None:
    fields = {"re": mailbox.arrive(letter(1)), "mode": "reply", "from_": "me@example.com", "to": "ann@example.org", "do": "send"}
    calls.clear()
    reader.get("/compose/", {"re": fields["re"], "mode": "reply"})
    assert calls == {"Query without a bound": 1, "GetItem": 1, "GetObject": 1, "BatchGetItem": 1, "Count": COUNTS}
    calls.clear()
    assert reader.post("/compose/", fields).status_code == 303
    assert calls == {"Query without a bound": 1, "GetItem": 1, "GetObject": 1, "BatchGetItem": 1, "PutObject": 1, "SendMessage": 1}
