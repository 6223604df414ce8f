"""Styles of mail: what decides a layout stays, what could fetch, cover or hide a script's work goes. CSS Syntax 3, by tinycss2.

Properties, functions, selectors and at-rules are allowed by name and every value is looked at token by token: filtering names alone lets
`background:url()` through. What is returned is written anew from tokens, so a browser has nothing left to recover from.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import tinycss2
from tinycss2.ast import Declaration, Node, QualifiedRule

SHEET_LIMIT = 250_000
SHEETS_KEPT = 8  # a page judges what its frame asks for a moment later
STYLE_LIMIT = 10_000
NESTING_LIMIT = 8

LAYOUT = """
background background-color border border-bottom border-bottom-color border-bottom-left-radius border-bottom-right-radius
border-bottom-style border-bottom-width border-collapse border-color border-left border-left-color border-left-style border-left-width
border-radius border-right border-right-color border-right-style border-right-width border-spacing border-style border-top
border-top-color border-top-left-radius border-top-right-radius border-top-style border-top-width border-width box-shadow box-sizing
caption-side clear color direction display empty-cells float font font-family font-size font-stretch font-style font-variant
font-weight height letter-spacing line-height list-style-position list-style-type margin margin-bottom margin-left margin-right
margin-top max-height max-width min-height min-width opacity outline overflow overflow-wrap padding padding-bottom padding-left
padding-right padding-top table-layout text-align text-decoration text-indent text-shadow text-transform unicode-bidi vertical-align
visibility white-space width word-break word-spacing word-wrap -webkit-text-size-adjust -ms-text-size-adjust mso-line-height-rule
mso-table-lspace mso-table-rspace
"""
PROPERTIES = frozenset(LAYOUT.split())
FUNCTIONS = frozenset({"calc", "clamp", "hsl", "hsla", "linear-gradient", "max", "min", "radial-gradient", "rgb", "rgba"})
DISPLAYS = frozenset(
    {
        "block",
        "flex",
        "grid",
        "inherit",
        "initial",
        "inline",
        "inline-block",
        "inline-flex",
        "inline-table",
        "list-item",
        "none",
        "table",
        "table-cell",
        "table-row",
    }
)
SAFE_TOKENS = ("comment", "dimension", "hash", "ident", "number", "percentage", "string", "whitespace")
LITERALS = frozenset(",/!+-*.%")
UNSAFE_IN_VALUE = re.compile(r"[<>\\{}@;\x00-\x1f]|//")  # no value of CSS has two slashes outside a string
SELECTOR = re.compile(r"[\w\s.#*,>+~:()\-\[\]=\"'|^$]{1,2000}")
READS_VALUES = re.compile(r"\[[^\]]*value", re.IGNORECASE)
MEDIA = re.compile(r"[\w\s(),:.\-]{0,500}")
# The frame is always light: a sheet's dark half would put light letters on it.
COLOUR_SCHEME = re.compile(r"prefers-color-scheme", re.IGNORECASE)
VERY_LONG_NUMBER = re.compile(r"\d{1000,}")
PAINTED = re.compile(r"\b(?:all|screen)\b", re.IGNORECASE)


def safe_style(style: str) -> str:
    """The declarations of a style attribute that may stay, `name:value;…`; empty when none may."""
    if len(style) > STYLE_LIMIT:
        return ""
    return _declarations(tinycss2.parse_declaration_list(_with_short_numbers(style), skip_comments=True, skip_whitespace=True))


@lru_cache(maxsize=SHEETS_KEPT)
def safe_sheet(sheet: str) -> str:
    """The rules of a style sheet that may stay; the rest, `@import` and `@font-face` among it, is left out. Holds no `<` and no address."""
    sheet = _with_short_numbers(sheet[:SHEET_LIMIT])
    return _rules(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True), nested=False)


def _with_short_numbers(css: str) -> str:
    """tinycss2 reads numbers as Python does, which refuses integers of more than 4300 digits."""
    return VERY_LONG_NUMBER.sub("0", css)


def is_for_screens(media: str) -> bool:
    """Whether the media attribute of a style sheet, tag or rule lets it apply to a light screen."""
    return not COLOUR_SCHEME.search(media) and (not media.strip() or "(" in media or PAINTED.search(media) is not None)


def _rules(rules: Iterable[Node], *, nested: bool) -> str:
    return "".join(_rule(rule, nested=nested) for rule in rules)


def _rule(rule: Node, *, nested: bool) -> str:
    if rule.type == "qualified-rule":
        return _style_rule(rule)
    if rule.type != "at-rule" or rule.lower_at_keyword != "media" or rule.content is None or nested:
        return ""
    media = _written(rule.prelude)
    if not MEDIA.fullmatch(media) or not is_for_screens(media):
        return ""
    rules = _rules(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), nested=True)
    return f"@media {media}{{{rules}}}" if rules else ""


def _style_rule(rule: QualifiedRule) -> str:
    selector = _written(rule.prelude)
    if not SELECTOR.fullmatch(selector) or READS_VALUES.search(selector):
        return ""
    declarations = _declarations(tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True))
    return f"{selector}{{{declarations}}}" if declarations else ""


def _written(tokens: list[Node]) -> str:
    return tinycss2.serialize(tokens).strip() if _is_shallow(tokens) else "\\"


def _is_shallow(tokens: Iterable[Node], left: int = NESTING_LIMIT) -> bool:
    return left > 0 and all(_is_shallow(_inside(token), left - 1) for token in tokens)


def _inside(token: Node) -> list[Node]:
    inside: list[Node] = getattr(token, "arguments", None) or getattr(token, "content", None) or []
    return inside


def _declarations(nodes: Iterable[Node]) -> str:
    return ";".join(written for node in nodes if node.type == "declaration" and (written := _declaration(node)))


def _declaration(node: Declaration) -> str:
    # A background keeps its colour when it loses its image, or light letters would stand on white.
    tokens = [token for token in node.value if not _is_url(token)] if node.lower_name == "background" else node.value
    if node.lower_name not in PROPERTIES or not _is_safe(tokens):
        return ""
    value = tinycss2.serialize(tokens).strip()
    if not value or UNSAFE_IN_VALUE.search(value):
        return ""
    if node.lower_name == "display" and value.lower() not in DISPLAYS:
        return ""
    return f"{node.lower_name}:{value}{' !important' if node.important else ''}"


def _is_url(token: Node) -> bool:
    return bool(token.type == "url" or (token.type == "function" and token.lower_name == "url"))


def _is_safe(tokens: Iterable[Node], left: int = NESTING_LIMIT) -> bool:
    return left > 0 and all(_is_safe_token(token, left) for token in tokens)


def _is_safe_token(token: Node, left: int) -> bool:
    if token.type == "function":
        return token.lower_name in FUNCTIONS and _is_safe(token.arguments, left - 1)
    if token.type == "() block":
        return _is_safe(token.content, left - 1)
    if token.type == "literal":
        return token.value in LITERALS
    return token.type in SAFE_TOKENS
