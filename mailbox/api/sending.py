"""`POST /api/emails`: a mail of text goes on its way, through the same code and the same outbox as from the composer."""

from dataclasses import dataclass, replace
from typing import Annotated

from django.conf import settings
from django.http import Http404

from mailbox.api.answers import Refused
from mailbox.api.bearer import ApiRequest
from mailbox.api.endpoint import Operation
from mailbox.api.people import ONE_LINE, Recipients, addresses
from mailbox.api.shapes import rule
from mailbox.message.compose import ComposeError, recipients_of
from mailbox.pages.outgoing import Original, new_draft, original_of, queue
from mailbox.store.keys import ID_PATTERN, new_id

KEY = r"^[A-Za-z0-9_.:-]{1,64}$"
SUBJECT_MOST, TEXT_MOST = 900, 1_000_000


@dataclass(frozen=True, slots=True)
class NewEmail:
    to: Recipients
    subject: Annotated[str, rule("One line.", maxLength=SUBJECT_MOST, pattern=ONE_LINE)]
    text: Annotated[str, rule("Any text without the character NUL.", maxLength=TEXT_MOST, pattern=r"^[^\x00]*$")]
    cc: Recipients = ()
    bcc: Recipients = ()
    in_reply_to: Annotated[str | None, rule("The id of the message that this answers.", pattern=f"^{ID_PATTERN}$")] = None


@dataclass(frozen=True, slots=True)
class SendHeaders:
    idempotency_key: Annotated[str, rule("1 to 64 letters, digits and any of _ . : -", pattern=KEY)] = ""


@dataclass(frozen=True, slots=True)
class Queued:
    outbox_id: Annotated[str, rule("The same for a request that was repeated.")]
    from_: Annotated[str, rule("The own address that it is sent from.")]
    envelope_recipients: tuple[str, ...]


def send_email(_request: ApiRequest, headers: SendHeaders, body: NewEmail) -> Queued:
    original = answered(body.in_reply_to)
    draft = original.draft(original.identities[0]) if original else new_draft()
    to, cc, bcc = (addresses(recipients) for recipients in (body.to, body.cc, body.bcc))
    draft = replace(draft, to=to, cc=cc, bcc=bcc, subject=body.subject, text=body.text)
    try:
        outbox_id = queue(draft, headers.idempotency_key or new_id(), original)
    except ComposeError as error:
        raise Refused(422, error.sentence, error.field) from error
    return Queued(outbox_id, draft.from_.addr_spec, recipients_of(draft))


def answered(id: str | None) -> Original | None:
    try:
        return original_of(id, "reply") if id else None
    except Http404 as error:
        raise Refused(422, "There is no such message to answer.", "in_reply_to") from error


sending = Operation(
    act=send_email,
    summary="Send a mail. The same mail again under the same Idempotency-Key goes out once.",
    headers=SendHeaders,
    body=NewEmail,
    most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    gives=Queued,
    status=202,
    refusals=(422,),
)
