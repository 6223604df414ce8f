"""Whether a message comes from whom it names: SES's verdicts in words, who vouches for it, and what speaks against it.

Facts of the bytes and of the receipt, joined at view time with what the index knows of the sender; nothing of this is stored. The words
never promise more than the checks can: a PASS says who vouches for a mail, not that it is honest.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mailbox.message.address import Address
from mailbox.message.domains import ascii_domain, domain_of, organisation_of
from mailbox.message.links import DeceptiveLink
from mailbox.message.parse import ParsedMessage
from mailbox.message.suspicion import Reason, Suspect, readable_domain, reasons_against

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
    def known(self) -> bool:
        return self.earlier or self.written_to

    @property
    def first_contact(self) -> bool:
        return not self.known


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
    author = next((author for author in parsed.from_ or parsed.sender if author.addr_spec), Address("", ""))
    checked = verdicts or {}
    suspect = Suspect(
        parsed=parsed,
        author=author,
        dmarc=checked.get("dmarc", ""),
        is_checked=verdicts is not None,
        signed_by=parsed.ses.signed_by if parsed.ses and checked.get("dkim") == "PASS" else (),
        own_domains=tuple(domain for domain in map(ascii_domain, own_domains) if domain),
        is_trusted=acquaintance.written_to and checked.get("dmarc") != "FAIL",
        namesakes=acquaintance.namesakes,
    )
    return Authentication(
        verdicts=checked,
        alignment=tuple(_alignment(suspect, checked)) if checked else (),
        reasons=reasons_against(suspect) + tuple(_links(deceptive_links)),
        earlier=acquaintance.earlier,
        written_to=acquaintance.written_to,
        is_bulk=suspect.is_bulk,
    )


def _alignment(suspect: Suspect, verdicts: Mapping[str, str]) -> Iterator[str]:
    domain = readable_domain(suspect.domain)
    if domain:
        yield VOUCHES.get(suspect.dmarc, "{} does not say who may write in its name.").format(domain)
    signers = [readable_domain(signer) for signer in suspect.signed_by][:SIGNERS_NAMED]
    if signers:
        whose = "" if suspect.organisation in map(organisation_of, suspect.signed_by) else f", not by {domain or 'its sender'}"
        yield f"It is signed by {' and '.join(signers)}{whose}."
    envelope = domain_of(suspect.parsed.ses.envelope_from or "") if suspect.parsed.ses else ""
    if envelope and (words := SERVER.get(verdicts.get("spf", ""))):
        yield words.format(readable_domain(envelope))


def _links(deceptive_links: Sequence[DeceptiveLink]) -> Iterator[Reason]:
    """Newsletters that count clicks do it too, so it is only said beside something else."""
    for link in deceptive_links[:1]:
        yield Reason("links", f"A link names {readable_domain(link.named)}, but leads to {readable_domain(link.target)}.", grave=False)
