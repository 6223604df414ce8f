"""The composer: `/compose/`, for a new mail, an answer or a mail passed on. A good post queues the mail and goes back; sending is not here.

What the form says about its original is an id and a mode, no more: whom the answer goes to by default, what it refers to and from which
address it may come is worked out here from the original itself, each time.
"""

from dataclasses import dataclass, replace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mailbox.auth import message_or_404, raw_or_404, signed_in
from mailbox.message.address import Address
from mailbox.message.compose import ComposeError, Draft, recipients_of, reply, sendable
from mailbox.message.compose import compose as compose_message
from mailbox.message.mailto import Mailto, unsubscribe_mailto
from mailbox.message.parse import ParsedMessage
from mailbox.message.protection import read_mail
from mailbox.pages.compose_form import FILES_MOST, MessageForm, as_typed
from mailbox.pages.folder import list_context
from mailbox.pages.frame import frame
from mailbox.pages.place import place_of_conversation, with_query
from mailbox.pages.sender_identity import identities, own_addresses
from mailbox.pages.toast import Toast, saying
from mailbox.store import keys, outbox
from mailbox.store.facts import cited_id
from mailbox.store.models import Message
from mailbox.store.outbox import OutgoingEnvelope

LEAVE = "leave"  # the mailing list that the original came by
HEADINGS = {"reply": "Reply", "all": "Reply to all", "forward": "Forward", LEAVE: "Unsubscribe"}
FIELDS = {"from": "from_", "attachments": "file"}  # the form's names, where they differ from a draft's
ASKED_MOST = 5_000  # characters of each field
KEPT = ("from_", "to", "cc", "bcc", "subject", "text", "token")


@dataclass(frozen=True, slots=True)
class Original:
    """The message that is answered or passed on, and how."""

    message: Message
    parsed: ParsedMessage
    mode: str

    @property
    def identities(self) -> tuple[Address, ...]:
        return identities(self.message, self.parsed)

    def draft(self, identity: Address) -> Draft:
        if self.mode == LEAVE:
            return leaving(self.parsed, identity)
        own = (*self.identities, *own_addresses(self.parsed))
        message_id = cited_id(self.message.key, self.parsed, settings.POSTAMT_REGION)  # the row's may be cut
        zone = timezone.get_current_timezone()
        draft = reply(self.parsed, self.mode, own=own, identity=identity, message_id=message_id, zone=zone)
        return replace(draft, attachments=()) if self.message.is_infected else draft

    @property
    def leaves_files(self) -> bool:
        return bool(self.mode == "forward" and self.message.is_infected and self.parsed.attachments)


def leaving(parsed: ParsedMessage, identity: Address) -> Draft:
    """What takes an address off the mailing list, from that address and in no conversation; empty where the list names no way out."""
    asked = unsubscribe_mailto(parsed.headers) or Mailto(())
    to, cc = (tuple(Address("", address) for address in addresses) for addresses in (asked.to, asked.cc))
    subject = asked.subject or "unsubscribe"
    return Draft(from_=identity, to=to, cc=cc, bcc=(), subject=subject, text=asked.body, in_reply_to=None, references=())


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
    draft, id, now = _draft(form, original), form.outbox_id(*_context_of(original)), timezone.now()
    try:
        raw = compose_message(draft, message_id=f"{id}@{settings.POSTAMT_DOMAIN}", date=now)
    except ComposeError as error:
        field = FIELDS.get(error.field, error.field)
        form.add_error(field if field in form.fields else None, error.sentence)
        return False
    envelope = OutgoingEnvelope(
        envelope_from=draft.from_.addr_spec,
        envelope_recipients=recipients_of(draft),
        queued_at=now,
        bcc=tuple(sendable(address, "bcc") for address in draft.bcc),
        re=original.message.id if original and original.mode != LEAVE else None,
    )
    outbox.queue_message(raw, envelope, id)
    return True


def _draft(form: MessageForm, original: Original | None) -> Draft:
    identity, cleaned = form.identity, form.cleaned_data
    empty = Draft(from_=identity, to=(), cc=(), bcc=(), subject="", text="", in_reply_to=None, references=())
    draft = original.draft(identity) if original else empty
    return replace(
        draft,
        from_=identity,
        to=cleaned["to"],
        cc=cleaned["cc"],
        bcc=cleaned["bcc"],
        subject=cleaned["subject"],
        text=cleaned["text"],
        attachments=draft.attachments + form.attachments,
    )


def _on_its_way(request: HttpRequest, original: Original | None) -> HttpResponse:
    back = reverse("conversation", args=[original.message.thread_id]) if original else reverse("folder", args=["sent"])
    url = saying(back, Toast("Your mail is on its way."))
    if request.headers.get("X-Fragment"):
        return HttpResponse(status=201, headers={"Location": url})
    return HttpResponseRedirect(url, status=303)


def _original(parameters: QueryDict) -> Original | None:
    id = parameters.get("re", "")
    if not id:
        return None
    message = message_or_404(id)
    parsed = read_mail(raw_or_404(message))
    mode = parameters.get("mode", "")
    return Original(message, parsed, mode if mode in HEADINGS else "reply")


def _context_of(original: Original | None) -> tuple[str, ...]:
    return (original.message.id, original.mode) if original else ()


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
