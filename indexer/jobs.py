"""Carrying out jobs: acts on all of a listing, fifty conversations at a time.

Before each batch it is written down what it is going to change, after it what it did and how far the job came. A run ends in time for its
Lambda and announces the rest anew; a run that died is repeated by its event, and an act done twice changes nothing: so what was done half
can be taken back whole.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from mailbox.store import bucket, conversations, jobs
from mailbox.store.acts import Shown
from mailbox.store.aws import at_once
from mailbox.store.flags import carry_out, foreseen
from mailbox.store.jobs import Job, Progress
from mailbox.store.keys import state_key
from mailbox.store.listings import ListedRow
from mailbox.store.models import stamp
from mailbox.store.undo import joined, take_back

log = logging.getLogger(__name__)

BATCH, LONGEST = 50, 60.0  # conversations; seconds


def carry_out_job(id: str) -> None:
    job = jobs.read(id)
    if job is None:
        return log.warning("jobs/%s.json is no job", id)
    progress = jobs.read_progress(id) or Progress(job.before)
    work: Callable[[str, Job, Progress], Progress] = take_back_batch if job.undoes else do_batch
    ends = time.monotonic() + LONGEST
    while not progress.finished:
        if time.monotonic() > ends:
            return jobs.wake(id, job)
        progress = work(id, job, progress)
        jobs.keep_progress(id, progress)
    log.info("Job %s is done: %s conversations changed, %s not reached", id, progress.changed, progress.failed)
    return None


def do_batch(id: str, job: Job, progress: Progress) -> Progress:
    page = conversations.list_page(job.listing, before=progress.before, limit=BATCH)
    shown = {row.thread_id: one for row, one in zip(page.rows, at_once(partial(agreed, job), page.rows), strict=True)}
    noted = joined(jobs.changes_in(id, progress.batches) or {}, foreseen(job.act, shown))
    jobs.keep_changes(id, progress.batches, noted)
    result = carry_out(job.act, shown)
    changes = joined(noted, result.changes)
    if changes != noted:
        jobs.keep_changes(id, progress.batches, changes)
    return Progress(
        before=page.older or progress.before,
        batches=progress.batches + 1,
        changed=progress.changed + max(0, len(changes) - result.not_reached),
        failed=progress.failed + result.not_reached,
        finished=page.older is None,
    )


def agreed(job: Job, row: ListedRow) -> Shown:
    """What a job may touch of a conversation: all up to its row. For ever it deletes only what lay in Trash when that was asked for: what
    is thrown away while the job is at work, nobody agreed to lose."""
    shown, asked_at = Shown(until=row.received_at), job.before.partition("#")[0]
    if job.act.do != "purge":
        return shown
    ids = (message.id for message in conversations.every_message(row.thread_id) if message.folder == "trash")
    return replace(shown, ids=frozenset(id for id in ids if was_changed_by(asked_at, id)))


def was_changed_by(moment: str, id: str) -> bool:
    changed_at = bucket.last_modified(state_key(id))
    return changed_at is not None and stamp(changed_at) <= moment


def take_back_batch(_id: str, job: Job, progress: Progress) -> Progress:
    changes = jobs.changes_in(job.undoes, progress.batches)
    if changes is None:
        return replace(progress, finished=True)
    undone = take_back(changes)
    return replace(
        progress,
        batches=progress.batches + 1,
        changed=progress.changed + undone.conversations,
        failed=progress.failed + undone.staying,
    )
