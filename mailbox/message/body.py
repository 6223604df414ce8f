"""What a reader is shown of a message's text: plain data for a template, never markup.

Lines, links and depths of quotation come out; the quoted rest of a conversation and the signature stand apart, so that a page can fold the
one and quieten the other. Whether a message is shown so or as HTML in a frame is decided by `is_rich`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import groupby, islice

from mailbox.message.flowed import SIGNATURE_MARK, Written, written_lines
from mailbox.message.links import safe_link
from mailbox.message.markup import tokens
from mailbox.message.parse import ParsedMessage
from mailbox.message.preview import html_to_text
from mailbox.message.quotation import HEADER_LINES, ORIGINAL_MESSAGE, QUOTE_INTRO, is_header_block, says_who_is_quoted

TEXT_SHOWN = 200_000
LINES_SHOWN, LINKS_SHOWN = 4_000, 2_000  # a page is made of each, and a line may be one character
HTML_LOOKED_AT = 400_000
INTRO_LINES = 4
PGP_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"

RICH_ELEMENTS = frozenset({"img", "style", "table"})
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
BACKGROUND = re.compile(r"\b(?:background|bgcolor)(?:-[a-z]+)?\s*[:=]", re.IGNORECASE)

LINK = re.compile(
    r"(?P<web>(?:https?://|www\.)[^\s<>\"]+)|(?P<mail>(?<![\w.+%@-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b)", re.IGNORECASE
)
AFTER_LINK = ".,;:!?'\"*_~»“”’…"
BRACKETS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; a link where `href` is set, to a public web address or `mailto:`."""

    text: str
    href: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph. `depth` is how often its text is quoted: 0 is the writer's own."""

    depth: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class TextBody:
    """`quoted` is the rest of the conversation below what was written, to be folded; `cut` says that the text goes on."""

    blocks: tuple[Block, ...]
    signature: tuple[Block, ...] = ()
    quoted: tuple[Block, ...] = ()
    cut: bool = False


def is_rich(html: str) -> bool:
    """Whether HTML says more than its text does: an image, a table, a style sheet or a background. Such mail is shown in the frame."""
    return any(
        token.name in RICH_ELEMENTS or (token.kind == "start" and BACKGROUND.search(token.text) is not None)
        for token in tokens(html[:HTML_LOOKED_AT])
        if token.kind != "text"
    )


def text_of(parsed: ParsedMessage) -> str:
    """The words of a message: its plain text, or the text of its HTML where it has no other."""
    return parsed.text if parsed.text.strip() or not parsed.html else html_to_text(parsed.html)


def lines_of(parsed: ParsedMessage, most: int) -> tuple[list[Written], bool]:
    """The lines of the words of a message, and whether there are more than this many characters hold."""
    text = text_of(parsed)
    flowed = parsed.flowed and text is parsed.text
    return list(written_lines(text[:most].strip("\n"), flowed=flowed, delsp=parsed.delsp)), len(text) > most


def language_of(parsed: ParsedMessage) -> str:
    """The language a message says it is in, as `lang` takes it; empty where it says none. RFC 3282, 5646."""
    value = next((value.strip() for name, value in parsed.headers if name.lower() == "content-language"), "")
    return value if LANGUAGE.fullmatch(value) else ""


def render_text(parsed: ParsedMessage, *, own_hosts: Collection[str] = ()) -> TextBody:
    """The text of a message for the page. Links to `own_hosts`, or to what is no public host, stay text."""
    all_lines, cut = lines_of(parsed, TEXT_SHOWN)
    lines, links = all_lines[:LINES_SHOWN], Links(own_hosts)
    quoted_from = _start_of_quoted(lines)
    own, quoted = lines[:quoted_from], lines[quoted_from:]
    signed_from = _start_of_signature(own)
    return TextBody(
        blocks=_blocks(own[:signed_from], links),
        signature=_blocks(own[signed_from + 1 :], links),
        quoted=_blocks(quoted, links),
        cut=cut or len(all_lines) > LINES_SHOWN,
    )


def without_links(body: TextBody) -> TextBody:
    """The same words, none of which lead anywhere. The addresses among them are the true ones already."""
    return replace(body, blocks=_unlinked(body.blocks), signature=_unlinked(body.signature), quoted=_unlinked(body.quoted))


def _unlinked(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(replace(block, lines=tuple(tuple(Span(span.text) for span in line) for line in block.lines)) for block in blocks)


def _start_of_signature(lines: list[Written]) -> int:
    """The last mark above a signature, or the signature of PGP, which nobody reads."""
    marks = [number for number, line in enumerate(lines) if line.depth == 0 and line.text in (SIGNATURE_MARK, PGP_SIGNATURE)]
    return marks[-1] if marks else len(lines)


def _start_of_quoted(lines: list[Written]) -> int:
    """Where the rest of the conversation begins; the end where there is none, or nothing else."""
    start = min(_start_of_trailing_quote(lines), _start_of_copied_message(lines))
    return start if any(not line.is_blank for line in lines[:start]) else len(lines)


def _start_of_trailing_quote(lines: list[Written]) -> int:
    """Quoted lines at the end, with the line that says whom they quote."""
    start = len(lines)
    while start and (lines[start - 1].depth or lines[start - 1].is_blank):
        start -= 1
    if not any(line.depth for line in lines[start:]):
        return len(lines)
    starts = [first for first in range(max(0, start - INTRO_LINES), start) if _introduces(lines[first:start])]
    if not starts and start and says_who_is_quoted(lines[start - 1].text):
        return start - 1
    return starts[0] if starts else start


def _introduces(lines: list[Written]) -> bool:
    return QUOTE_INTRO.match(" ".join(line.text.strip() for line in lines if not line.is_blank)) is not None


def _start_of_copied_message(lines: list[Written]) -> int:
    """A message copied below without quote marks, by its introduction or its header block."""
    last_quoted = max((number for number, line in enumerate(lines) if line.depth), default=-1)
    for number, line in enumerate(lines):
        if line.depth or line.is_blank:
            continue
        head = [line.text.strip() for line in lines[number : number + HEADER_LINES]]
        if ORIGINAL_MESSAGE.fullmatch(head[0]) or is_header_block(head):
            return number
        if number > last_quoted and _introduces(lines[number : number + 2]):
            return number
    return len(lines)


@dataclass(slots=True)
class Links:
    """How many more there may be in a message, and where none may lead."""

    own_hosts: Collection[str]
    room: int = LINKS_SHOWN


def _blocks(lines: list[Written], links: Links) -> tuple[Block, ...]:
    runs = groupby(lines, key=lambda line: (line.depth, line.is_blank))
    return tuple(Block(depth, tuple(_linked(line.text, links) for line in run)) for (depth, blank), run in runs if not blank)


def _linked(text: str, links: Links) -> Line:
    spans: list[Span] = []
    position = 0
    for match in islice(LINK.finditer(text), links.room):
        shown = _without_punctuation(match[0])
        href = safe_link(_address(match, shown), links.own_hosts)
        links.room -= 1
        if href is None:
            continue
        if match.start() > position:
            spans.append(Span(text[position : match.start()]))
        spans.append(Span(shown, href))
        position = match.start() + len(shown)
    return (*spans, Span(text[position:])) if position < len(text) or not spans else tuple(spans)


def _address(match: re.Match[str], shown: str) -> str:
    if match["mail"]:
        return f"mailto:{shown}"
    return shown if shown[:4].lower() == "http" else f"https://{shown}"


def _without_punctuation(text: str) -> str:
    """A link without the sentence around it: `(see https://a.example/b).` ends at the `b`."""
    end = len(text)
    unopened = {closing: text.count(closing) - text.count(opening) for closing, opening in BRACKETS.items()}
    while end and (text[end - 1] in AFTER_LINK or unopened.get(text[end - 1], 0) > 0):
        end -= 1
        if text[end] in unopened:
            unopened[text[end]] -= 1
    return text[:end]
