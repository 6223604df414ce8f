"""A mail on its way out, whoever wrote it: a person in the composer or a program over the API. Sending itself is not here.

What its writer says about the original is an id and a mode, no more: whom the answer goes to by default, what it refers to and from which
address it may come is worked out here from the original itself, each time.
"""

import hashlib
from dataclasses import astuple, dataclass, replace

from django.conf import settings
from django.utils import timezone

from mailbox.auth import message_or_404, raw_or_404
from mailbox.message.address import Address
from mailbox.message.compose import Draft, compose, recipients_of, reply, sendable
from mailbox.message.mailto import Mailto, unsubscribe_mailto
from mailbox.message.parse import ParsedMessage
from mailbox.message.protection import read_mail
from mailbox.pages.sender_identity import default_identity, identities, own_addresses
from mailbox.store import outbox
from mailbox.store.facts import cited_id
from mailbox.store.models import Message
from mailbox.store.outbox import OutgoingEnvelope

LEAVE = "leave"  # the mailing list that the original came by


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


def original_of(id: str, mode: str) -> Original:
    message = message_or_404(id)
    return Original(message, read_mail(raw_or_404(message)), mode)


def leaving(parsed: ParsedMessage, identity: Address) -> Draft:
    """What takes an address off the mailing list, from that address and in no conversation; empty where the list names no way out."""
    asked = unsubscribe_mailto(parsed.headers) or Mailto(())
    to, cc = (tuple(Address("", address) for address in addresses) for addresses in (asked.to, asked.cc))
    return replace(new_draft(identity), to=to, cc=cc, subject=asked.subject or "unsubscribe", text=asked.body)


def new_draft(identity: Address | None = None) -> Draft:
    sender = identity or default_identity()
    return Draft(from_=sender, to=(), cc=(), bcc=(), subject="", text="", in_reply_to=None, references=())


def queue(draft: Draft, token: str, original: Original | None = None) -> str:
    """Puts the mail on its way and returns its outbox id. Raises ComposeError where it cannot be sent as it is. `token` names the writing:
    the same mail queued again under the same one goes out once."""
    id, now = outbox_id(draft, token, original), timezone.now()
    raw = compose(draft, message_id=f"{id}@{settings.POSTAMT_DOMAIN}", date=now)
    envelope = OutgoingEnvelope(
        envelope_from=draft.from_.addr_spec,
        envelope_recipients=recipients_of(draft),
        queued_at=now,
        bcc=tuple(sendable(address, "bcc") for address in draft.bcc),
        re=original.message.id if original and original.mode != LEAVE else None,
    )
    return outbox.queue_message(raw, envelope, id)


def outbox_id(draft: Draft, token: str, original: Original | None) -> str:
    """The same for the same mail, another one once anything in it was changed: so that no mail is sent twice, and none is lost that was
    only begun from an old one."""
    context = (original.message.id, original.mode) if original else ()
    lists = [[astuple(address) for address in addresses] for addresses in (draft.to, draft.cc, draft.bcc)]
    files = [(file.filename, hashlib.sha256(file.content).hexdigest()) for file in draft.attachments]
    whole = repr((context, token, astuple(draft.from_), lists, draft.subject, draft.text, files))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]
