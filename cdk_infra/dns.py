"""The DNS records of a domain whose mail is here, as a table for people and as a zone for name servers. Pure: it asks nobody.

Names and hosts are absolute and without their last dot. What AWS hands out (DKIM tokens, the certificate's proof, the host of
CloudFront) and what the domain says already (its SPF) comes in as `Known`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cdk_infra.deployment import Deployment

TTL = 3600
SPF, INCLUDE = "v=spf1", "include:amazonses.com"
DMARC_POLICY = "v=DMARC1; p=quarantine"
LONGEST_STRING = 255  # octets of one character-string of a TXT record, RFC 1035 3.3


@dataclass(frozen=True, slots=True)
class Record:
    name: str
    kind: str
    value: str
    does: str


@dataclass(frozen=True, slots=True)
class Known:
    dkim_tokens: Sequence[str] = ()
    texts: Sequence[str] = ()  # the TXT records at the domain itself
    proofs: Sequence[tuple[str, str]] = ()  # the CNAMEs that prove the certificate's names
    webmail_target: str = ""  # the host of CloudFront


def records(deployment: Deployment, domain: str, known: Known) -> Iterator[Record]:
    """All there is to set for `domain`; the webmail has its name in the first domain only."""
    bounces = deployment.mail_from(domain)
    yield Record(domain, "MX", f"10 {deployment.receiving_host}", "brings the mail to SES")
    yield Record(domain, "TXT", merged_spf(known.texts), "SPF: SES may send for this domain")
    for name, target in dkim(domain, known.dkim_tokens).items():
        yield Record(name, "CNAME", target, "DKIM: where SES keeps its key")
    yield Record(f"_dmarc.{domain}", "TXT", DMARC_POLICY, "DMARC: doubt mail that proves neither SPF nor DKIM")
    yield Record(bounces, "MX", f"10 {deployment.feedback_host}", "MAIL FROM: where bounces go")
    yield Record(bounces, "TXT", merged_spf(()), "MAIL FROM: SPF of the envelope")
    if domain == deployment.domain:
        if known.webmail_target:
            yield Record(deployment.webmail_host, "CNAME", known.webmail_target, "the webmail")
        for name, target in known.proofs:
            yield Record(name, "CNAME", target, "proves the name of the certificate; renewals need it too")


def dkim(domain: str, tokens: Sequence[str]) -> dict[str, str]:
    """{name: where it points}."""
    return {f"{token}._domainkey.{domain}": f"{token}.dkim.amazonses.com" for token in tokens}


def is_spf(text: str) -> bool:
    return text.lower().split(" ")[0] == SPF


def merged_spf(texts: Iterable[str]) -> str:
    """The SPF record of a name with these TXT values, so that SES may send too.

    Two SPF records count as none (RFC 7208 4.5), so they become one. What ends a record, `all` or a redirect, stays its end.
    """
    terms = [term for text in texts if is_spf(text) for term in text.split()[1:]]
    kept = [term for term in dict.fromkeys(terms) if not ends_spf(term)]
    if not any(lets_ses_send(term) for term in kept):
        kept.append(INCLUDE)
    return " ".join([SPF, *kept, next(filter(ends_spf, terms), "~all")])


def lets_ses_send(term: str) -> bool:
    return term.lower().lstrip("+") == INCLUDE


def ends_spf(term: str) -> bool:
    return term.lower().lstrip("+-~?") == "all" or term.lower().startswith("redirect=")


def table(rows: Sequence[Record]) -> str:
    """Columns under each other; what a record is good for stands last."""
    lines = [("NAME", "TYPE", "VALUE", "")] + [(row.name, row.kind, row.value, row.does) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return "\n".join("  ".join([*map(str.ljust, line, widths), line[3]]).rstrip() for line in lines)


def zone(domain: str, rows: Sequence[Record]) -> str:
    """As BIND reads it (RFC 1035 5): to be included in the zone of the domain, which has its SOA and NS already."""
    return "\n".join([f"$ORIGIN {domain}.", f"$TTL {TTL}", *(f"{row.name}. IN {row.kind} {zone_value(row)}" for row in rows)])


def zone_value(row: Record) -> str:
    return quoted(row.value) if row.kind == "TXT" else f"{row.value}."


def quoted(text: str) -> str:
    """A TXT value as character-strings, none longer than one may be."""
    pieces = [text[start : start + LONGEST_STRING] for start in range(0, len(text), LONGEST_STRING)] or [""]
    return " ".join('"' + piece.replace("\\", r"\\").replace('"', r"\"") + '"' for piece in pieces)
