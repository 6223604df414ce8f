"""What a page says of the act that led to it: `?u=<token>`, a sentence and, where there is one, the way to take the act back.

The token is signed, so that no link from elsewhere puts words into the webmail's mouth, and is believed for as long as undo works.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.core import signing
from django.http import HttpRequest

from mailbox.store import jobs
from mailbox.store.undo import LASTS

SALT = "toast"
JOB = "job-"  # before the id of a job, where that is what is taken back
LONGEST_TOKEN = 2_000  # our longest words, with a label or an address in any script, make 1,500


@dataclass(frozen=True, slots=True)
class Toast:
    words: str
    undo: str = ""  # an id of mailbox/store/undo.py
    job: str = ""  # an id of mailbox/store/jobs.py
    back: str = ""  # a URL that takes it back by a POST, where no act is undone

    @property
    def token(self) -> str:
        return signing.dumps([self.words, self.undo, self.job, self.back], salt=SALT, compress=True)


def toast_in(token: str) -> Toast | None:
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        return Toast(*signing.loads(token, salt=SALT, max_age=LASTS))
    except signing.BadSignature:
        return None


def toast_of(request: HttpRequest) -> Toast | None:
    toast = toast_in(request.GET.get("u", ""))
    return told_of_job(toast) if toast and toast.job else toast


def told_of_job(toast: Toast) -> Toast:
    """How far a job came; when it is done, what it did and the way to take it back."""
    job, progress = jobs.read(toast.job), jobs.read_progress(toast.job)
    if job is None or progress is None:
        return toast
    if not progress.finished:
        return Toast(f"Still at work: {progress.changed} conversations so far.", job=toast.job)
    words = job.words.replace("{}", str(progress.changed))
    if progress.failed:
        words += f" {progress.failed} stayed as they were."
    return Toast(words, "" if job.undoes or job.act.do == "purge" else JOB + toast.job)


def saying(url: str, toast: Toast) -> str:
    """`url` as a page that says so."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "u"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("u", toast.token)])))
