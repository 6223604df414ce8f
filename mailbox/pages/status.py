"""`/status/`: what does not work, what is safe meanwhile and what to do, in words; and the strip that says so on every page."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mailbox.auth import signed_in
from mailbox.pages.dates import full_date
from mailbox.pages.frame import frame
from mailbox.store import health
from mailbox.store.health import Health


@dataclass(frozen=True, slots=True)
class Trouble:
    heading: str  # one sentence, which the strip shows alone
    safe: str
    remedy: str


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def status(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        health.send_pulse()
        health.forget()
        return HttpResponseRedirect(reverse("status"), status=303)
    found = health.current()
    context = {
        **frame(request),
        "troubles": list(troubles_of(found)),
        "asked_at": found.asked_at,
        "has_home": found.home_seen_at is not None,
        "patience": int(health.PATIENCE.total_seconds()) // 60,
    }
    return render(request, "status.html", context)


def troubles_of(found: Health) -> Iterator[Trouble]:
    """Worst first."""
    if not found.reachable:
        yield Trouble(
            "The mailbox is hard to reach at the moment.",
            "Your mail is safe, but not everything can be shown or changed now.",
            "If this lasts, look at the log of the web: it says what did not answer, and why.",
        )
    if found.index_silent_since:
        yield Trouble(
            f"New mail is listed late: the index has not answered since {full_date(found.index_silent_since, timezone.localtime())}.",
            "Your mail is safe in the bucket; it is listed when the index works again.",
            "If this lasts, look at the log of the indexer, then run manage.py reindex --missing.",
        )
    if found.given_up:
        number = found.given_up
        yield Trouble(
            f"{number} {pluralize(number, 'task was,tasks were')} given up after several tries: a mail may not be listed, or not be sent.",
            "Your mail is safe in the bucket, and so is what you sent; each task is kept for 14 days.",
            "manage.py reindex --missing lists what is missing. The logs of the indexer and the sender say what was given up.",
        )
    if found.given_up is None:
        yield Trouble(
            "The queue cannot be asked whether mail could not be sent.",
            "Your mail is safe in the bucket. What you send may have to wait, and the composer says so.",
            "Check POSTAMT_DEAD_LETTER_URL, and whether the role of the web may read that queue.",
        )
    if found.home_is_behind and found.home_seen_at:
        yield Trouble(
            f"The home server was last seen {full_date(found.home_seen_at, timezone.localtime())}.",
            "Your mail is safe on AWS; the copy at home is completed when the home server is back.",
            "Look whether the home server runs and reaches the internet.",
        )
