"""Jobs that a stolen web role wrote cost the indexer little, and the daily round goes on past them."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from indexer import daily
from mailbox.store import bucket, jobs
from mailbox.store.acts import Act
from mailbox.store.jobs import Job, Progress
from mailbox.store.keys import changes_key, job_key, progress_key
from tests.unit.calls import watched_calls
from tests.unit.in_memory import Mailbox, mail

FOR_ALL = Job(Act("read", "inbox"), "inbox", f"9999-01-01T00:00:00Z#{'f' * 32}")
CHANGE = [["inbox", False, False, [], [], 0], ["inbox", True, False, [], [], 1]]


def later(**time: float) -> datetime:
    return datetime.now(UTC) + timedelta(**time)


def put_progress(mailbox: Mailbox, id: str, **fields: Any) -> None:
    mailbox.put(progress_key(id), json.dumps({**asdict(Progress()), **fields}).encode())


@pytest.mark.parametrize("noted", [10_000, 10**9, 10**3_000])
def test_portions_that_nobody_noted_keep_no_job_at_work(mailbox: Mailbox, noted: int) -> None:
    mailbox.arrive(mail(1))
    id = jobs.start(FOR_ALL)
    put_progress(mailbox, id, noted=noted)
    with watched_calls() as calls:
        mailbox.tell(job_key(id))
    progress = jobs.read_progress(id)
    assert progress
    assert progress.finished
    assert len(calls.made) < 30


@pytest.mark.parametrize("id", [["q"], {}, "../x", "x"])
def test_changes_of_no_mail_are_none(mailbox: Mailbox, id: Any) -> None:
    undone = jobs.start(FOR_ALL)
    mailbox.put(changes_key(undone, 0), json.dumps({"f" * 32: [[id, *CHANGE]]}).encode())
    assert jobs.changes_in(undone, 0) == {}


def test_a_portion_over_its_bound_is_not_read_whole(mailbox: Mailbox) -> None:
    id = jobs.start(FOR_ALL)
    mailbox.put(job_key(id), json.dumps(asdict(FOR_ALL)).encode() + b" " * 70_000)
    assert jobs.read(id) is None


def test_what_one_step_notes_is_bounded(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbox.store.jobs.NOTED_MOST", 3)
    id = jobs.start(FOR_ALL)
    for n in range(9):
        mailbox.put(changes_key(id, n), json.dumps({f"{n:032}": [[f"incoming-{n}", *CHANGE]]}).encode())
    assert len(jobs.changes_from(id, 0)) == 3


def test_a_job_that_did_not_end_in_a_week_sleeps_for_ever(mailbox: Mailbox) -> None:
    jobs.start(FOR_ALL)
    assert [jobs.wake_sleeping(later(days=days)) for days in (6, 8)] == [1, 0]


def test_no_round_wakes_more_jobs_than_it_may(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbox.store.jobs.WAKEN_MOST", 2)
    for _ in range(3):
        jobs.start(FOR_ALL)
    assert jobs.wake_sleeping(later(hours=2)) == 2


def test_a_sweep_that_fails_keeps_no_job_asleep(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: datetime) -> int:
        raise RuntimeError("broken")

    monkeypatch.setattr("indexer.daily.sweep", failing)
    id = jobs.start(FOR_ALL)
    with watched_calls() as calls, pytest.raises(RuntimeError):
        daily.do_what_is_due(later(hours=2))
    assert job_key(id) in [parameters["Key"] for _, operation, parameters in calls.made if operation == "PutObject"]
    assert bucket.exists(job_key(id))
