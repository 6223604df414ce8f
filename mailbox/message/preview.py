"""Text from HTML, and the one line a list shows of a message. The result is text, never markup.

Tags are only cut, not understood: from HTML we want its words, line breaks, quotations and links. A preview holds what the writer wrote
first: no quotation, no signature, no tracking addresses, none of the invisible characters that pad preheaders.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from itertools import islice

from mailbox.message.charsets import clean
from mailbox.message.markup import Token, attributes, tokens
from mailbox.message.quotation import FORWARDED_MESSAGE, HEADER_LINES, ORIGINAL_MESSAGE, QUOTE_INTRO, is_header_block, says_who_is_quoted

PREVIEW_LIMIT = 200
ENOUGH = 600  # characters looked at to find 200 good ones
HEADLINES = 4  # among the first lines, newsletters offer to open them in a browser
LINES_ENOUGH = 200
TOKENS_ENOUGH = 5_000
HTML_ENOUGH = 300_000
TOKENS_LIMIT = 200_000
DEPTH_LIMIT = 10

LINE_ELEMENTS = frozenset(
    {"address", "article", "aside", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "header", "hr"}
    | {"li", "main", "nav", "section", "tr"}
)
PARAGRAPHS = frozenset({"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"})
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
CLOSED_BY_NEXT = frozenset({"dd", "dt", "li", "option", "p", "td", "th", "tr"})
HIDDEN = re.compile(
    r"display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden|mso-hide\s{0,5}:\s{0,5}all"
    r"|(?:max-height|opacity)\s{0,5}:\s{0,5}0(?![.\d])",
    re.IGNORECASE,
)
LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")  # `unescape` raises on numbers of thousands of digits

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2007\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufffc]"
)
RULE = re.compile(r"[-=_*~#+.·•—–\s]{3,}")
IN_BROWSER = re.compile(
    r"\b(?:(?:in|with) your (?:web )?browser|web ?version|view (?:it |this )?online|trouble (?:viewing|reading)|im browser"
    r"|(?:can(?:'|’|no)t|unable to) (?:see|read|view) (?:this|(?:the |our )?images)|(?:view|read|display|support)\w* .{0,40}\bhtml"
    r"|not display(?:ing|ed) (?:correctly|properly)|nicht (?:korrekt|richtig) angezeigt"
    r"|online-?(?:version|ansicht)|version en ligne|ver en el navegador)\b",
    re.IGNORECASE,
)
LINK = re.compile(r"[<(\[]\s?(?:https?://|mailto:)[^\s>)\]]*\s?[>)\]]|https?://\S{50,}")
PGP_HEAD = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----|Hash: [A-Z0-9, -]{3,40}")
PGP_DATA = re.compile(r"-----BEGIN PGP (?:MESSAGE|SIGNATURE|PUBLIC KEY BLOCK)-----")
PLACEHOLDER = re.compile(r"\[(?:cid|image|inline image|bild|imagen)\b[^\]]{0,200}\]", re.IGNORECASE)


def html_to_text(html: str) -> str:
    """What a reader of this HTML sees, as text: no hidden parts, quotations behind `> `, link targets in <>. Any text, in linear time."""
    writer = TextWriter()
    for token in islice(tokens(html), TOKENS_LIMIT):
        writer.take(token)
    return writer.text()


def preview_of(text: str, html: str) -> str:
    """The first words of a message on one line of at most 200 characters. Of a text that only says "read the HTML", the HTML's."""
    lines = text.split("\n", LINES_ENOUGH)[:LINES_ENOUGH]
    line = _own_words(lines) or (_own_words(_first_lines(html)) if html else "") or _one_line(" ".join(_before_data(lines)))
    return line if len(line) <= PREVIEW_LIMIT else f"{line[: PREVIEW_LIMIT - 1].rstrip()}…"


def _own_words(lines: list[str]) -> str:
    own = " ".join(_own_lines(lines))
    return _one_line(PLACEHOLDER.sub(" ", LINK.sub(" ", own)))


def _before_data(lines: list[str]) -> list[str]:
    return lines[: next((number for number, line in enumerate(lines) if PGP_DATA.match(line)), len(lines))]


def _first_lines(html: str) -> list[str]:
    """The start of what HTML says. A hidden preheader belongs to it: it was written to be the preview."""
    writer = TextWriter(for_preview=True)
    for token in islice(tokens(html[:HTML_ENOUGH]), TOKENS_ENOUGH):
        writer.take(token)
        if writer.size > ENOUGH:
            break
    return writer.text().split("\n")


def _one_line(text: str) -> str:
    return " ".join((text if text.isascii() else INVISIBLE.sub("", text[: 10 * ENOUGH]))[: 2 * ENOUGH].split())


def _own_lines(lines: list[str]) -> list[str]:
    """The lines the writer wrote, up to the signature or a message copied below."""
    own: list[str] = []
    size = 0
    for number, line in enumerate(lines):
        words = line[: 2 * ENOUGH].strip()
        if words.startswith(">"):
            _drop_intro(own)
        elif PGP_DATA.match(words) or (own and (line in ("-- ", "--") or _is_copy(lines[number : number + HEADER_LINES]))):
            break
        elif (
            words and not RULE.fullmatch(words) and not PGP_HEAD.fullmatch(words) and (len(own) >= HEADLINES or not _offers_browser(words))
        ):
            own.append(words)
            size += len(words)
        if size > ENOUGH:
            break
    return own


def _is_copy(lines: list[str]) -> bool:
    """Whether a copied message begins here."""
    first = lines[0][:ENOUGH].strip()
    if ORIGINAL_MESSAGE.match(first) or FORWARDED_MESSAGE.match(first):
        return True
    return (":" in first or "__" in first) and is_header_block([line[:ENOUGH].strip() for line in lines])


def _offers_browser(words: str) -> bool:
    return len(words) < 120 and IN_BROWSER.search(words) is not None


def _drop_intro(own: list[str]) -> None:
    """Take off the line or lines that say whom the quotation below them quotes."""
    for count in (1, 2, 3):
        if QUOTE_INTRO.match(" ".join(own[-count:])):
            del own[-count:]
            return
    if own and says_who_is_quoted(own[-1]):
        own.pop()


@dataclass(slots=True)
class TextWriter:
    """Lines of text, made of tags and words as they come."""

    for_preview: bool = False
    size: int = 0
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    items: list[int] = field(default_factory=list)  # of each open list how many came; -1 where they are not numbered
    mark: str = ""
    quoted: int = 0
    preformatted: int = 0
    hidden_by: str = ""
    hidden_depth: int = 0
    target: str = ""
    link_start: int = 0

    def text(self) -> str:
        self._end_line()
        return clean("\n".join(self.lines).strip("\n"))

    def take(self, token: Token) -> None:
        if self.hidden_by and not self._is_shown_again(token):
            return
        if token.kind == "text":
            self._write(token.text)
        elif token.kind == "start":
            self._start(token)
        elif token.kind == "end":
            self._end(token.name)

    def _is_shown_again(self, token: Token) -> bool:
        """Whether a token stands after the hidden element; its own end tag counts as inside."""
        if token.name != self.hidden_by:
            return False
        if token.kind == "start" and token.name not in CLOSED_BY_NEXT:
            self.hidden_depth += 1
        elif token.kind == "end":
            self.hidden_depth -= 1
        is_next = token.kind == "start" and token.name in CLOSED_BY_NEXT
        if is_next or not self.hidden_depth:
            self.hidden_by = ""
        return is_next

    def _start(self, token: Token) -> None:
        name = token.name
        if not self.for_preview and name not in VOID and _is_hidden(token.text):
            self.hidden_by, self.hidden_depth = name, 1
            return
        self._break(name)
        if name == "br":
            self._end_line()
        elif name in ("ol", "ul"):
            self.items.append(0 if name == "ol" else -1)
        elif name == "li":
            self._mark_item()
        elif name in ("td", "th"):
            self._end_cell()
        elif name == "blockquote":
            self.quoted += 1
        elif name == "pre":
            self.preformatted += 1
        elif name == "a":
            self.target, self.link_start = _target(token.text), len(self.line)

    def _mark_item(self) -> None:
        if self.line == [self.mark]:
            self.line.clear()
        if self.items and self.items[-1] >= 0:
            self.items[-1] += 1
            self.mark = f"{self.items[-1]}. "
        else:
            self.mark = "- "
        self.line.append(self.mark)

    def _end_cell(self) -> None:
        """Cells stand beside each other; for a preview each is a line, so that what it leaves out is only what it means."""
        if self.for_preview:
            self._end_line()
        else:
            self.line.append(" ")

    def _end(self, name: str) -> None:
        if name == "a":
            self._end_link()
        self._break(name)
        if name == "blockquote":
            self.quoted = max(0, self.quoted - 1)
        elif name == "pre":
            self.preformatted = max(0, self.preformatted - 1)
        elif name in ("ol", "ul") and self.items:
            self.items.pop()

    def _end_link(self) -> None:
        words = "".join(self.line[self.link_start :]).strip()
        if self.target and words and words not in self.target:
            self.line.append(f" <{self.target}>")
        self.target = ""

    def _write(self, text: str) -> None:
        words = unescape(LONG_REFERENCE.sub("\ufffd", text)) if "&" in text else text
        if self.preformatted:
            *lines, words = words.split("\n")
            for line in lines:
                self.line.append(line)
                self._end_line()
        self.line.append(words)
        self.size += len(words) if not words.isspace() else 0

    def _break(self, name: str) -> None:
        if self.mark and self.line == [self.mark]:
            return  # what an item begins with stands beside its mark
        if name in PARAGRAPHS:
            self._end_line()
            if self.lines and self.lines[-1]:
                self.lines.append("")
        elif name in LINE_ELEMENTS and self.line:
            self._end_line()

    def _end_line(self) -> None:
        line = "".join(self.line)
        line = line.rstrip() if self.preformatted else " ".join(line.split())
        self.line.clear()
        if line or (self.lines and self.lines[-1]):
            self.lines.append("> " * min(self.quoted, DEPTH_LIMIT) + line if line else "")


def _is_hidden(attributes_text: str) -> bool:
    return HIDDEN.search(attributes_text) is not None or ("hidden" in attributes_text and "hidden" in attributes(attributes_text))


def _target(attributes_text: str) -> str:
    target = unescape(attributes(attributes_text).get("href", "")[:2_000].strip())
    return target if target.startswith(("http://", "https://")) and target.isprintable() and " " not in target else ""
