"""Whether a message is believed to come from whom it names, and the reader's own word on it: POST `/m/<id>/trust`.

While a message is doubtful its links are text and answering is not offered. The reader may overrule that for this one message, by a
choice that its conversation comes back with; nothing about the sender is remembered.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from mailbox.auth import message_or_404, signed_in
from mailbox.message.address import Address
from mailbox.message.authentication import Acquaintance, Authentication, authenticate
from mailbox.message.links import DeceptiveLink
from mailbox.message.parse import ParsedMessage
from mailbox.pages.choices import conversation_url, is_chosen, token_of
from mailbox.store import people
from mailbox.store.listings import has_failed
from mailbox.store.models import Message

TRUST = "trust"
ANSWERS_ASKED = 2
WRITTEN_HERE = Authentication(written_to=True)

Acquaintances = Mapping[str, Acquaintance]


def authentication_of(
    message: Message, parsed: ParsedMessage, known: Acquaintance, deceptive_links: Sequence[DeceptiveLink] = ()
) -> Authentication:
    """What we sent or wrote is never doubted; the verdicts of a mail that SES did not bring are nobody's."""
    if not message.key.startswith(("incoming/", "imported/")):
        return WRITTEN_HERE
    verdicts = message.verdicts if message.key.startswith("incoming/") else None
    own = [settings.POSTAMT_DOMAIN]
    found = authenticate(parsed, verdicts, own_domains=own, acquaintance=known, deceptive_links=deceptive_links)
    if found.answers_elsewhere and all(people.acquaintance(message, address).written_to for address in parsed.reply_to[:ANSWERS_ASKED]):
        return found.with_answers_known()
    return found


def acquaintances_of(messages: Iterable[Message]) -> Acquaintances:
    """By the id of each of these messages of a conversation, what is known of its sender: asked once a sender, as of his oldest message
    here, which makes him one who wrote before for those that follow."""
    asked: dict[tuple[str, ...], Acquaintance] = {}
    found: dict[str, Acquaintance] = {}
    for message in sorted(messages, key=lambda message: message.sk):
        if message.is_sent:
            continue
        sender = tuple(message.from_)
        found[message.id] = asked.get(sender) or acquaintance_of(message)
        asked[sender] = replace(found[message.id], earlier=True) if not has_failed(message.verdicts) else found[message.id]
    return found


def acquaintance_of(message: Message) -> Acquaintance:
    """Of the sender; nobody asks who the owner is."""
    return Acquaintance() if message.is_sent else people.acquaintance(message, Address(*message.from_))


def trust_in(request: HttpRequest, id: str) -> str:
    """The token of a reader who asked for the links of this message; empty for any other."""
    return request.GET[TRUST] if is_chosen(request, TRUST, id) else ""


@require_POST
@signed_in
def trust(request: HttpRequest, id: str) -> HttpResponse:
    """Back to the conversation, as the reader had it open (`stay`), with the choice made."""
    message = message_or_404(id)
    url = conversation_url(message, request.POST.get("stay", ""), **{TRUST: token_of(TRUST, id)})
    return HttpResponseRedirect(url, status=303)
