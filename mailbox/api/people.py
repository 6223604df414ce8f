"""A mailbox as the API writes and reads it: a name and an address, apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from mailbox.api.shapes import rule
from mailbox.message.address import Address
from mailbox.message.compose import RECIPIENTS_AT_MOST

ONE_LINE = r"^[^\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]*$"
COMPLETE = r"^[^\x00-\x20\x7f-\xa0<>@,;]{1,64}@[^\x00-\x20\x7f-\xa0<>@,;]{1,253}$"


@dataclass(frozen=True, slots=True)
class Person:
    """As a mail names somebody: either may be empty, and neither is proven."""

    display_name: str
    addr_spec: str


@dataclass(frozen=True, slots=True)
class Recipient:
    addr_spec: Annotated[str, rule("A complete address, as in ann@example.org.", pattern=COMPLETE)]
    display_name: Annotated[str, rule("A name on one line.", maxLength=200, pattern=ONE_LINE)] = ""


Recipients = Annotated[tuple[Recipient, ...], rule(maxItems=RECIPIENTS_AT_MOST)]


def people(addresses: Iterable[Address]) -> tuple[Person, ...]:
    return tuple(Person(address.display_name, address.addr_spec) for address in addresses)


def addresses(recipients: Iterable[Recipient]) -> tuple[Address, ...]:
    return tuple(Address(recipient.display_name.strip(), recipient.addr_spec) for recipient in recipients)
