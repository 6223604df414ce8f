"""Acts on all of a list: at once where it is short, as a job of the indexer where it is long, and the way back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from mailbox.store import conversations, jobs
from mailbox.store.acts import Act
from mailbox.store.aws import client
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.flags import Changed
from mailbox.store.jobs import Job, Progress
from postamt import lambdas
from tests.unit.acting import act_on
from tests.unit.calls import watched_calls
from tests.unit.in_memory import Mailbox
from tests.unit.pages.forms import hidden, toast, undo, values
from tests.unit.pages.letters import letter
from tests.unit.pages.seen import all_words, elements, link

ANY = f"2026-11-24T00:00:00Z#{'0' * 32}"
SCHEDULE = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
NO_THREADS: list[Any] = [[], [[]], ["x"], "x", {}]
FOR_ALL = {"act": {"do": "archive"}, "listing": "inbox", "before": ANY}


def fill(mailbox: Mailbox, count: int) -> None:
    for n in range(count):
        mailbox.arrive(letter(n))


def counts() -> dict[str, int]:
    return {box: conversations.count(box) for box in ("inbox", "archive")}


def on_all(reader: Client, **button: str) -> Any:
    page = reader.get("/b/inbox/?select=all").text
    return reader.post("/act/", hidden(page) | {"t": values(page), "all": "25"} | button, follow=True)


def run_jobs(mailbox: Mailbox) -> None:
    """S3 tells of the jobs that were put."""
    found = client("s3").list_objects_v2(Bucket=mailbox.bucket, Prefix="jobs/").get("Contents", [])
    mailbox.tell(*[item["Key"] for item in found])


def test_a_list_of_one_page_offers_no_more_than_its_page(reader: Client, mailbox: Mailbox) -> None:
    fill(mailbox, 2)
    assert "Select all in Inbox" not in all_words(reader.get("/b/inbox/?select=all").text)


def test_up_to_fifty_conversations_are_done_at_once(reader: Client, mailbox: Mailbox) -> None:
    fill(mailbox, 30)
    assert "Select all in Inbox" in all_words(reader.get("/b/inbox/?select=all").text)
    page = on_all(reader, do="archive").text
    assert toast(page) == "30 conversations archived. Undo"
    assert counts() == {"inbox": 0, "archive": 30}
    undo(reader, page)
    assert counts() == {"inbox": 30, "archive": 0}


def test_all_means_all_only_while_the_whole_page_is_ticked(reader: Client, mailbox: Mailbox) -> None:
    fill(mailbox, 30)
    page = reader.get("/b/inbox/?select=all").text
    reader.post("/act/", hidden(page) | {"t": values(page)[1:], "all": "25", "do": "archive"})
    assert counts() == {"inbox": 6, "archive": 24}


def test_mail_that_came_after_the_page_was_made_is_not_part_of_all(reader: Client, mailbox: Mailbox) -> None:
    fill(mailbox, 30)
    page = reader.get("/b/inbox/?select=all").text
    mailbox.arrive(letter(99, at=datetime.now(UTC) + timedelta(minutes=1)))
    reader.post("/act/", hidden(page) | {"t": values(page), "all": "25", "do": "archive"})
    assert counts()["inbox"] == 1


def test_more_become_a_job_that_tells_how_far_it_is_and_can_be_taken_back(reader: Client, mailbox: Mailbox) -> None:
    fill(mailbox, 60)
    page = on_all(reader, do="archive").text
    assert toast(page).startswith("This is being done for all conversations")
    assert counts() == {"inbox": 60, "archive": 0}
    run_jobs(mailbox)
    page = reader.get(link(page, "Look again")).text
    assert toast(page) == "60 conversations archived. Undo"
    assert counts() == {"inbox": 0, "archive": 60}
    page = undo(reader, page).text
    run_jobs(mailbox)
    assert counts() == {"inbox": 60, "archive": 0}
    assert toast(reader.get(link(page, "Look again")).text) == "Undone: 60 conversations."


def test_a_job_goes_on_where_it_broke_off(reader: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(mailbox, 60)
    page = on_all(reader, do="read").text
    monkeypatch.setattr("indexer.jobs.LONGEST", -1.0)
    left: list[int] = []
    while not left or left[-1]:
        run_jobs(mailbox)
        left.append(conversations.count("inbox.unread"))
    assert left == [60, 10, 10, 0]  # noted, done, noted, done
    run_jobs(mailbox)
    assert conversations.count("inbox.unread") == 0
    assert toast(reader.get(link(page, "Look again")).text) == "60 conversations marked as read. Undo"


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_portion_that_died_in_its_middle_can_be_taken_back_whole(
    reader: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    fill(mailbox, 60)
    page = on_all(reader, do="archive").text

    def dying(threads: Mapping[str, Any], change: Callable[[str], list[Changed]]) -> None:
        for thread_id in list(threads)[:30]:
            change(thread_id)
        raise MailboxNotReachable("the machine is gone")

    monkeypatch.setattr("indexer.jobs.change_each", dying)
    if not is_kept:  # as where an event was delivered twice, and the other run has not kept its progress yet
        monkeypatch.setattr("mailbox.store.jobs.keep_progress", lambda *_: None)
    with pytest.raises(MailboxNotReachable):
        run_jobs(mailbox)
    assert counts() == {"inbox": 30, "archive": 30}
    monkeypatch.undo()
    run_jobs(mailbox)
    page = reader.get(link(page, "Look again")).text
    assert toast(page) == "60 conversations archived. Undo"
    undo(reader, page)
    run_jobs(mailbox)
    assert counts() == {"inbox": 60, "archive": 0}


def test_a_job_is_taken_back_within_ten_minutes_of_its_end_as_any_act(
    reader: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.arrive(letter(1))
    id = jobs.start(Job(Act("archive"), "inbox", f"9999-01-01T00:00:00Z#{'f' * 32}"))

    def press_undo() -> str:
        return toast(reader.post("/undo/", {"u": f"job-{id}"}, follow=True).text)

    assert press_undo() == "This can no longer be undone."  # it did not end yet
    run_jobs(mailbox)
    with monkeypatch.context() as patch:
        patch.setattr("mailbox.pages.acts.timezone.now", lambda: datetime.now(UTC) + timedelta(minutes=10, seconds=1))
        assert press_undo() == "This can no longer be undone."
    run_jobs(mailbox)
    assert counts() == {"inbox": 0, "archive": 1}
    press_undo()
    run_jobs(mailbox)
    assert counts() == {"inbox": 1, "archive": 0}


def test_a_job_that_fell_asleep_is_woken_by_the_clock(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox.arrive(letter(1))
    id = jobs.start(Job(Act("archive"), "inbox", f"9999-01-01T00:00:00Z#{'f' * 32}"))
    mailbox.put("jobs/" + "0" * 32 + ".json", b"no job")
    assert jobs.wake_sleeping(datetime.now(UTC)) == 0
    with watched_calls() as calls:
        lambdas.indexer(SCHEDULE, None)
        monkeypatch.setattr("mailbox.store.jobs.SLEEPS", timedelta(seconds=-1))
        lambdas.indexer(SCHEDULE, None)
    assert [parameters["Key"] for _, operation, parameters in calls.made if operation == "PutObject"] == [f"jobs/{id}.json"]
    run_jobs(mailbox)
    assert counts() == {"inbox": 0, "archive": 1}
    assert jobs.wake_sleeping(datetime.now(UTC)) == 0


def test_what_is_thrown_away_while_trash_is_emptied_stays_in_trash(mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(1, at=datetime(2020, 1, 1, tzinfo=UTC)))
    message = conversations.find_message(id)
    assert message
    act_on(message.thread_id, "trash", "inbox")
    for asked_at, left in (("2021-01-01T00:00:00Z", 1), ("9999-01-01T00:00:00Z", 0)):
        jobs.start(Job(Act("purge", "trash"), "trash", f"{asked_at}#{'f' * 32}"))
        run_jobs(mailbox)
        assert conversations.count("trash") == left


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"act": {}}',
        b'{"act": {"do": "archive", "box": "", "label": ""}, "listing": "../x", "before": "", "words": "", "undoes": ""}',
        b'{"act": {"do": "format", "box": "", "label": ""}, "listing": "inbox", "before": "", "words": "", "undoes": ""}',
        b'{"act": {"do": 1, "box": "", "label": ""}, "listing": "inbox", "before": "", "words": "", "undoes": ""}',
        b'{"act": {"do": "archive"}, "listing": "inbox", "before": "", "shell": "rm"}',
        *(json.dumps({**FOR_ALL, "listing": "", "threads": threads}).encode() for threads in NO_THREADS),
        json.dumps({**FOR_ALL, "threads": [ANY, ANY]}).encode(),
        json.dumps({**FOR_ALL, "threads": [f"2026-11-24T00:00:00Z#{n:032}" for n in range(51)]}).encode(),
        json.dumps({**FOR_ALL, "before": f"2026-99-99T00:00:00Z#{'0' * 32}"}).encode(),
    ],
)
def test_what_is_no_job_is_not_carried_out(mailbox: Mailbox, body: bytes) -> None:
    fill(mailbox, 1)
    id = "0" * 32
    mailbox.tell(mailbox.put(f"jobs/{id}.json", body))
    assert jobs.read(id) is None
    assert counts() == {"inbox": 1, "archive": 0}


@pytest.mark.parametrize(
    "wrong",
    [
        {"before": 1},
        {"before": "x"},
        {"before": f"2026-99-99T00:00:00Z#{'0' * 32}"},
        {"noted": True},
        {"done": -1},
        {"last": None},
        {"x": 1},
    ],
)
def test_what_is_no_progress_lets_a_job_begin_anew(mailbox: Mailbox, wrong: dict[str, Any]) -> None:
    fill(mailbox, 1)
    body = json.dumps({**asdict(Progress(finished=True)), **wrong}).encode()
    id = jobs.start(Job(Act("archive"), "inbox", f"9999-01-01T00:00:00Z#{'f' * 32}"))
    mailbox.put(f"jobs/{id}/progress", body)
    run_jobs(mailbox)
    assert counts() == {"inbox": 0, "archive": 1}


@pytest.mark.parametrize("kept", ["x", [[1]], [["id", ["nowhere", True, True, [], [], 1], ["inbox", True, True, [], [], 2]]]])
def test_what_no_job_changed_is_not_taken_back(mailbox: Mailbox, kept: Any) -> None:
    fill(mailbox, 1)
    undone = "1" * 32
    for thread_id in ("0" * 32, "x" * 3_000):
        mailbox.put(f"jobs/{undone}/000000", json.dumps({thread_id: kept}).encode())
        id = jobs.start(Job(Act("archive"), "", "", undoes=undone))
        mailbox.tell(f"jobs/{id}.json")
        progress = jobs.read_progress(id)
        assert (progress and progress.finished, counts()) == (True, {"inbox": 1, "archive": 0})


def asked(reader: Client, page: str) -> Any:
    """What a script gets that asks for the job the toast of this page tells of."""
    (url,) = [found["data-job"] for found in elements(page, "div") if "data-job" in found]
    return reader.get(url, headers={"X-Fragment": "1", "X-Background": "1"})


def test_a_script_learns_without_a_reload_how_far_a_job_is(reader: Client, mailbox: Mailbox) -> None:
    fill(mailbox, 60)
    page = on_all(reader, do="archive").text
    waiting = asked(reader, page).text
    assert toast(waiting) == "Still at work.Look again"
    run_jobs(mailbox)
    done = asked(reader, waiting).text
    assert toast(done) == "60 conversations archived. Undo"
    assert "data-job" not in done
    assert hidden(done, "data-undo")["next"].startswith("/b/inbox/")
    undo(reader, done)


def test_without_a_script_the_address_of_a_job_leads_to_a_page_that_tells(reader: Client, mailbox: Mailbox) -> None:
    fill(mailbox, 60)
    page = on_all(reader, do="archive").text
    url = next(found["data-job"] for found in elements(page, "div") if "data-job" in found)
    answer = reader.get(url.partition("&next=")[0] + "&next=//evil.example/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/b/inbox/?u=")
    assert toast(answer.text) == "Still at work.Look again"


def test_of_what_is_no_job_nothing_is_known_and_no_script_asks_again(reader: Client, mailbox: Mailbox) -> None:
    for id in ("0" * 32, "labels", "x" * 255):
        for answer in (reader.get(f"/jobs/?id={id}", headers={"X-Fragment": "1"}), reader.get(f"/jobs/?id={id}", follow=True)):
            assert toast(answer.text) == "Nothing is known of this task any more."
            assert "data-job" not in answer.text
