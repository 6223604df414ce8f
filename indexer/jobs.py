"""Carrying out jobs: acts on more mail than one request may touch, a portion of messages at a time.

What a job will change in its next conversations is noted first, in portions; each portion is then done, also from its middle or twice: an
act done again changes nothing, and what was noted can be taken back whole. So a run may end anywhere. It ends in time for its Lambda and
announces the rest anew; whatever still fell asleep, the clock wakes (indexer/daily.py).
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from mailbox.store import bucket, jobs
from mailbox.store.acts import Shown, change_of, changes_of
from mailbox.store.aws import at_once
from mailbox.store.flags import Changed, change_messages
from mailbox.store.jobs import Job, Progress
from mailbox.store.keys import state_key
from mailbox.store.models import FlagChange, Message, instant, stamp
from mailbox.store.plans import change_each, foreseen, plan_of, portions
from mailbox.store.undo import joined, take_back

log = logging.getLogger(__name__)

LONGEST = 600.0  # seconds


def carry_out_job(id: str) -> None:
    job = jobs.read(id)
    if job is None:
        return log.warning("jobs/%s.json is no job", id)
    progress = jobs.read_progress(id) or Progress()
    ends = time.monotonic() + LONGEST
    while not progress.finished:
        progress = next_step(id, job, progress)
        jobs.keep_progress(id, progress)
        if not progress.finished and time.monotonic() > ends:
            return jobs.wake(id, job)
    return log.info("Job %s is done: %s conversations changed, %s not reached", id, progress.changed, progress.failed)


def next_step(id: str, job: Job, progress: Progress) -> Progress:
    if job.undoes:
        return take_portion_back(job, progress)
    return do_portion(id, job, progress) if progress.done < progress.noted else note_portions(id, job, progress)


def note_portions(id: str, job: Job, progress: Progress) -> Progress:
    """Notes beforehand what happens to the next conversations. What an earlier run noted, before it died, it may have done."""
    cursors = jobs.next_conversations(job, progress.before)
    if not cursors or progress.noted >= jobs.PORTIONS_MOST:
        return replace(progress, finished=True)
    until = {thread_id: instant(moment) for moment, _, thread_id in (cursor.partition("#") for cursor in cursors)}
    plan = plan_of(
        [*until], lambda thread_id, messages: changes_of(job.act, messages, agreed(job, Shown(until=until[thread_id]), messages))
    )
    noted = joined(jobs.changes_from(id, progress.noted), foreseen(plan))
    number = progress.noted
    for number, portion in enumerate(islice(portions(noted), jobs.PORTIONS_MOST - progress.noted), progress.noted + 1):
        jobs.keep_changes(id, number - 1, portion)
    return replace(progress, before=cursors[plan.taken - 1], noted=number, failed=progress.failed + len(plan.not_reached))


def agreed(job: Job, shown: Shown, messages: Sequence[Message]) -> Shown:
    """What a job may touch of a conversation: all up to its row. For ever it deletes only what lay in Trash when that was asked for: what
    is thrown away while the job is at work, nobody agreed to lose."""
    if job.act.do != "purge":
        return shown
    ids, asked_at = [message.id for message in messages if message.folder == "trash"], job.before.partition("#")[0]
    in_time = at_once(lambda id: was_changed_by(asked_at, id), ids)
    return replace(shown, ids=frozenset(id for id, is_in_time in zip(ids, in_time, strict=True) if is_in_time))


def was_changed_by(moment: str, id: str) -> bool:
    changed_at = bucket.last_modified(state_key(id))
    return changed_at is not None and stamp(changed_at) <= moment


def do_portion(id: str, job: Job, progress: Progress) -> Progress:
    noted = jobs.changes_in(id, progress.done)
    if noted is None:  # no run of ours counted a portion that it did not note
        return replace(progress, finished=True)

    def change(thread_id: str) -> list[Changed]:
        ids = {change.id for change in noted[thread_id]}
        return change_messages(thread_id, lambda found: changes_to(job, ids, found))

    result = change_each(noted, change)
    changes = joined(noted, result.changes)
    if changes != noted:
        jobs.keep_changes(id, progress.done, changes)
    begun = noted.keys() - {progress.last}  # the others were counted with the portion before
    missed = begun & {*result.not_reached}
    return replace(
        progress,
        done=progress.done + 1,
        last=[*noted][-1] if noted else "",
        changed=progress.changed + len(begun - missed),
        failed=progress.failed + len(missed),
    )


def changes_to(job: Job, ids: set[str], messages: Sequence[Message]) -> dict[str, FlagChange]:
    return {message.id: change_of(job.act, message) for message in messages if message.id in ids}


def take_portion_back(job: Job, progress: Progress) -> Progress:
    changes = jobs.changes_in(job.undoes, progress.done)
    if changes is None or progress.done >= jobs.PORTIONS_MOST:
        return replace(progress, finished=True)
    undone = take_back(changes)
    return replace(
        progress,
        done=progress.done + 1,
        last=[*changes][-1] if changes else "",
        changed=progress.changed + undone.conversations - (undone.conversations > 0 and progress.last in changes),
        failed=progress.failed + undone.staying,
    )
