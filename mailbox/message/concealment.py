"""What of a mail's text no reader sees: elements that a style makes invisible. For judging what a link shows; nothing is taken out by it.

Only what a style says of an element itself, or a style sheet of its class, id or name, is looked at: no layout is computed. Text that is
wrongly taken for hidden, or for shown, is therefore still judged in the other reading.
"""

import re
from collections.abc import Iterable

from mailbox.message.markup import Attributes

NOTHING = r"[+-]?0*+\.?0*+(?:[a-z]{2,4}|%)?"
SPECK = r"[+]?0*+(?:[01]?(?:\.\d+)?px|[01]?(?:\.\d+)?pt|\.[0-2]\d*r?em|\d?(?:\.\d+)?%)"
CONCEALS = {
    "display": re.compile(r"none"),
    "visibility": re.compile(r"hidden|collapse"),
    "opacity": re.compile(r"0*\.?0?\d?%?"),
    "font-size": re.compile(rf"{NOTHING}|{SPECK}"),
    "font": re.compile(rf"(?:.*\s)?(?:{NOTHING}|{SPECK})(?:\s*/\s*\S+)?\s+[^\d].*"),
    "color": re.compile(r"transparent|#fff|#ffffff|white|rgba\(.*,\s*0*+\.?0*+%?\)|#(?:[0-9a-f]{3}0|[0-9a-f]{6}00)"),
    "text-indent": re.compile(r"-.{3,}"),
    "letter-spacing": re.compile(r"-.*"),
    **dict.fromkeys(("height", "line-height", "max-height", "max-width", "width"), re.compile(rf"{NOTHING}|{SPECK}")),
    **dict.fromkeys(("margin", "margin-left", "margin-top"), re.compile(r".*-\d{3,}.*")),
}
# What an element inside can take back.
TAKEN_BACK = frozenset({"color", "font-size", "letter-spacing", "line-height", "text-indent", "visibility"})
COMMENT = re.compile(r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)")
VALUE_LOOKED_AT = 200  # characters: the expressions above may go back over each of them
NAMES = re.compile(r"(\[[\w-]+)[^\]]*|([.#]?[\w-]+)|(\*)")

Ways = frozenset[str]


def concealed_by(style: str, before: Ways = frozenset()) -> Ways:
    """In which ways an element is hidden: those of what it stands `before` in, and its own."""
    ways = set(before)
    for declaration in COMMENT.sub("", style).lower().split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip(), " ".join(value.replace("!important", "").split())[:VALUE_LOOKED_AT]
        pattern, way = CONCEALS.get(name), "font-size" if name == "font" else name
        if pattern and pattern.fullmatch(value):
            ways.add(way)
        elif pattern and way in TAKEN_BACK:
            ways.discard(way)
    return frozenset(ways)


def concealing_names(sheet: str) -> frozenset[str]:
    """What a style sheet hides: `.class`, `#id`, `element`, `[attribute`, or `*`, anything."""
    names: set[str] = set()
    for rule in COMMENT.sub("", sheet).split("}"):
        before, opening, declarations = rule.rpartition("{")
        if opening and concealed_by(declarations):
            selectors = before.rpartition("{")[2].lower().split(",")
            names.update(name for selector in selectors for name in _last_of(selector))
    return frozenset(names)


def _last_of(selector: str) -> Iterable[str]:
    last = re.split(r"[\s>+~]+", selector.strip())[-1]
    return ("".join(found) for found in NAMES.findall(last))


def is_named(element: str, given: Attributes, names: frozenset[str]) -> bool:
    """Whether a style sheet hides elements of this name, or with one of these attributes."""
    classes = (f".{name}" for name in given.get("class", "").lower().split())
    return not names.isdisjoint(("*", element, f"#{given.get('id', '').lower()}", *classes, *(f"[{name}" for name in given)))
