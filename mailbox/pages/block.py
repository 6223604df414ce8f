"""POST `/m/<id>/block`: from now on mail from the sender of this message is filed in Spam when it comes. `/m/<id>/unblock`, and later
Settings, Senders, takes it back.

It is the very address that the row of the message names, because that is what the indexer compares. A block needs no proof of who wrote:
whoever borrows the address goes to Spam with it.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from mailbox.auth import message_or_404, signed_in
from mailbox.message.address import is_addr_spec
from mailbox.pages.images import back
from mailbox.pages.sender_identity import is_own
from mailbox.store import preferences
from mailbox.store.models import Message
from mailbox.store.preferences import SENDERS_MOST

NOBODY = "Nothing was changed: this message names no sender who can be blocked."


def blockable(message: Message) -> str:
    """The address that may be blocked; empty for what we sent, for an own address and for what is no address."""
    address = message.from_[1]
    may_be = not message.is_sent and is_addr_spec(address) and not is_own(address)
    return address if may_be else ""


@require_POST
@signed_in
def block(request: HttpRequest, id: str) -> HttpResponse:
    message = message_or_404(id)
    address = blockable(message)
    if not address:
        return back(request, message, NOBODY)
    if not preferences.block_sender(address):
        return back(
            request, message, f"Nothing was changed: {SENDERS_MOST} senders are blocked already. Remove one under Settings, Senders."
        )
    return back(request, message, f"New mail from {address} goes to Spam.", taken_back_by="unblock_message")


@require_POST
@signed_in
def unblock(request: HttpRequest, id: str) -> HttpResponse:
    message = message_or_404(id)
    address = blockable(message)
    if not address:
        return back(request, message, NOBODY)
    preferences.unblock_sender(address)
    return back(request, message, f"New mail from {address} is no longer filed in Spam.")
