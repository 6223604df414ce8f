"""Domains of addresses: as DNS knows them, as people read them, and when their letters pretend to be others.

A label may hold letters of one script, or of scripts that are written together, as browsers have it (UTS 39, "highly restrictive"). One
that mixes others, or imitates Latin letters throughout, is not shown without the punycode that gives it away. RFC 5890.
"""

import unicodedata
from collections.abc import Iterator

import idna

DOMAIN_LIMIT = 253  # RFC 1035 2.3.4: what is longer is nobody's, and stays as it is
ACE = "xn--"
DOTS = str.maketrans("。．｡", "...")
# Second-level labels under which a country registers its owners: bbc.co.uk is one owner, co.uk is not.
SHARED_LABELS = frozenset({"ac", "co", "com", "edu", "gob", "gov", "go", "gv", "ne", "net", "nom", "or", "org"})
WRITTEN_TOGETHER = (
    frozenset({"LATIN", "CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
# Letters nobody tells from a Latin one. UTS 39 lists thousands; these are the ones that a domain can hold and a font draws alike.
IMITATIONS = (
    ("асԁеԍһіјӏорԛѕԝхуѵ", "acdeghijlopqswxyv"),  # Cyrillic
    ("αικνορυω", "aiknopuw"),  # Greek
    ("օոսհցզ", "onuhgq"),  # Armenian
    ("ɑɡɩɪ", "agii"),  # of Latin, but of no alphabet that domains are written in
    ("ჿס", "oo"),  # Georgian, Hebrew
)
LATIN_FOR = {ord(letter): latin for letters, latins in IMITATIONS for letter, latin in zip(letters, latins, strict=True)}


def domain_of(addr_spec: str) -> str:
    """The domain of an address as DNS knows it, lower case; empty where there is none."""
    return ascii_domain(addr_spec.rpartition("@")[2]) if "@" in addr_spec else ""


def ascii_domain(domain: str) -> str:
    """`bücher.example` as `xn--bcher-kva.example`. What cannot be a domain is only put in lower case."""
    domain = domain.translate(DOTS).rstrip(".")
    if domain.isascii() or len(domain) > DOMAIN_LIMIT:
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True, std3_rules=False, transitional=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return domain.lower()


def unicode_domain(domain: str) -> str:
    """The letters behind a domain's punycode, whether they are honest or not. What cannot be decoded stays."""
    return ".".join(_decoded(label) for label in domain.translate(DOTS).lower().split("."))


def _decoded(label: str) -> str:
    if not label.startswith(ACE) or len(label) > 63:
        return label
    try:
        return idna.decode(label)
    except (idna.IDNAError, UnicodeError):
        return label


def organisation_of(domain: str) -> str:
    """The part of a domain that one owner registered, near enough without the public suffix list: two labels, or three under `co.uk`.
    Domains of one owner vouch for each other. RFC 7489 3.2."""
    labels = domain.split(".")
    keep = 3 if len(labels) > 2 and labels[-2] in SHARED_LABELS and len(labels[-1]) == 2 else 2
    return ".".join(labels[-keep:])


def pretends(domain: str) -> bool:
    """Whether a label of this domain mixes scripts that nobody writes together, or is made of nothing but imitated Latin letters."""
    if domain.isascii() and ACE not in domain:
        return False
    labels = unicode_domain(domain[: DOMAIN_LIMIT + 1]).split(".")
    return any(_mixes(label) or (labels[-1].isascii() and _imitates(label)) for label in labels)


def _mixes(label: str) -> bool:
    scripts = set(_scripts(label))
    return len(scripts) > 1 and not any(scripts <= together for together in WRITTEN_TOGETHER)


def _imitates(label: str) -> bool:
    return not label.isascii() and label.translate(LATIN_FOR).isascii()


def _scripts(label: str) -> Iterator[str]:
    """The first word of a letter's Unicode name is its script, near enough."""
    return (unicodedata.name(letter, "UNNAMED").split()[0] for letter in label if letter.isalpha())


def shown_address(addr_spec: str) -> str:
    """An address as people read it: honest letters instead of punycode, and pretending ones with their punycode beside them."""
    local, at, domain = addr_spec.rpartition("@")
    if (domain.isascii() and ACE not in domain.lower()) or len(domain) > DOMAIN_LIMIT:
        return addr_spec
    if not pretends(domain):
        return f"{local}{at}{unicode_domain(domain)}"
    return addr_spec if domain.isascii() else f"{addr_spec} ({ascii_domain(domain)})"
