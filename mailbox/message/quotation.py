"""How programs and people mark what is not their own words: who wrote what is quoted below, and messages copied whole.

Preview leaves such text out, the page folds it.
"""

import re
from collections.abc import Sequence

QUOTE_INTRO = re.compile(
    r"^(?:On\b.{0,300}\bwrote|Am\b.{0,300}\bschrieb\b.{0,100}|Le\b.{0,300}\ba écrit|El\b.{0,300}\bescribió|Il\b.{0,300}\bha scritto"
    r"|Op\b.{0,300}\bschreef\b.{0,100}|Em\b.{0,300}\bescreveu|Den\b.{0,300}\bskrev\b.{0,100}|W dniu\b.{0,300}\bnapisał(?:\(a\)|a)?"
    r"|.{0,300}\b(?:пишет|написал|написала))\s?:\s*$",
    re.MULTILINE,
)
# These say it only right above quoted lines: `Ann wrote:`, `2025-11-24 Ann <ann@example.org>:`. Elsewhere they may introduce anything.
QUOTE_INTRO_ABOVE = re.compile(
    r"(?:[\d@].*|\b(?:wrote|writes|said|schrieb|schreibt|écrit|escribió|scritto|schreef|escreveu|skrev|napisał(?:\(a\)|a)?)\b[^:]{0,100}):$"
)
ORIGINAL_MESSAGE = re.compile(
    r"-{2,}\s*(?:Original Message|Original-Nachricht|Ursprüngliche Nachricht|Message d'origine|Mensaje original)\s*-{2,}",
    re.IGNORECASE,
)
FORWARDED_MESSAGE = re.compile(r"-{2,}\s*Forwarded message\s*-{2,}|Begin forwarded message:", re.IGNORECASE)
HEADER_LINE = re.compile(
    r"\*?(?:From|Sent|To|Cc|Date|Subject|Von|Gesendet|An|Betreff|Datum|De|Envoyé|À|Objet|Enviado|Para|Asunto)\s?:\*?\s\S"
)
RULE = re.compile(r"_{5,}")
INTRO_LOOKED_AT = 300  # characters before the end of a line
HEADER_LINES = 4  # looked at, a rule above them included


def says_who_is_quoted(line: str) -> bool:
    """For a line right above a quotation."""
    return QUOTE_INTRO_ABOVE.search(line.rstrip()[-INTRO_LOOKED_AT:]) is not None


def is_header_block(lines: Sequence[str]) -> bool:
    """Whether these lines, without spaces around them, begin with the head of a copied message, as Outlook writes it."""
    texts = lines[1:] if lines and RULE.fullmatch(lines[0]) else lines
    return len(texts) >= 3 and all(HEADER_LINE.match(text) for text in texts[:3])
