"""People: whom the mailbox had to do with, as the table keeps it, and what that says of a message's sender.

A conversation brings one item for each address that wrote in it, and some for each address the owner wrote to in it: they are a function
of its messages alone, and are written where all rows are, under the guard of its head. Only mail that may be believed counts: a forged
one vouches for nobody. The keys say everything; docs/ARCHITECTURE.md, "The index", has their form.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from mailbox.message.address import Address, is_addr_spec
from mailbox.message.authentication import Acquaintance
from mailbox.store.errors import reaching
from mailbox.store.facts import PEOPLE_MOST, cut, pair
from mailbox.store.listings import has_failed
from mailbox.store.models import Message, TableMeta, stamp

MET, NAME = "p#met", "p#name"
ME, THEY = "me", "they"  # in this order, so that one Query says first whether the owner wrote
NEVER = ("", "~")  # later than any time
FOLDED_BYTES = 200  # a key ends at 1024, and one character may fold to 18
NAMESAKES_MOST, LOOKED_AT = 3, 50

Keys = set[tuple[str, str]]


class Person(Model):
    """`p#met` and `p#name`: items that are nothing but their key."""

    class Meta(TableMeta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


def changed_people(before: Mapping[str, Message], after: Mapping[str, Message]) -> tuple[list[Person], list[Person]]:
    """(items to put, items to delete) when the messages of a conversation change so. Flags change nothing."""
    there, wanted = people_of(before.values()), people_of(after.values())
    return [Person(*key) for key in sorted(wanted - there)], [Person(*key) for key in sorted(there - wanted)]


def people_of(messages: Iterable[Message]) -> Keys:
    """The keys of the people items of a conversation. Pure: any order of its messages gives the same.

    A message adds at most four for each of its people, PEOPLE_MOST, and takes as many away: a transaction has room for that."""
    met: dict[tuple[str, str], str] = {}
    called: dict[tuple[str, str], str] = {}
    for message in sorted(messages, key=lambda message: message.sk):
        side, people = people_in(message)
        for name, address in people:
            met.setdefault((side, address), mark(message))
            if name:
                called.setdefault((side, address), name)
    keys = {(MET, f"{address}#{side}#{first}") for (side, address), first in met.items()}
    for (side, address), first in met.items():
        if side == ME:
            names = {folded_name(address), *(called[who, address] for who in (ME, THEY) if (who, address) in called)}
            keys |= {(NAME, f"{name}#{address}#{first}") for name in names}
    return keys


def people_in(message: Message) -> tuple[str, list[tuple[str, str]]]:
    """(side, [name, address]) of those a message makes known: those the owner wrote it to, or its author."""
    if message.is_sent:
        side, people = ME, [*message.to, *(message.cc or [])]
    else:
        side, people = THEY, [] if has_failed(message.verdicts) else [message.from_]
    folded = [(folded_name(name), folded_address(address)) for name, address in people[:PEOPLE_MOST]]
    return side, [person for person in folded if person[1]]


@lru_cache(4096)
def folded_address(addr_spec: str) -> str:
    """How an address is looked up; empty for one that mail cannot go to. It holds one `@`: no address begins with the key of another."""
    return addr_spec.lower() if is_addr_spec(addr_spec) else ""


@lru_cache(4096)
def folded_name(display_name: str) -> str:
    """How a name is looked up: its words, whatever their case, width, punctuation or invisible characters."""
    visible = (char for char in unicodedata.normalize("NFKC", display_name) if unicodedata.category(char) != "Cf")
    words = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in visible).casefold().split()
    return cut(" ".join(words), FOLDED_BYTES)


def mark(message: Message) -> str:
    return f"{stamp(message.received_at)}#{message.id}"


def acquaintance(message: Message, address: Address) -> Acquaintance:
    """What the index knows of a message's sender, by at most two Queries. Only what came before this message makes its sender an earlier
    one. That the owner wrote to him counts whenever he did, and then nobody else of that name is looked for."""
    name, addr_spec = pair(address)
    sender, now = folded_address(addr_spec), mark(message)
    side, first = first_meeting(sender, ME, now)
    if side == ME:
        return Acquaintance(earlier=first < now or first_meeting(sender, THEY, now)[1] < now, written_to=True)
    return Acquaintance(earlier=first < now, namesakes=namesakes(folded_name(name), sender, now))


def first_meeting(address: str, side: str, until: str) -> tuple[str, str]:
    """(side, mark) of the first item of an address, from this side on; NEVER if there is none until then."""
    if not address:
        return NEVER
    asked = Person.sk.between(f"{address}#{side}#", f"{address}#{THEY}#{until}")
    with reaching("the table"):
        found = next(iter(Person.query(MET, asked, limit=1)), None)
    if found is None:
        return NEVER
    _, side, received_at, id = found.sk.rsplit("#", 3)
    return side, f"{received_at}#{id}"


def namesakes(name: str, address: str, until: str) -> tuple[str, ...]:
    """Other addresses that go by this name, and that the owner had written to by then."""
    if not name:
        return ()
    with reaching("the table"):
        found = [item.sk.rsplit("#", 3) for item in Person.query(NAME, Person.sk.startswith(f"{name}#"), limit=LOOKED_AT)]
    others = [other for _, other, written_at, id in found if other != address and f"{written_at}#{id}" < until]
    return tuple(dict.fromkeys(others))[:NAMESAKES_MOST]
