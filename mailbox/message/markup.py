"""HTML as it comes, cut into tags and text in one linear pass, as a browser cuts it.

Nothing is judged here and no tree is built; entities stay as they are. What may be shown of the tags is decided by sanitize.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

NAME = r"[\s/]*+(?:[^\s/>=]|=)[^\s/>=]*+"
VALUE = r"""\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|(?=[^"'])[^\s>]*+)"""
TAG = re.compile(rf"<(/?)([a-zA-Z][^\s/>]*+)((?:{NAME}(?:{VALUE})?)*+)[\s/]*+>")
ATTRIBUTE = re.compile(r"""[\s/]*+((?:[^\s/>=]|=)[^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"?|'([^']*+)'?|([^\s>]*+)))?""")
COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))|<(?:[!?]|/(?![a-zA-Z]))[^>]*+(?:>|\Z)", re.DOTALL)
TAG_START = re.compile(r"</?[a-zA-Z]")
STRAY = re.compile(r"(?:<(?![a-zA-Z!/?]))+|<")
# Elements whose content is nothing to read. Browsers take most of them as raw text too, so no tag inside counts.
RAW = frozenset(
    {"applet", "iframe", "noembed", "noframes", "noscript", "object", "plaintext", "script", "select", "style", "template", "textarea"}
    | {"title", "xmp"}
)
RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])[^>]*+(?:>|\Z)", re.IGNORECASE) for name in RAW}

Attributes = dict[str, str]


class Token(NamedTuple):
    """`text` is the text itself or, of a tag, its attributes as written; `content` what a raw element holds."""

    kind: Literal["start", "end", "text", "raw"]
    name: str
    text: str
    content: str = ""


def tokens(html: str) -> Iterator[Token]:
    """Tags and text in order, comments and declarations left out, a raw element as one token. HTML 13.2.5. Linear time, any text."""
    position, end = 0, len(html)
    while position < end:
        start = html.find("<", position)
        if start < 0:
            yield Token("text", "", html[position:])
            return
        if start > position:
            yield Token("text", "", html[position:start])
        if comment := COMMENT.match(html, start):
            position = comment.end()
        elif tag := TAG.match(html, start):
            token, position = _tag_token(html, tag)
            yield token
        elif TAG_START.match(html, start):
            return  # a tag that never ends takes the rest with it, as in a browser
        elif stray := STRAY.match(html, start):
            yield Token("text", "", stray[0])
            position = stray.end()


def _tag_token(html: str, tag: re.Match[str]) -> tuple[Token, int]:
    """The token of a tag, and where the text after it begins."""
    name = tag[2].lower()
    if tag[1] or name not in RAW:
        return Token("end" if tag[1] else "start", name, tag[3]), tag.end()
    closing = RAW_END[name].search(html, tag.end())
    content = html[tag.end() : closing.start() if closing else len(html)]
    return Token("raw", name, tag[3], content), closing.end() if closing else len(html)


def attributes(text: str) -> Attributes:
    """The attributes of a start tag, the first of each name, names in lower case, values with their entities."""
    found: Attributes = {}
    for name, double, single, bare in ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), double or single or bare)
    return found
