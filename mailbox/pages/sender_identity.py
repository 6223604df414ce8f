"""From which own address a mail is sent: an answer from the one its original was sent to, anything else from the default.

Which addresses those are is decided here and never by a form. The envelope says it best (the receipt, else the line SES wrote on top);
To and Cc name an own address only where their writer wished so.
"""

from collections.abc import Iterable, Iterator

from django.conf import settings

from mailbox.message.address import Address, is_addr_spec
from mailbox.message.parse import ParsedMessage
from mailbox.store.models import Message

DEFAULT = "me"  # any name at the own domain reaches its owner


def default_identity() -> Address:
    return Address("", f"{DEFAULT}@{settings.POSTAMT_DOMAIN}")


def identities(message: Message | None = None, parsed: ParsedMessage | None = None) -> tuple[Address, ...]:
    """The addresses one may choose from for an answer to this message, or for a new one; the fitting one first. No names: those in the
    original are its writer's choice."""
    found = _reached(message, parsed) if message and parsed else ()
    addresses = {address.lower(): Address("", address) for address in found if _may_be_used(address)}
    return tuple({**addresses, default_identity().addr_spec: default_identity()}.values())


def own_addresses(parsed: ParsedMessage) -> tuple[Address, ...]:
    """The owner's addresses in a message: an answer to all does not go to them."""
    return tuple(address for address in (*parsed.from_, *parsed.reply_to, *parsed.to, *parsed.cc) if is_own(address.addr_spec))


def is_own(addr_spec: str) -> bool:
    return addr_spec.rpartition("@")[2].lower() == settings.POSTAMT_DOMAIN


def _may_be_used(addr_spec: str) -> bool:
    return addr_spec.isascii() and is_addr_spec(addr_spec) and is_own(addr_spec)


def _reached(message: Message, parsed: ParsedMessage) -> Iterator[str]:
    if message.is_sent:
        yield from _addr_specs(parsed.from_)
    elif message.receipt:
        yield from message.receipt.get("recipients", [])
    elif parsed.ses and parsed.ses.recipient:
        yield parsed.ses.recipient
    yield from _addr_specs(parsed.to + parsed.cc)


def _addr_specs(addresses: Iterable[Address]) -> Iterator[str]:
    return (address.addr_spec for address in addresses)
