"""Remote images: whether a message shows them unasked, and the reader's lasting word on its sender.

POST `/m/<id>/images/always` and `/m/<id>/images/stop`. A word binds the one exact From address, and counts only where DMARC vouches for
it on that very message and nothing speaks against it: no forged mail borrows it. The server decides anew for every response.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from mailbox.auth import message_or_404, raw_or_404, signed_in
from mailbox.message.authentication import Authentication
from mailbox.message.parse import ParsedMessage
from mailbox.message.protection import read_mail
from mailbox.pages.choices import conversation_url
from mailbox.pages.toast import Toast, saying
from mailbox.pages.trust import acquaintance_of, authentication_of
from mailbox.store import preferences
from mailbox.store.listings import has_failed
from mailbox.store.models import Message
from mailbox.store.preferences import NEVER, SENDERS_MOST, Senders


@dataclass(frozen=True, slots=True)
class Images:
    """The remote images of a message as its page speaks of them. `sender`: the address that may be trusted, empty where none may."""

    number: int = 0
    sender: str = ""
    shown: bool = False
    never: bool = False


def images_of(number: int, sender: str, senders: Callable[[], Senders]) -> Images:
    """`senders` is asked only where there are images."""
    if not number:
        return Images()
    settled = senders()
    return Images(number, sender, is_shown(sender, settled), settled.images == NEVER)


def is_shown(sender: str, settled: Senders) -> bool:
    return bool(sender) and settled.images != NEVER and sender in settled.trusted


def vouched_sender(message: Message, parsed: ParsedMessage, authentication: Authentication) -> str:
    """The From address of a message whose domain vouches for it, as it is trusted; empty where one doubt or a second author is."""
    vouched = message.verdicts.get("dmarc") == "PASS" and not has_failed(message.verdicts) and not authentication.is_doubtful
    return sole_author(parsed) if vouched else ""


def sole_author(parsed: ParsedMessage) -> str:
    fields = sum(name == "from" for name, _ in parsed.headers)
    return preferences.exact(parsed.from_[0].addr_spec) if fields == len(parsed.from_) == 1 else ""


@require_POST
@signed_in
def always_show(request: HttpRequest, id: str) -> HttpResponse:
    message = message_or_404(id)
    parsed = read_mail(raw_or_404(message))
    sender = vouched_sender(message, parsed, authentication_of(message, parsed, acquaintance_of(message)))
    if not sender:
        return back(request, message, "Nothing was changed: nobody vouches for the sender of this message.")
    if not preferences.trust_sender(sender):
        return back(request, message, f"Nothing was changed: {why_not_trusted(sender)} under Settings, Senders.")
    return back(request, message, f"Images from {sender} are shown from now on.", taken_back_by="stop_showing")


def why_not_trusted(sender: str) -> str:
    if preferences.senders().has_blocked(sender):
        return f"{sender} is blocked. Remove it"
    return f"{SENDERS_MOST} senders are trusted already. Remove one"


@require_POST
@signed_in
def stop_showing(request: HttpRequest, id: str) -> HttpResponse:
    message = message_or_404(id)
    sender = sole_author(read_mail(raw_or_404(message)))
    preferences.distrust_sender(sender)
    return back(request, message, f"You are asked again before images from {sender} are shown.")


def back(request: HttpRequest, message: Message, words: str, *, taken_back_by: str = "") -> HttpResponse:
    toast = Toast(words, back=reverse(taken_back_by, args=[message.id]) if taken_back_by else "")
    return HttpResponseRedirect(saying(conversation_url(message, request.POST.get("next", "")), toast), status=303)
