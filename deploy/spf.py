"""An SPF record that lets SES send too. Pure. RFC 7208: one record a domain, terms from left to right, `all` and `redirect` last."""

from collections.abc import Sequence

INCLUDE = "include:amazonses.com"
FRESH = f"v=spf1 {INCLUDE} ~all"


def is_spf(text: str) -> bool:
    return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")


def with_ses(texts: Sequence[str]) -> list[str]:
    """All TXT values of the name, with SES in the one that is SPF; equal to `texts` when nothing is to be done."""
    merged = [_let_ses_send(text) if is_spf(text) else text for text in texts]
    return merged if any(map(is_spf, texts)) else [*merged, FRESH]


def _let_ses_send(record: str) -> str:
    terms = record.split()
    if INCLUDE in (term.lower().lstrip("+") for term in terms):
        return record
    end = next((place for place, term in enumerate(terms) if _ends(term)), len(terms))
    return " ".join([*terms[:end], INCLUDE, *terms[end:]])


def _ends(term: str) -> bool:
    return term.lower().lstrip("+-~?") == "all" or term.lower().startswith("redirect=")
