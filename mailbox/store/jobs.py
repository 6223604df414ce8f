"""Jobs: acts on more conversations than one request can touch. The web writes `jobs/<id>.json`, the indexer carries it out.

Beside a job lie its progress and, batch by batch, what it changed; so it goes on where it broke off, and taking it back is a job too. What
the web wrote is read as hostile.
"""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from mailbox.store import bucket
from mailbox.store.acts import DOES, Act
from mailbox.store.conversations import THREAD_ID
from mailbox.store.keys import changes_key, job_key, new_id, progress_key
from mailbox.store.listings import FOLDERS
from mailbox.store.receipts import object_in
from mailbox.store.undo import Changes, packed, unpacked

log = logging.getLogger(__name__)

OBJECT_BYTES, CHANGES_BYTES = 64_000, 8_000_000
ID = re.compile(r"[0-9a-f]{32}")
KEY = re.compile(job_key(f"({ID.pattern})").replace(".", r"\."))
LISTING = re.compile(rf"(?:{'|'.join(FOLDERS)}|starred|label:[a-z0-9-]{{1,50}})(?:\.(?:unread|starred|files))?")
CURSOR = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ#[0-9a-f]{32}|")


@dataclass(frozen=True, slots=True)
class Job:
    """An act on all of a listing that is older than the cursor `before`, or the taking back of another job. `deletes` is the name of the
    label that was deleted with it."""

    act: Act
    listing: str
    before: str
    words: str = ""  # what is said when it is done, with `{}` for the number
    undoes: str = ""
    deletes: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job came: the cursor to go on from, its batches so far, how many conversations it changed and could not reach."""

    before: str
    batches: int = 0
    changed: int = 0
    failed: int = 0
    finished: bool = False


KINDS = {name: type(value) for name, value in asdict(Progress("")).items()}


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


def read(id: str) -> Job | None:
    fields = fields_of(job_key(id), OBJECT_BYTES) if ID.fullmatch(id) else None
    act = fields.get("act") if fields else None
    if not fields or not isinstance(act, dict) or not all(isinstance(value, str) for value in (*act.values(), *fields_but_act(fields))):
        return None
    try:
        job = Job(Act(**act), **{name: value for name, value in fields.items() if name != "act"})
    except TypeError:
        return None
    return job if job.undoes or is_sound(job) else None


def fields_but_act(fields: dict[str, Any]) -> Iterator[Any]:
    return (value for name, value in fields.items() if name != "act")


def is_sound(job: Job) -> bool:
    return job.act.do in DOES and bool(LISTING.fullmatch(job.listing) and CURSOR.fullmatch(job.before))


def read_progress(id: str) -> Progress | None:
    """None also where it is no progress: the job then begins anew, and what was done is not done twice."""
    fields = fields_of(progress_key(id), OBJECT_BYTES) if ID.fullmatch(id) else None
    if not fields or {name: type(value) for name, value in fields.items()} != KINDS or not CURSOR.fullmatch(fields["before"]):
        return None
    return Progress(**fields)


def keep_progress(id: str, progress: Progress) -> None:
    bucket.put(progress_key(id), json.dumps(asdict(progress)).encode())


def keep_changes(id: str, batch: int, changes: Changes) -> None:
    bucket.put(changes_key(id, batch), json.dumps(packed(changes)).encode())


def changes_in(id: str, batch: int) -> Changes | None:
    """What a batch of a job changed; None if there was no such batch, nothing where it cannot be read."""
    fields = fields_of(changes_key(id, batch), CHANGES_BYTES) if ID.fullmatch(id) else None
    if fields is None:
        return None
    try:
        return unpacked({thread_id: those for thread_id, those in fields.items() if THREAD_ID.fullmatch(thread_id)})
    except ValueError:
        log.warning("What batch %s of job %s changed cannot be read, and is not taken back", batch, id)
        return {}


def fields_of(key: str, most: int) -> dict[str, Any] | None:
    found = bucket.get(key)
    return object_in(found.body, most) if found else None
