"""Text from HTML, and the one line a list shows of a message. Never for display as HTML: the result is text.

A linear tokenizer, not a parser: mail is as broken as it wants to be, and only words and line breaks are asked for.
"""

import re
from html import unescape

HTML_LIMIT = 1 << 20
PREVIEW_LIMIT = 200
PREVIEW_SOURCE = 20_000

TAG = re.compile(r"<(?:!--.*?(?:-->|\Z)|[!?][^>]*(?:>|\Z)|(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)(?:>|\Z))", re.DOTALL)
SKIPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "textarea", "select", "svg", "math", "object", "iframe"})
BREAKS = {"br": "\n", "tr": "\n", "div": "\n", "li": "\n- ", "hr": "\n"} | dict.fromkeys(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "section", "article", "header", "footer"], "\n\n"
)
HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d])|\bhidden\b", re.IGNORECASE)
VOID = frozenset({"br", "img", "hr", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"})
SPACE = re.compile(r"[ \t\r\n\xa0]+")
INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]")
QUOTE_INTRO = re.compile(
    r"^(?:On\b.{0,200}\bwrote|Am\b.{0,200}\bschrieb\b.{0,80}|Le\b.{0,200}\ba écrit|El\b.{0,200}\bescribió)\s?:\s*$", re.MULTILINE
)
FORWARD_RULE = re.compile(
    r"^-{2,}\s*(?:Original Message|Forwarded message|Ursprüngliche Nachricht)\s*-{2,}\s*$", re.MULTILINE | re.IGNORECASE
)
URL = re.compile(r"[<(\[]?https?://[^\s>)\]]+[>)\]]?")
RULE = re.compile(r"[-=_*~#]{4,}")


def html_to_text(html: str) -> str:
    """What a reader of this HTML would see as text: blocks on lines of their own, hidden parts left out. Any text, linear time."""
    out: list[str] = []
    skip, depth, pos = "", 0, 0
    html = html[:HTML_LIMIT]
    for tag in TAG.finditer(html):
        if not skip:
            out.append(SPACE.sub(" ", unescape(html[pos : tag.start()])))
        pos = tag.end()
        name = (tag[2] or "").lower()
        closing = bool(tag[1])
        if skip:
            if name == skip:
                depth += -1 if closing else 1
                skip = skip if depth else ""
        elif not closing and (name in SKIPPED or (name and name not in VOID and HIDDEN.search(tag[3]))):
            skip, depth = name, 1
        elif name in BREAKS and not (closing and name in ("br", "li", "hr")):
            out.append(BREAKS[name])
    if not skip:
        out.append(SPACE.sub(" ", unescape(html[pos:])))
    return _tidied("".join(out))


def _tidied(text: str) -> str:
    lines = [line.strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def preview_of(text: str, html: str) -> str:
    """The first words a person wrote, on one line of at most 200 characters: no quoted text, no addresses of links, nothing invisible."""
    source = text if text.strip() else html_to_text(html)
    source = source[:PREVIEW_SOURCE]
    for mark in (QUOTE_INTRO, FORWARD_RULE):
        if (match := mark.search(source)) and source[: match.start()].strip():
            source = source[: match.start()]
    lines = [line for line in source.split("\n") if not line.startswith(">")]
    line = INVISIBLE.sub("", RULE.sub(" ", URL.sub(" ", " ".join(lines))))
    line = " ".join(line.split())
    return line if len(line) <= PREVIEW_LIMIT else line[: PREVIEW_LIMIT - 1].rstrip() + "…"
