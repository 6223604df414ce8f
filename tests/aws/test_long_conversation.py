"""A conversation of 1,200 messages on the local AWS: what one request may do of it, and what a job does at a time."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from indexer.jobs import carry_out_job
from indexer.rebuild import every_mail, rebuild
from mailbox.store import bucket, conversations, jobs
from mailbox.store.acts import Act, Shown, changes_of
from mailbox.store.aws import at_once, client
from mailbox.store.jobs import Job
from mailbox.store.models import create_table
from mailbox.store.plans import plan_of
from tests.unit.calls import Calls, watched_calls
from tests.unit.in_memory import forget_clients
from tests.unit.pages.letters import letter

LENGTH = 1_200


@pytest.fixture
def thread_id(post_office: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """In a bucket and a table of its own, which nobody's events reach."""
    forget_clients()
    settings.POSTAMT_TABLE = settings.POSTAMT_BUCKET = f"long-{os.getpid()}"
    create_table()
    client("s3").create_bucket(Bucket=settings.POSTAMT_BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    at_once(lambda n: bucket.put(f"incoming/ses{n}", letter(n, answers=0 if n else None)), range(LENGTH))
    list(rebuild(every_mail(), workers=4))
    monkeypatch.setattr("indexer.jobs.LONGEST", -1.0)
    yield conversations.list_page("inbox").rows[0].thread_id
    forget_clients()


def written(calls: Calls) -> tuple[int, int]:
    """How many states were put and how many messages were committed."""
    states = sum(name == "PutObject" and parameters["Key"].startswith("state/") for _, name, parameters in calls.made)
    items = [item for _, name, parameters in calls.made if name == "TransactWriteItems" for item in parameters["TransactItems"]]
    return states, sum("Update" in item and item["Update"]["Key"]["sk"]["S"].startswith("m#") for item in items)


def test_it_is_done_and_taken_back_five_hundred_messages_at_a_time(thread_id: str) -> None:
    archive, anything = Act("archive", "inbox"), Shown()
    with watched_calls() as calls:
        plan = plan_of([thread_id], lambda _, messages: changes_of(archive, messages, anything))
    assert (plan.fits, written(calls)) == (False, (0, 0))
    cursor = conversations.list_page("inbox").rows[0].cursor
    before = f"9999-01-01T00:00:00Z#{'f' * 32}"
    job = jobs.start(Job(archive, "", before, threads=(cursor,)))
    back = jobs.start(Job(archive, "", before, undoes=job))
    for id, box in ((job, "archive"), (back, "inbox")):
        done = []
        while not jobs.is_finished(id):
            with watched_calls() as calls:
                carry_out_job(id)
            done.append(written(calls))
        assert [one for one in done if any(one)] == [(500, 500), (500, 500), (200, 200)]
        assert {message.folder for message in conversations.every_message(thread_id)} == {box}
