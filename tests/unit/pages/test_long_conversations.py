"""Acts on more messages than one request may touch: the request writes none of them, and a job does a portion at a time."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from indexer.rebuild import every_mail, rebuild
from mailbox.store import conversations
from tests.unit.calls import Calls, watched_calls
from tests.unit.in_memory import Mailbox
from tests.unit.pages.forms import hidden, toast, undo, values
from tests.unit.pages.letters import letter
from tests.unit.pages.seen import link
from tests.unit.pages.test_jobs import run_jobs

LENGTH, PORTION = 120, 50  # for 1,200 and 500, which take an in-memory table minutes


@pytest.fixture
def long(reader: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> str:
    """A conversation of many letters and two answers of the owner; and a short one. The id of the long one."""
    monkeypatch.setattr("mailbox.store.plans.MESSAGES_MOST", PORTION)
    for n in range(LENGTH):
        mailbox.put(f"incoming/ses{n}", letter(n, answers=0 if n else None))
    for n in (9_001, 9_002):
        mailbox.put(f"sent/out{n}", letter(n, answers=0, sender="me@example.com", to="Ann <ann@example.org>"))
    mailbox.put("incoming/other", letter(9_003))
    list(rebuild(every_mail(), workers=2))
    return next(row.thread_id for row in conversations.list_page("inbox").rows if row.count > 1)


def folders(thread_id: str) -> dict[str, int]:
    found = [message.folder for message in conversations.every_message(thread_id)]
    return {folder: found.count(folder) for folder in set(found)}


def states_written(calls: Calls) -> int:
    return sum(operation == "PutObject" and parameters["Key"].startswith("state/") for _, operation, parameters in calls.made)


def messages_committed(calls: Calls) -> int:
    items = [item for _, name, parameters in calls.made if name == "TransactWriteItems" for item in parameters["TransactItems"]]
    return sum("Update" in item and item["Update"]["Key"]["sk"]["S"].startswith("m#") for item in items)


def steps(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Calls]:
    """The runs of a job whose time is up after each step."""
    with monkeypatch.context() as patch:
        patch.setattr("indexer.jobs.LONGEST", -1.0)
        for _ in range(6):
            with watched_calls() as calls:
                run_jobs(mailbox)
            yield calls


def press_all(reader: Client, **button: str) -> Any:
    page = reader.get("/b/inbox/").text
    return reader.post("/act/", hidden(page) | {"t": values(page)} | button, follow=True)


def test_an_act_on_a_long_conversation_is_a_job_of_portions_that_is_undone_in_portions(
    reader: Client, mailbox: Mailbox, long: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watched_calls() as calls:
        page = press_all(reader, do="trash").text
    assert toast(page).startswith("This is a lot of mail, so it takes a while.")
    assert (states_written(calls), messages_committed(calls)) == (0, 0)
    done = [(states_written(calls), messages_committed(calls)) for calls in steps(mailbox, monkeypatch)]
    assert [one for one in done if one != (0, 0)] == [(50, 50), (50, 50), (21, 21)]
    assert folders(long) == {"trash": LENGTH, "sent": 2}
    page = reader.get(link(page, "Look again")).text
    assert toast(page) == "2 conversations moved to Trash. Undo"
    page = undo(reader, page).text
    undone = [(states_written(calls), messages_committed(calls)) for calls in steps(mailbox, monkeypatch)]
    assert [one for one in undone if one != (0, 0)] == [(50, 50), (50, 50), (21, 21)]
    assert folders(long) == {"inbox": LENGTH, "sent": 2}
    assert toast(reader.get(link(page, "Look again")).text) == "Undone: 2 conversations."


def test_a_portion_that_died_in_its_middle_is_done_again_and_nothing_else(
    reader: Client, mailbox: Mailbox, long: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = press_all(reader, do="trash").text
    runs = steps(mailbox, monkeypatch)
    next(runs), next(runs)
    assert folders(long) == {"inbox": LENGTH - PORTION + 1, "trash": PORTION - 1, "sent": 2}
    with monkeypatch.context() as patch:  # all was done, and its progress could not be kept
        patch.setattr("mailbox.store.jobs.keep_progress", lambda *_: None)
        next(runs)
    assert [states_written(calls) for calls in runs][:2] == [0, 21]
    assert folders(long) == {"trash": LENGTH, "sent": 2}
    assert toast(reader.get(link(page, "Look again")).text) == "2 conversations moved to Trash. Undo"


def test_few_messages_of_a_long_conversation_are_changed_at_once(reader: Client, mailbox: Mailbox, long: str) -> None:
    with watched_calls() as calls:
        page = press_all(reader, do="star").text
    assert toast(page) == "Star added to 2 conversations. Undo"
    assert states_written(calls) == 2
