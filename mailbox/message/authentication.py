"""Whether a message comes from whom it names: SES's verdicts in words, who vouches for it, and what speaks against it.

Facts of the bytes and of the receipt, joined at view time with what the index knows of the sender; nothing of this is stored. The words
never promise more than the checks can: a PASS says who vouches for a mail, not that it is honest.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mailbox.message.address import Address
from mailbox.message.domains import ascii_domain, domain_of, organisation_of
from mailbox.message.links import DeceptiveLink
from mailbox.message.parse import ParsedMessage
from mailbox.message.sender import Reason, Sender, readable_domain
from mailbox.message.suspicion import REPLY_TO, Suspect, checked_as_others, reasons_against

SIGNERS_NAMED = 3

VOUCHES = {
    "PASS": "{} vouches for it.",
    "FAIL": "{} does not vouch for it.",
    "PROCESSING_FAILED": "Whether {} vouches for it could not be checked.",
}
SERVER = {
    "PASS": "It was sent by a server of {}.",
    "FAIL": "It was sent by a server that {} does not allow.",
}


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What the index knows of a sender when the message is looked at."""

    earlier: bool = False  # mail from or to this address came before this message
    written_to: bool = False  # the owner wrote to it
    namesakes: tuple[str, ...] = ()  # other addresses the owner wrote to, or knows, under the same display name


@dataclass(frozen=True, slots=True)
class Authentication:
    """`alignment` says in sentences what SPF, DKIM and DMARC mean for the domain of the sender; `reasons` what speaks against him."""

    verdicts: Mapping[str, str] = field(default_factory=dict)
    alignment: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    earlier: bool = False
    written_to: bool = False
    is_bulk: bool = False  # a list, a newsletter or a machine, by its own word

    @property
    def is_doubtful(self) -> bool:
        return any(reason.grave for reason in self.reasons)

    @property
    def answers_elsewhere(self) -> bool:
        return any(reason.kind == REPLY_TO for reason in self.reasons)

    def with_answers_known(self) -> "Authentication":
        """The same where the owner has written to the address that answers would go to."""
        return replace(self, reasons=tuple(reason for reason in self.reasons if reason.kind != REPLY_TO))

    @property
    def known(self) -> bool:
        return self.earlier or self.written_to


def authenticate(
    parsed: ParsedMessage,
    verdicts: Mapping[str, str] | None,
    *,
    own_domains: Collection[str],
    acquaintance: Acquaintance,
    deceptive_links: Sequence[DeceptiveLink] = (),
) -> Authentication:
    """`verdicts` are SES's words for a mail it received, the receipt's before those on top of it; None for any other mail, in which nothing
    that looks like SES's lines is believed. Never raises."""
    checked, author = verdicts or {}, author_of(parsed)
    signed_by = parsed.ses.signed_by if parsed.ses and checked.get("dkim") == "PASS" else ()
    dmarc = checked.get("dmarc", "")
    if dmarc != "FAIL" and checked and checked_as_others(parsed, domain_of(author.addr_spec)):
        dmarc, signed_by = "PROCESSING_FAILED", ()
    sender = Sender(
        author.display_name,
        author.addr_spec,
        own_domains=tuple(domain for domain in map(ascii_domain, own_domains) if domain),
        is_trusted=acquaintance.written_to and dmarc not in ("FAIL", "PROCESSING_FAILED"),
        is_proven=_is_proven(dmarc, author, signed_by),
        namesakes=acquaintance.namesakes,
    )
    spf = checked.get("spf", "")
    suspect = Suspect(parsed, sender, dmarc, spf, is_checked=verdicts is not None, earlier=acquaintance.earlier)
    return Authentication(
        verdicts=checked,
        alignment=tuple(_alignment(suspect, checked, signed_by)) if checked else (),
        reasons=reasons_against(suspect) + tuple(_links(deceptive_links)),
        earlier=acquaintance.earlier,
        written_to=acquaintance.written_to,
        is_bulk=suspect.is_bulk,
    )


def author_of(parsed: ParsedMessage) -> Address:
    """Who a message is shown to be from: the name that stands first, and the address that stands first."""
    authors = parsed.from_ or parsed.sender
    return Address(authors[0].display_name if authors else "", next((author.addr_spec for author in authors if author.addr_spec), ""))


def _is_proven(dmarc: str, author: Address, signed_by: Collection[str]) -> bool:
    """By DMARC, or by a signature of the same owner where the domain has no DMARC record."""
    if dmarc in ("PASS", "FAIL"):
        return dmarc == "PASS"
    return organisation_of(domain_of(author.addr_spec)) in map(organisation_of, signed_by)


def _alignment(suspect: Suspect, verdicts: Mapping[str, str], signed_by: Sequence[str]) -> Iterator[str]:
    sender = suspect.sender
    domain = readable_domain(sender.domain)
    if domain:
        yield VOUCHES.get(suspect.dmarc, "{} does not say who may write in its name.").format(domain)
    if signed_by:
        whose = "" if sender.organisation in map(organisation_of, signed_by) else f", not by {domain or 'its sender'}"
        yield f"It is signed by {' and '.join(map(readable_domain, signed_by[:SIGNERS_NAMED]))}{whose}."
    envelope = domain_of(suspect.parsed.ses.envelope_from or "") if suspect.parsed.ses else ""
    if envelope and (words := SERVER.get(verdicts.get("spf", ""))):
        yield words.format(readable_domain(envelope))


def _links(deceptive_links: Sequence[DeceptiveLink]) -> Iterator[Reason]:
    """Newsletters that count clicks do it too, so it is only said beside something else."""
    for link in deceptive_links[:1]:
        yield Reason("links", f"A link names {readable_domain(link.named)}, but leads to {readable_domain(link.target)}.", grave=False)
