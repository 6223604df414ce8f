"""The composer: `/compose/`, for a new mail, an answer or a mail passed on. A good post queues the mail (pages/outgoing.py) and goes back;
sending is not here.
"""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from mailbox.auth import signed_in
from mailbox.message.address import Address
from mailbox.message.compose import ComposeError, Draft
from mailbox.pages.compose_form import FILES_MOST, MessageForm, as_typed
from mailbox.pages.folder import list_context
from mailbox.pages.frame import frame
from mailbox.pages.outgoing import LEAVE, Original, new_draft, original_of, queue
from mailbox.pages.place import place_of_conversation, with_query
from mailbox.pages.sender_identity import identities
from mailbox.pages.toast import Toast, saying
from mailbox.store import keys

HEADINGS = {"reply": "Reply", "all": "Reply to all", "forward": "Forward", LEAVE: "Unsubscribe"}
FIELDS = {"from": "from_", "attachments": "file"}  # the form's names, where they differ from a draft's
ASKED_MOST = 5_000  # characters of each field
KEPT = ("from_", "to", "cc", "bcc", "subject", "text", "token")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def compose(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _posted(request)
    original = _original(request.GET)
    return _page(request, _fresh_form(original, request.GET), original, fresh=True)


def restored(request: HttpRequest, fields: QueryDict) -> HttpResponse:
    """The composer with what was posted when the session had ended, as an unsaved draft. It never sends."""
    try:
        original = _original(fields)
    except Http404:
        original = None
    return _page(request, _kept_form(original, fields), original, restored=True)


def _posted(request: HttpRequest) -> HttpResponse:
    original = _original(request.POST)
    if request.POST.get("do") != "send":
        return _page(request, _kept_form(original, request.POST), original, copies=True)
    form = MessageForm(request.POST, request.FILES, identities=_identities(original))
    if form.is_valid() and _queue(form, original):
        return _on_its_way(request, original)
    return _page(request, form, original, status=422)


def _queue(form: MessageForm, original: Original | None) -> bool:
    """False when the mail cannot be written as it is; the form then says why."""
    try:
        queue(_draft(form, original), form.cleaned_data["token"], original)
    except ComposeError as error:
        field = FIELDS.get(error.field, error.field)
        form.add_error(field if field in form.fields else None, error.sentence)
        return False
    return True


def _draft(form: MessageForm, original: Original | None) -> Draft:
    cleaned = form.cleaned_data
    draft = original.draft(form.identity) if original else new_draft(form.identity)
    written = {name: cleaned[name] for name in ("to", "cc", "bcc", "subject", "text")}
    return replace(draft, **written, attachments=draft.attachments + form.attachments)


def _on_its_way(request: HttpRequest, original: Original | None) -> HttpResponse:
    back = reverse("conversation", args=[original.message.thread_id]) if original else reverse("folder", args=["sent"])
    url = saying(back, Toast("Your mail is on its way."))
    if request.headers.get("X-Fragment"):
        return HttpResponse(status=201, headers={"Location": url})
    return HttpResponseRedirect(url, status=303)


def _original(parameters: QueryDict) -> Original | None:
    id, mode = parameters.get("re", ""), parameters.get("mode", "")
    return original_of(id, mode if mode in HEADINGS else "reply") if id else None


def _identities(original: Original | None) -> tuple[Address, ...]:
    return original.identities if original else identities()


def _fresh_form(original: Original | None, parameters: QueryDict) -> MessageForm:
    initial = {"token": keys.new_id(), **_asked_for(parameters)}
    if original:
        draft = original.draft(original.identities[0])
        lists = {name: as_typed(getattr(draft, name)) for name in ("to", "cc", "bcc")}
        initial |= {**lists, "subject": draft.subject, "text": draft.text}
    return MessageForm(initial=initial, identities=_identities(original))


def _asked_for(parameters: QueryDict) -> dict[str, str]:
    """What a `mailto:` of a mail may put into the composer, where its writer sees it before anything is sent: no Bcc, no file."""
    given = {name: parameters.get(name, "")[:ASKED_MOST] for name in ("to", "cc", "subject")}
    return {**given, "cc": given["cc"] if "@" in given["cc"] else "", "text": parameters.get("body", "")[:ASKED_MOST]}


def _kept_form(original: Original | None, fields: QueryDict) -> MessageForm:
    """What was typed, unjudged."""
    return MessageForm(initial={name: fields.get(name, "") for name in KEPT}, identities=_identities(original))


def _page(request: HttpRequest, form: MessageForm, original: Original | None, *, status: int = 200, **note: bool) -> HttpResponse:
    form.focus()
    place = place_of_conversation(request.GET, "inbox")
    split = request.COOKIES.get("pane") == "split"
    answered = {"re": original.message.id, "mode": original.mode} if original else {}
    context = {
        **(list_context(request, place) if split else {}),
        **frame(request, box=place.box),
        **note,
        "form": form,
        "answered": answered,
        "title": HEADINGS[original.mode] if original else "New message",
        "address": with_query(reverse("compose"), **answered),
        "close_url": reverse("conversation", args=[original.message.thread_id]) if original else place.url,
        "open_thread": original.message.thread_id if original else "",
        "copies": note.get("copies") or "cc" in request.GET or form.copies,
        "carried": _carried(original),
        "leaves_files": original is not None and original.leaves_files,
        "files_most": FILES_MOST // 1_000_000,
        "split": split,
    }
    return render(request, "compose.html", context, status=status)


def _carried(original: Original | None) -> list[tuple[str, int]]:
    """The files that a mail passed on takes along."""
    files = original.draft(original.identities[0]).attachments if original and original.mode == "forward" else ()
    return [(file.filename, file.size) for file in files]
