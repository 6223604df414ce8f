"""Whom a sender passes himself off as, judged by his name and address alone: what a list of messages can know, too.

One ground a function, each a plain sentence. Grave ones make a message doubtful (suspicion.py).
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from mailbox.message.domains import ascii_domain, domain_of, organisation_of, pretends, shown_address, unicode_domain
from mailbox.message.lookalike import names, resembles
from mailbox.message.unseen import INVISIBLE

NAME_LOOKED_AT = 1_000
SHOWN = 120  # characters of an address in a sentence; its end says whose it is

ADDRESS_IN_NAME = re.compile(r"""[^\s@<>()\[\],:;"]{1,64}@((?:[\w-]{1,63}[.\u3002]){1,8}[^\W\d_]{2,24})""")
ADDRESS_SYNTAX = re.compile(r'[<>"]')
WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Reason:
    """`claimed` is whom the message passes itself off as, where the checks show that it is not so."""

    kind: str
    words: str
    grave: bool = True
    claimed: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """`is_trusted`: the owner wrote to this address. `is_proven`: his domain vouches for him. `namesakes`: addresses that the owner knows
    under the same name."""

    display_name: str
    addr_spec: str
    own_domains: Collection[str]
    is_trusted: bool = False
    is_proven: bool = True
    namesakes: Collection[str] = ()

    @property
    def domain(self) -> str:
        return domain_of(self.addr_spec)

    @property
    def organisation(self) -> str:
        return organisation_of(self.domain)

    @property
    def name(self) -> str:
        return INVISIBLE.sub("", unicodedata.normalize("NFKC", self.display_name[:NAME_LOOKED_AT]))

    def is_own(self, domain: str) -> bool:
        return any(domain == own or domain.endswith(f".{own}") for own in self.own_domains)


def reasons_of_name(sender: Sender) -> Iterator[Reason]:
    """Why this name and address are not to be believed. Whom the owner wrote to may call himself as he likes."""
    if not sender.is_trusted:
        for weigh in WEIGHED:
            yield from weigh(sender)


def hides_address(display_name: str, addr_spec: str) -> bool:
    """Whether a name stands for another address than the one it is the name of. Such a name is not to be shown instead of it."""
    return any(reason.grave for reason in _name_is_address(Sender(display_name, addr_spec, ())))


def _own_name(sender: Sender) -> Iterator[Reason]:
    """The owner's domain, or what looks like it, in the name of somebody else."""
    if sender.is_own(sender.domain):
        return
    for own in sender.own_domains:
        if names(sender.name, own):
            sent_as = readable_domain(sender.domain) or "nobody"
            yield Reason("own-name", f"It uses your own domain as its name, but was sent as {sent_as}.", claimed=readable_domain(own))


def _name_is_address(sender: Sender) -> Iterator[Reason]:
    """Another address where the name should be. Services put their customer's among other words, which is only worth a word."""
    if sender.is_own(sender.domain) and sender.is_proven:
        return
    for match in ADDRESS_IN_NAME.finditer(sender.name):
        domain = ascii_domain(match[1])
        if organisation_of(domain) == sender.organisation or sender.is_own(domain):
            continue
        rest = sender.name.replace(match[0], "")
        grave = ADDRESS_SYNTAX.search(rest) is not None or WORD.search(rest) is None
        words = f"It calls itself {readable_address(match[0])}, but was sent as {readable_address(sender.addr_spec) or 'nobody'}."
        yield Reason("name-address", words, grave, claimed=readable_domain(domain) if grave else "")
        return


def _lookalike(sender: Sender) -> Iterator[Reason]:
    if sender.is_own(sender.domain):
        return
    for known in (*sender.own_domains, *(domain_of(addr_spec) for addr_spec in sender.namesakes)):
        if resembles(sender.domain, known):
            words = f"{readable_domain(sender.domain)} looks like {readable_domain(known)}, but is another domain."
            yield Reason("lookalike", words, claimed=readable_domain(known))
            return


def _letters(sender: Sender) -> Iterator[Reason]:
    if pretends(sender.domain):
        yield Reason("letters", f"Letters of another alphabet imitate others in its domain {shortened(unicode_domain(sender.domain))}.")


WEIGHED: tuple[Callable[[Sender], Iterator[Reason]], ...] = (_own_name, _name_is_address, _lookalike, _letters)


def readable_address(addr_spec: str) -> str:
    return shortened(shown_address(addr_spec))


def readable_domain(domain: str) -> str:
    return shortened(domain if pretends(domain) else unicode_domain(domain))


def shortened(text: str) -> str:
    return text if len(text) <= SHOWN else f"…{text[-SHOWN:]}"
