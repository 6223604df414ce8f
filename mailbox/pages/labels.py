"""`/settings/labels/`: making, renaming and deleting labels.

A deleted label is nowhere shown from that moment on; a job takes it off its conversations, and Undo brings back both. Messages in Trash
and Spam, where no label is shown, keep its slug, which no other label ever gets.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from mailbox.auth import signed_in
from mailbox.pages.frame import frame
from mailbox.pages.toast import Toast, saying
from mailbox.store import jobs
from mailbox.store import labels as store
from mailbox.store.acts import Act
from mailbox.store.conversations import end_of
from mailbox.store.jobs import Job
from mailbox.store.labels import LABELS_MOST, NAME_MOST, Label, tidy

ALL = end_of(datetime.max.replace(tzinfo=UTC))
GONE = "Nothing was changed: this label was deleted meanwhile."
CHANGED = "Nothing was changed: the labels changed meanwhile."
DELETED = "Label “{}” is deleted, and is being taken off its conversations."
TAKEN_OFF = "Label “{}” is deleted. Conversations that had it: {{}}."


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def labels(request: HttpRequest) -> HttpResponse:
    known = store.read()
    if request.method != "POST":
        return page(request, known)
    typed = request.POST.get("name", "")
    error = wrong_name(typed, known) or too_many(known)
    if error:
        return page(request, known, typed=typed, error=error)
    return said(f"Label “{tidy(typed)}” is made." if store.add(typed) else CHANGED)


@require_POST
@signed_in
def rename(request: HttpRequest) -> HttpResponse:
    slug, typed, known = request.POST.get("slug", ""), request.POST.get("name", ""), store.read()
    if slug not in {label.slug for label in known}:
        return said(GONE)
    error = wrong_name(typed, [label for label in known if label.slug != slug])
    if error:
        return page(request, known, typed=typed, error=error, slug=slug)
    return said(f"The label is called “{tidy(typed)}” now." if store.rename(slug, typed) else CHANGED)


@require_POST
@signed_in
def delete(request: HttpRequest) -> HttpResponse:
    label = store.delete(request.POST.get("slug", ""))
    if label is None:
        return said(GONE)
    off = Act("unlabel", label=label.slug)
    job = Job(off, f"label:{label.slug}", ALL, TAKEN_OFF.format(label.name.replace("{}", "")), deletes=label.name)
    return said(DELETED.format(label.name), job=jobs.start(job))


def wrong_name(typed: str, others: Sequence[Label]) -> str:
    """What is wrong with a name; empty where nothing is."""
    if not tidy(typed):
        return "Please give the label a name."
    if len(" ".join(typed.split())) > NAME_MOST:
        return f"A name has at most {NAME_MOST} characters."
    return "Another label has this name." if tidy(typed).casefold() in {label.name.casefold() for label in others} else ""


def too_many(known: Sequence[Label]) -> str:
    return f"There are {LABELS_MOST} labels, which is as many as there may be." if len(known) >= LABELS_MOST else ""


def page(request: HttpRequest, known: Sequence[Label], *, typed: str = "", error: str = "", slug: str = "") -> HttpResponse:
    """The list as the bucket has it; what is wrong is said beside the field of the label with this slug, or of the new one."""
    context = {"known": known, "most": NAME_MOST, "typed": typed[: 2 * NAME_MOST], "error": error, "wrong": slug}
    return render(request, "settings_labels.html", frame(request) | context, status=422 if error else 200)


def said(words: str, job: str = "") -> HttpResponse:
    return HttpResponseRedirect(saying(reverse("labels"), Toast(words, job=job)), status=303)
