"""Jobs: acts on more mail than one request can touch. The web writes `jobs/<id>.json`, the indexer carries it out.

Beside a job lie its progress and, portion by portion, what it changes; so it goes on where it broke off, and taking it back is a job too,
for as long as any act may be undone. What the web wrote is read as hostile.
"""

import json
import logging
import re
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from mailbox.store import bucket
from mailbox.store.acts import DOES, Act
from mailbox.store.conversations import CURSOR, THREAD_ID, list_page
from mailbox.store.keys import JOBS_PREFIX, changes_key, job_key, new_id, progress_key
from mailbox.store.models import FOLDERS, WORD, instant
from mailbox.store.receipts import object_in
from mailbox.store.undo import LASTS, Changes, joined, packed, unpacked

log = logging.getLogger(__name__)

OBJECT_BYTES, CHANGES_BYTES = 64_000, 8_000_000
ID = re.compile(r"[0-9a-f]{32}")
KEY = re.compile(job_key(f"({ID.pattern})").replace(".", r"\."))
LISTING = re.compile(rf"(?:{'|'.join(FOLDERS)}|starred|label:[a-z0-9-]{{1,50}})(?:\.(?:unread|starred|files))?")
CONVERSATIONS = 50  # looked at before what was found is done
PORTIONS_MOST, COUNT_MOST = 10_000, 10**9
NOTED_MOST = 10_000  # messages of one step's portions, which go through memory
SLEEPS = timedelta(hours=1)  # without a step, whatever the reason
TIRES = timedelta(days=7)  # since it was begun: what did not end by then never will
WAKEN_MOST, WAKING = 100, 60.0  # jobs, seconds


@dataclass(frozen=True, slots=True)
class Job:
    """An act on all of a listing that is older than the cursor `before`; or on the conversations named by `threads`, each by the cursor of
    its row, as they were at the moment of `before`; or the taking back of another job. `deletes` is the name of the label that was
    deleted with it."""

    act: Act
    listing: str
    before: str
    words: str = ""  # what is said when it is done, with `{}` for the number
    undoes: str = ""
    deletes: str = ""
    threads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job came: the cursor to go on from, how many portions it noted and did, the conversation it was in last, and how many it
    changed and could not reach."""

    before: str = ""
    noted: int = 0
    done: int = 0
    last: str = ""
    changed: int = 0
    failed: int = 0
    finished: bool = False


KINDS = {name: type(value) for name, value in asdict(Progress()).items()}


def start(job: Job) -> str:
    id = new_id()
    bucket.put(job_key(id), json.dumps(asdict(job)).encode(), if_none_match="*")
    return id


def wake(id: str, job: Job) -> None:
    """Written again, a job is announced again: so it goes on in another run."""
    bucket.put(job_key(id), json.dumps(asdict(job)).encode())


def id_in(key: str) -> str | None:
    found = KEY.fullmatch(key)
    return found[1] if found else None


def wake_sleeping(now: datetime) -> int:
    """Wakes jobs that did not end and did nothing for a while; answers with how many. Which of too many does not matter: tomorrow those
    that were woken sleep no more."""
    woken, ends = 0, time.monotonic() + WAKING
    for id in sleeping(now, ends):
        if woken == WAKEN_MOST or time.monotonic() > ends:
            log.warning("More jobs sleep than are woken at once; the next round goes on")
            break
        if can_go_on(id, now) and (job := read(id)):
            wake(id, job)
            woken += 1
    return woken


def sleeping(now: datetime, ends: float) -> list[str]:
    steps: dict[str, datetime] = {}
    for found in bucket.objects(JOBS_PREFIX):
        id = found.key.removeprefix(JOBS_PREFIX)[:32]
        steps[id] = max(found.last_modified, steps.get(id, found.last_modified))
        if time.monotonic() > ends:
            break
    return [id for id, last in steps.items() if now - last > SLEEPS and ID.fullmatch(id)]


def can_go_on(id: str, now: datetime) -> bool:
    """S3's word for when it was begun counts, because each waking writes the job anew."""
    if is_finished(id):
        return False
    begun_at = bucket.first_written(job_key(id))
    return begun_at is not None and now - begun_at <= TIRES


def is_finished(id: str) -> bool:
    progress = read_progress(id)
    return progress is not None and progress.finished


def can_be_undone(id: str, now: datetime) -> bool:
    """For as long after its end as any other act. The web may write the progress, but it may also undo without asking."""
    ended_at = bucket.last_modified(progress_key(id)) if is_finished(id) else None
    return ended_at is not None and now - ended_at < timedelta(seconds=LASTS)


def next_conversations(job: Job, before: str) -> list[str]:
    """The cursors of the conversations that come after the cursor `before`, or of the first; none where that was the last."""
    if job.threads:
        return list(job.threads[job.threads.index(before) + 1 :] if before in job.threads else job.threads)
    return [row.cursor for row in list_page(job.listing, before=before or job.before, limit=CONVERSATIONS).rows]


def read(id: str) -> Job | None:
    fields = fields_of(job_key(id), OBJECT_BYTES) if ID.fullmatch(id) else None
    if not fields or not isinstance(fields.get("act"), dict) or not isinstance(fields.get("threads", []), list):
        return None
    act, threads = fields.pop("act"), tuple(fields.pop("threads", ()))
    if not all(isinstance(value, str) for value in (*act.values(), *threads, *fields.values())):
        return None
    try:
        job = Job(Act(**act), threads=threads, **fields)
    except TypeError:
        return None
    return job if job.undoes or is_sound(job) else None


def is_sound(job: Job) -> bool:
    """Whether it is an act of ours on a listing, or on as many conversations as a page posts, each once."""
    different = {cursor.partition("#")[2] for cursor in job.threads}
    names_mail = len(different) == len(job.threads) <= CONVERSATIONS if job.threads else LISTING.fullmatch(job.listing)
    if job.act.label and not WORD.fullmatch(job.act.label):
        return False
    return job.act.do in DOES and bool(names_mail) and all(is_cursor(cursor) for cursor in (job.before, *job.threads))


def is_cursor(text: str) -> bool:
    try:
        return bool(CURSOR.fullmatch(text) and instant(text.partition("#")[0]))
    except ValueError:
        return False


def read_progress(id: str) -> Progress | None:
    """None also where it is no progress: the job then begins anew, and what was done is not done twice."""
    fields = fields_of(progress_key(id), OBJECT_BYTES) if ID.fullmatch(id) else None
    if not fields or {name: type(value) for name, value in fields.items()} != KINDS or not is_progress(Progress(**fields)):
        return None
    return Progress(**fields)


def is_progress(progress: Progress) -> bool:
    counts_portions = max(progress.noted, progress.done) <= PORTIONS_MOST
    counts = min(progress.noted, progress.done, progress.changed, progress.failed) >= 0 and counts_portions
    return counts and max(progress.changed, progress.failed) <= COUNT_MOST and (not progress.before or is_cursor(progress.before))


def keep_progress(id: str, progress: Progress) -> None:
    bucket.put(progress_key(id), json.dumps(asdict(progress)).encode())


def keep_changes(id: str, portion: int, changes: Changes) -> None:
    bucket.put(changes_key(id, portion), json.dumps(packed(changes)).encode())


def changes_from(id: str, portion: int) -> Changes:
    """What this portion of a job and those that follow changed, as far as one step notes."""
    changes: Changes = {}
    while sum(map(len, changes.values())) < NOTED_MOST and (more := changes_in(id, portion)) is not None:
        changes, portion = joined(changes, more), portion + 1
    return changes


def changes_in(id: str, portion: int) -> Changes | None:
    """What a portion of a job changed; None if there was no such portion, nothing where it cannot be read."""
    fields = fields_of(changes_key(id, portion), CHANGES_BYTES) if ID.fullmatch(id) else None
    if fields is None:
        return None
    try:
        return unpacked({thread_id: those for thread_id, those in fields.items() if THREAD_ID.fullmatch(thread_id)})
    except ValueError:
        log.warning("What portion %s of job %s changed cannot be read, and is not taken back", portion, id)
        return {}


def fields_of(key: str, most: int) -> dict[str, Any] | None:
    found = bucket.get(key, most=most + 1)
    return object_in(found.body, most) if found else None
