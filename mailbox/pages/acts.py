"""`/act/`: what a person does to conversations, and `/undo/`, which takes it back. Each is one POST that answers 303, or its toast alone.

A list posts `t=<thread id>@<moment>`: only what was there then is touched. An open conversation posts the messages its page showed (`m`).
What was done is told by the page that follows (mailbox/pages/toast.py). More mail than one request may touch becomes a job.
"""

import json
import logging
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from mailbox.auth import safe_target, signed_in
from mailbox.pages.frame import unread
from mailbox.pages.place import known_labels, label_in, name_of, place_of_list
from mailbox.pages.toast import JOB, Toast, saying
from mailbox.store import conversations, jobs, labels, undo
from mailbox.store.acts import DOES, TARGETS, Act, Shown, changes_of, full_for
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.jobs import Job
from mailbox.store.labels import Label
from mailbox.store.listings import sort_key
from mailbox.store.models import WORDS_MOST, FlagChange, Message, instant
from mailbox.store.plans import carry_out, plan_of

log = logging.getLogger(__name__)

LONGEST = 12.0  # seconds of work in a request: what hangs then still has time to fail before API Gateway gives up
ANY_TIME = datetime.max.replace(tzinfo=UTC)
THREADS_MOST = 50
THREAD = re.compile(r"([0-9a-f]{32})(?:@(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ))?")
POSTED_MOST, LONGEST_ID = 500, 255  # messages of an open conversation
STAYS = {"star", "unstar", "label", "unlabel", "read", "unmute"}  # after these an open conversation is shown again
BUTTONS = ("do", "to", "off", "star", "unstar", "name")
NOTHING = "Nothing had to be changed."
FULL = f"A mail can carry {WORDS_MOST} labels: take one off before you add another."
TOO_LATE = "This can no longer be undone."
MUCH = "This is a lot of mail, so it takes a while. You can go on meanwhile."
SAID = {  # of one conversation, of several
    "archive": ("Archived.", "{} conversations archived."),
    "trash": ("Moved to Trash.", "{} conversations moved to Trash."),
    "junk": ("Moved to Spam.", "{} conversations moved to Spam."),
    "inbox": ("Moved to Inbox.", "{} conversations moved to Inbox."),
    "read": ("Marked as read.", "{} conversations marked as read."),
    "unread": ("Marked as unread.", "{} conversations marked as unread."),
    "star": ("Star added.", "Star added to {} conversations."),
    "unstar": ("Star removed.", "Star removed from {} conversations."),
    "label": ("Labelled “{label}”.", "{} conversations labelled “{label}”."),
    "unlabel": ("Label “{label}” removed.", "Label “{label}” removed from {} conversations."),
    "mute": ("Muted: new mail of it goes to Archive.", "{} conversations muted: new mail of them goes to Archive."),
    "purge": ("Deleted forever.", "{} conversations deleted forever."),
    "unmute": ("Unmuted: new mail of it comes to Inbox.", "{} conversations unmuted: new mail of them comes to Inbox."),
}


@dataclass(frozen=True, slots=True)
class Order:
    """What was posted: the act, the conversations, and what the page showed of each."""

    act: Act
    threads: Mapping[str, Shown]
    label_name: str = ""


@require_POST
@signed_in
def act(request: HttpRequest) -> HttpResponse:
    if request.POST.getlist("t") and not any(request.POST.get(name) for name in BUTTONS):
        return answer(request, request.POST.get("next", ""), Toast(NOTHING))  # Enter was pressed on a check box
    order = order_in(request)
    if order.act.do == "purge":
        query = "" if is_for_all(request.POST) else "&".join(f"t={value}" for value in request.POST.getlist("t"))
        return HttpResponseRedirect(f"{reverse('erase')}?{query}", status=303)
    stay = request.POST.get("stay", "") if order.act.do in STAYS else ""
    box = order.act.box
    if is_for_all(request.POST) and name_of(box, known_labels(request)):
        toast = done_to_all(order, place_of_list(box, request.POST).listing, request.POST.get("at", ""))
    else:
        toast = done(order)
    return answer(request, stay or request.POST.get("next", ""), toast)


@require_POST
@signed_in
def take_back(request: HttpRequest) -> HttpResponse:
    """409 tells a script that its page no longer shows what is true."""
    token = request.POST.get("u", "")
    if token.startswith(JOB) and (job := jobs.read(token.removeprefix(JOB))):
        return answer(request, request.POST.get("next", ""), begun_to_undo(token.removeprefix(JOB), job), status=409)
    undone = undo.undo(token)
    words = TOO_LATE if undone is None else undone_in_words(undone)
    return answer(request, request.POST.get("next", ""), Toast(words), status=200 if undone and not undone.staying else 409)


def answer(request: HttpRequest, target: str, toast: Toast, status: int = 200) -> HttpResponse:
    """The toast alone for a script, with what is unread now, else the way back to where the reader was."""
    target = safe_target(target)
    if request.headers.get("X-Fragment") == "1":
        return render(request, "_toast.html", {"toast": toast, "here": target, "unread_now": json.dumps(unread_now())}, status=status)
    return HttpResponseRedirect(saying(target, toast), status=303)


def unread_now() -> dict[str, str]:
    """Nothing where it cannot be counted: what was done is done, and is told."""
    try:
        return unread(is_fresh=True)
    except MailboxNotReachable:
        return {}


def is_for_all(posted: QueryDict) -> bool:
    """The box for all of a list says how many rows its page had: it counts only while every one of them is ticked."""
    return posted.get("all") == str(len(posted.getlist("t")))


def begun(job: Job) -> Toast:
    return Toast(MUCH if job.threads else "This is being done for all conversations of the list.", job=jobs.start(job))


def begun_to_undo(id: str, job: Job) -> Toast:
    """A label that was deleted comes back at once, and to its conversations as the job reaches them."""
    if not jobs.can_be_undone(id, timezone.now()):
        return Toast(TOO_LATE)
    back = replace(job, undoes=id, words="Undone: {} conversations.")
    if not job.deletes:
        return begun(back)
    if not labels.put_back(Label(job.act.label, job.deletes)):
        return Toast("Nothing was changed: another label has this name by now, or there are too many.")
    return Toast(f"Label “{job.deletes}” is back, and is being put on its conversations.", job=jobs.start(back))


def done_to_all(order: Order, listing: str, at: str) -> Toast:
    """The act on all of a listing that was there at this moment: at once where they are few, else as a job."""
    cursor = conversations.end_of(moment_in(at) or timezone.now())
    page = conversations.list_page(listing, before=cursor, limit=THREADS_MOST)
    if page.older:
        return begun(Job(order.act, listing, cursor, words_of_job(order, several=True)))
    return done(replace(order, threads={row.thread_id: Shown(until=row.received_at) for row in page.rows}))


def done(order: Order) -> Toast:
    """The act at once, or as a job if it touches more messages than one request may."""
    ends = time.monotonic() + LONGEST
    full: list[bool] = []

    def choose(thread_id: str, messages: Sequence[Message]) -> Mapping[str, FlagChange]:
        changes = changes_of(order.act, messages, order.threads[thread_id])
        full.append(full_for(order.act, (message for message in messages if message.id in changes)))
        return changes

    plan = plan_of([*order.threads], choose, ends)
    if not plan.fits:
        return begun(job_of(order))
    result = carry_out(plan, ends)
    words = in_words(order, len(result.changes))
    if any(full):
        words = f"{words} {FULL}" if result.changes else FULL
    if result.not_reached:
        words += f" {len(result.not_reached)} could not be reached and stayed as they were."
    return Toast(words, remembered(result.changes) if result.changes and order.act.do != "purge" else "")


def job_of(order: Order) -> Job:
    """On the conversations as they are now. (`ids` never matter here: no page shows as many messages as make a job.)"""
    cursors = tuple(sort_key(shown.until or ANY_TIME, thread_id) for thread_id, shown in order.threads.items())
    return Job(order.act, "", conversations.end_of(timezone.now()), words_of_job(order, several=len(cursors) > 1), threads=cursors)


def words_of_job(order: Order, *, several: bool) -> str:
    return SAID[order.act.do][several].replace("{label}", order.label_name.replace("{}", ""))


def remembered(changes: undo.Changes) -> str:
    """The way back. Where it cannot be kept, the reader is told without it what was done: it is done."""
    try:
        return undo.remember(changes)
    except MailboxNotReachable:
        log.error("An act was done, but the way back could not be kept")
        return ""


def in_words(order: Order, number: int) -> str:
    one, several = SAID[order.act.do]
    return (one if number == 1 else several).format(number, label=order.label_name) if number else NOTHING


def undone_in_words(undone: undo.Undone) -> str:
    if not undone.staying:
        return "Undone."
    stay = (
        "1 message was changed meanwhile and stays" if undone.staying == 1 else f"{undone.staying} messages were changed meanwhile and stay"
    )
    return f"Undone, but {stay}." if undone.conversations else f"Not undone: {stay}."


def order_in(request: HttpRequest) -> Order:
    """Raises BadRequest for what no page of ours posts."""
    posted = request.POST
    do, label, starred = act_in(posted)
    known = known_labels(request)
    if do == "label" and not label:
        made = labels.add(posted.get("name", ""))
        label, known = (made.slug, [*known, made]) if made else ("", known)
    threads = threads_in([starred] if starred else posted.getlist("t"), posted.getlist("m"))
    label_name = name_of(f"label-{label}", known) if label else ""
    if do not in DOES or not threads or (do in ("label", "unlabel") and not label_name):
        raise BadRequest("This act is none of ours.")
    return Order(Act(do, posted.get("in", ""), label), threads, label_name or "")


def act_in(posted: QueryDict) -> tuple[str, str, str]:
    """(act, slug of its label, the one conversation whose star was pressed): buttons post `do`, `to`, `off`, `star` or `unstar`."""
    for name in ("star", "unstar"):
        if name in posted:
            return name, "", posted.get(name, "")
    if label := label_in(posted.get("off", "")):
        return "unlabel", label, ""
    target = posted.get("to", "")
    if label := label_in(target):
        return "label", label, ""
    do = posted.get("do") or ("label" if posted.get("name") else "")  # Enter in a field presses no button
    return target if target in TARGETS else do, label_in(posted.get("label", "")), ""


def threads_in(values: Sequence[str], ids: Sequence[str]) -> dict[str, Shown]:
    found = [THREAD.fullmatch(value) for value in values[: THREADS_MOST + 1]]
    if None in found or len(found) > THREADS_MOST:
        raise BadRequest("These are no conversations.")
    shown = frozenset(id[:LONGEST_ID] for id in ids[:POSTED_MOST]) if ids else None
    return {match[1]: Shown(shown, moment_in(match[2])) for match in found if match}


def moment_in(text: str | None) -> datetime | None:
    try:
        return instant(text) if text else None
    except ValueError as error:
        raise BadRequest("This is no moment.") from error
