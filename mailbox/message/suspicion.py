"""What speaks against the sender a message names: one reason a function, each a plain sentence.

A grave reason makes the message doubtful: its links become text and answering is not offered. The others are only said. Which is which
was weighed for few false alarms; what is ordinary for a mailing list or a newsletter with a proven sender is no reason at all.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from mailbox.message.address import Address
from mailbox.message.domains import ascii_domain, domain_of, organisation_of, pretends, shown_address, unicode_domain
from mailbox.message.links import INVISIBLE
from mailbox.message.lookalike import names, resembles
from mailbox.message.parse import ParsedMessage

NAME_LOOKED_AT = 1_000
AUTHORS_NAMED = 3
SHOWN = 120  # characters of an address in a sentence; its end says whose it is

ADDRESS_IN_NAME = re.compile(r"[\w.+%'-]{1,64}@((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})")
ADDRESS_SYNTAX = re.compile(r'[<>"]')
WORD = re.compile(r"\w")
ROUTE = re.compile(r"<\s*@")
BULK_FIELDS = frozenset({"list-id", "list-post", "list-unsubscribe", "list-help", "feedback-id", "x-mailing-list"})
BULK_PRECEDENCE = frozenset({"bulk", "list", "junk"})
MACHINE = re.compile(r"(?:do[._-]?not|no)[._-]?reply|notifications?|mailer|bounces?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reason:
    """`claimed` is whom the message passes itself off as, where the checks show that it is not so."""

    kind: str
    words: str
    grave: bool = True
    claimed: str = ""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A message and what is known of its author. `dmarc` is SES's word; empty for a mail that SES did not receive."""

    parsed: ParsedMessage
    author: Address
    dmarc: str
    is_checked: bool
    signed_by: Collection[str]
    own_domains: Collection[str]
    is_trusted: bool
    namesakes: Collection[str]

    @property
    def domain(self) -> str:
        return domain_of(self.author.addr_spec)

    @property
    def organisation(self) -> str:
        return organisation_of(self.domain)

    @property
    def is_proven(self) -> bool:
        """DMARC, or a signature of the same owner where the domain has no DMARC record."""
        if self.dmarc in ("PASS", "FAIL"):
            return self.dmarc == "PASS"
        return self.organisation in map(organisation_of, self.signed_by)

    @property
    def name(self) -> str:
        return INVISIBLE.sub("", unicodedata.normalize("NFKC", self.author.display_name[:NAME_LOOKED_AT]))

    def is_own(self, domain: str) -> bool:
        return any(domain == own or domain.endswith(f".{own}") for own in self.own_domains)

    @property
    def is_bulk(self) -> bool:
        """A list, a newsletter or a machine, by its own word: for these an address for answers elsewhere is ordinary."""
        fields = dict(self.parsed.headers)
        return (
            not BULK_FIELDS.isdisjoint(fields)
            or fields.get("precedence", "").strip().lower() in BULK_PRECEDENCE
            or fields.get("auto-submitted", "no").strip().lower() != "no"
            or MACHINE.search(self.author.addr_spec.rpartition("@")[0]) is not None
        )


def reasons_against(suspect: Suspect) -> tuple[Reason, ...]:
    """Grave ones first."""
    found = [reason for weigh in WEIGHED for reason in weigh(suspect)]
    return tuple(sorted(found, key=lambda reason: not reason.grave))


def _dmarc(suspect: Suspect) -> Iterator[Reason]:
    domain = readable_domain(suspect.domain) or "the sender it names"
    if suspect.dmarc == "FAIL":
        yield Reason("dmarc", f"{domain} does not vouch for it: the sender did not pass DMARC.", claimed=domain)
    elif suspect.is_checked and suspect.is_own(suspect.domain) and not suspect.is_proven:
        yield Reason("own-domain", f"It says it comes from your own domain {domain}, but nothing shows that it does.", claimed=domain)


def _authors(suspect: Suspect) -> Iterator[Reason]:
    fields = [value for name, value in suspect.parsed.headers if name == "from"]
    authors = list(dict.fromkeys(author.addr_spec for author in suspect.parsed.from_ if author.addr_spec))
    organisations = {organisation_of(domain_of(addr_spec)) for addr_spec in authors}
    if len(fields) > 1 or len(organisations) > 1:
        others = f" and {len(authors) - AUTHORS_NAMED} more" if len(authors) > AUTHORS_NAMED else ""
        named = ", ".join(readable_address(addr_spec) for addr_spec in authors[:AUTHORS_NAMED])
        yield Reason("authors", f"It names more than one sender: {named}{others}.")
    elif any(ROUTE.search(value) for value in fields):
        yield Reason("authors", "Its sender is written so that mail programs read different addresses in it.")
    elif not authors:
        yield Reason("authors", "It does not say who sent it.", grave=False)


def _own_name(suspect: Suspect) -> Iterator[Reason]:
    """The owner's domain, or what looks like it, in the name of somebody else."""
    if suspect.is_trusted or suspect.is_own(suspect.domain):
        return
    for own in suspect.own_domains:
        if names(suspect.name, own):
            sent_as = readable_domain(suspect.domain) or "nobody"
            yield Reason("own-name", f"It uses your own domain as its name, but was sent as {sent_as}.", claimed=readable_domain(own))


def _name_is_address(suspect: Suspect) -> Iterator[Reason]:
    """Another address where the name should be. Services put their customer's among other words, which is only worth a word."""
    if suspect.is_trusted or (suspect.is_own(suspect.domain) and suspect.is_proven):
        return
    for match in ADDRESS_IN_NAME.finditer(suspect.name):
        domain = ascii_domain(match[1])
        if organisation_of(domain) == suspect.organisation or suspect.is_own(domain):
            continue
        rest = suspect.name.replace(match[0], "")
        grave = ADDRESS_SYNTAX.search(rest) is not None or WORD.search(rest) is None
        words = f"It calls itself {readable_address(match[0])}, but was sent as {readable_address(suspect.author.addr_spec) or 'nobody'}."
        yield Reason("name-address", words, grave, claimed=readable_domain(domain) if grave else "")
        return


def _reply_to(suspect: Suspect) -> Iterator[Reason]:
    """Answers that would go to another owner's domain than the mail came from."""
    if suspect.is_proven and (suspect.is_bulk or suspect.is_own(suspect.domain)):
        return
    for address in suspect.parsed.reply_to:
        if address.addr_spec and not _is_expected(suspect, address):
            words = (
                f"Your answer would go to {readable_address(address.addr_spec)}, not to {readable_domain(suspect.domain) or 'its sender'}."
            )
            yield Reason("reply-to", words, grave=not suspect.is_bulk)
            return


def _is_expected(suspect: Suspect, address: Address) -> bool:
    """The sender's own organisation, also under another ending where it is proven; the owner; a list the mail was written to."""
    domain = domain_of(address.addr_spec)
    organisation = organisation_of(domain)
    if organisation == suspect.organisation or suspect.is_own(domain):
        return True
    if suspect.is_proven and organisation.partition(".")[0] == suspect.organisation.partition(".")[0]:
        return True
    written_to = {to.addr_spec.lower() for to in suspect.parsed.to + suspect.parsed.cc}
    return address.addr_spec.lower() in written_to


def _lookalike(suspect: Suspect) -> Iterator[Reason]:
    if suspect.is_trusted or suspect.is_own(suspect.domain):
        return
    for known in (*suspect.own_domains, *(domain_of(addr_spec) for addr_spec in suspect.namesakes)):
        if resembles(suspect.domain, known):
            words = f"{readable_domain(suspect.domain)} looks like {readable_domain(known)}, but is another domain."
            yield Reason("lookalike", words, claimed=readable_domain(known))
            return


def _letters(suspect: Suspect) -> Iterator[Reason]:
    if not suspect.is_trusted and pretends(suspect.domain):
        yield Reason("letters", f"Letters of another alphabet imitate others in its domain {shortened(unicode_domain(suspect.domain))}.")


def _namesake(suspect: Suspect) -> Iterator[Reason]:
    """The name of somebody the owner knows, from elsewhere. Services write in their users' names."""
    if len(suspect.name.split()) < 2 or suspect.is_trusted:
        return
    known = [addr_spec for addr_spec in suspect.namesakes if organisation_of(domain_of(addr_spec)) != suspect.organisation]
    if known:
        here = readable_address(suspect.author.addr_spec)
        words = f"You know {suspect.author.display_name[:SHOWN]} as {readable_address(known[0])}, not as {here}."
        yield Reason("namesake", words, grave=not (suspect.is_bulk and suspect.is_proven))


WEIGHED: tuple[Callable[[Suspect], Iterator[Reason]], ...] = (
    _own_name,
    _dmarc,
    _authors,
    _name_is_address,
    _lookalike,
    _letters,
    _namesake,
    _reply_to,
)


def readable_address(addr_spec: str) -> str:
    return shortened(shown_address(addr_spec))


def readable_domain(domain: str) -> str:
    return shortened(domain if pretends(domain) else unicode_domain(domain))


def shortened(text: str) -> str:
    return text if len(text) <= SHOWN else f"…{text[-SHOWN:]}"
