"""What speaks against the sender a message names: one reason a function, each a plain sentence.

A grave reason makes the message doubtful: its links become text and answering is not offered. The others are only said. Which is which
was weighed for few false alarms; what is ordinary for a mailing list or a newsletter with a proven sender is no reason at all.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mailbox.message.domains import ascii_domain, domain_of, organisation_of
from mailbox.message.parse import ParsedMessage
from mailbox.message.sender import Reason, Sender, readable_address, readable_domain, reasons_of_name, shortened

REPLY_TO = "reply-to"
AUTHORS_NAMED = 3
LOOKED_AT = 20  # addresses of a field; who needs more has something to hide

ROUTE = re.compile(r"<\s*@")
AMBIGUOUS = re.compile(r"[<>(),;\\]|@.*@")  # in an address: where it ends depends on who reads it
BULK_FIELDS = frozenset(
    {"list-id", "list-post", "list-unsubscribe", "list-help", "feedback-id", "x-mailing-list", "x-auto-response-suppress"}
)
BULK_PRECEDENCE = frozenset({"bulk", "list", "junk"})
MACHINE = re.compile(r"(?:do[._-]?not|no)[._-]?reply|notifications?|mailer|bounces?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A message and its author. `dmarc` and `spf` are SES's words; empty where there are none. `is_checked`: SES received it. `earlier`:
    mail with this address came before."""

    parsed: ParsedMessage
    sender: Sender
    dmarc: str
    spf: str
    is_checked: bool
    earlier: bool

    @property
    def is_bulk(self) -> bool:
        """A list, a newsletter or a machine, by its own word: for these an address for answers elsewhere is ordinary."""
        fields = dict(self.parsed.headers)
        return (
            not BULK_FIELDS.isdisjoint(fields)
            or fields.get("precedence", "").strip().lower() in BULK_PRECEDENCE
            or fields.get("auto-submitted", "no").strip().lower() != "no"
            or MACHINE.search(self.sender.addr_spec.rpartition("@")[0]) is not None
        )


def checked_as_others(parsed: ParsedMessage, domain: str) -> list[str]:
    """The domains that SES asked about instead of this one and its owner's."""
    named = [ascii_domain(author.strip('"')) for author in parsed.ses.authors] if parsed.ses else []
    return [other for other in named if organisation_of(other) != organisation_of(domain)]


def reasons_against(suspect: Suspect) -> tuple[Reason, ...]:
    """Grave ones first."""
    found = [*reasons_of_name(suspect.sender), *(reason for weigh in WEIGHED for reason in weigh(suspect))]
    return tuple(sorted(found, key=lambda reason: not reason.grave))


def _dmarc(suspect: Suspect) -> Iterator[Reason]:
    domain = readable_domain(suspect.sender.domain) or "the sender it names"
    if suspect.dmarc == "FAIL":
        yield Reason("dmarc", f"{domain} does not vouch for it: the sender did not pass DMARC.", claimed=domain)
    elif suspect.is_checked and suspect.sender.is_own(suspect.sender.domain) and not suspect.sender.is_proven:
        yield Reason("own-domain", f"It says it comes from your own domain {domain}, but nothing shows that it does.", claimed=domain)


def _unproven(suspect: Suspect) -> Iterator[Reason]:
    """A domain without DMARC lets anybody use the name of somebody the owner trusts. Mail that was passed on looks like this too."""
    sender = suspect.sender
    if suspect.spf == "FAIL" and suspect.dmarc not in ("PASS", "FAIL") and sender.domain and not sender.is_proven:
        domain = readable_domain(sender.domain)
        yield Reason(
            "unproven", f"Nothing shows that it comes from {domain}: it is not signed, and its server is unknown there.", grave=False
        )


def _authors(suspect: Suspect) -> Iterator[Reason]:
    fields = [value for name, value in suspect.parsed.headers if name == "from"]
    authors = list(dict.fromkeys(author.addr_spec for author in suspect.parsed.from_ if author.addr_spec))
    organisations = {organisation_of(domain_of(addr_spec)) for addr_spec in authors[:LOOKED_AT]}
    if len(fields) > 1 or len(organisations) > 1 or len(authors) > LOOKED_AT:
        others = f" and {len(authors) - AUTHORS_NAMED} more" if len(authors) > AUTHORS_NAMED else ""
        named = ", ".join(readable_address(addr_spec) for addr_spec in authors[:AUTHORS_NAMED])
        yield Reason("authors", f"It names more than one sender: {named}{others}.")
    elif any(map(ROUTE.search, fields)) or any(map(AMBIGUOUS.search, authors)):
        yield Reason("authors", "Its sender is written so that mail programs read different addresses in it.")
    elif not authors:
        yield Reason("authors", "It does not say who sent it.", grave=False)


def _read_otherwise(suspect: Suspect) -> Iterator[Reason]:
    """SES's checks speak for the domain that SES read in From. Where that is not the one shown, they are another's."""
    domain = suspect.sender.domain
    if suspect.is_checked and domain and (others := checked_as_others(suspect.parsed, domain)):
        words = f"It names {readable_address(suspect.sender.addr_spec)}, but was checked as mail from {readable_domain(others[0])}."
        yield Reason("checked-as", words, claimed=readable_domain(domain))


def _reply_to(suspect: Suspect) -> Iterator[Reason]:
    """Answers that would go to another owner's domain than the mail came from, and not to an address it was written to: a list's."""
    sender = suspect.sender
    if sender.is_proven and (suspect.is_bulk or sender.is_own(sender.domain)):
        return
    home = readable_domain(sender.domain) or "its sender"
    written_to = {to.addr_spec.lower() for to in suspect.parsed.to + suspect.parsed.cc} | {""}
    for address in suspect.parsed.reply_to[:LOOKED_AT]:
        if address.addr_spec.lower() not in written_to and not _is_expected(sender, domain_of(address.addr_spec)):
            words = f"Your answer would go to {readable_address(address.addr_spec)}, not to {home}."
            yield Reason(REPLY_TO, words, grave=not suspect.is_bulk)
            return


def _is_expected(sender: Sender, domain: str) -> bool:
    """The owner's domain, or that of the sender's organisation; where he is proven, also under another ending, or his name at a service:
    `brand.example`, `brand.de`, `brand.helpdesk.example`."""
    if organisation_of(domain) == sender.organisation or sender.is_own(domain):
        return True
    return sender.is_proven and sender.organisation.partition(".")[0] in domain.split(".")[:-1]


def _namesake(suspect: Suspect) -> Iterator[Reason]:
    """The name of somebody the owner knows, from elsewhere. People do have two addresses, and services write in their users' names."""
    sender = suspect.sender
    known = [addr_spec for addr_spec in sender.namesakes if organisation_of(domain_of(addr_spec)) != sender.organisation]
    if not known or len(sender.name.split()) < 2 or sender.is_trusted:
        return
    words = f"You know {shortened(sender.name)} as {readable_address(known[0])}, not as {readable_address(sender.addr_spec)}."
    yield Reason("namesake", words, grave=not (suspect.earlier or (suspect.is_bulk and sender.is_proven)))


WEIGHED: tuple[Callable[[Suspect], Iterator[Reason]], ...] = (_dmarc, _read_otherwise, _unproven, _authors, _namesake, _reply_to)
