"""Mailboxes: reading address lists as people and attackers write them, and writing them again. RFC 5322 3.4.

One linear pass over tokens, no recursion. What stands in angle brackets is the address, whatever the display name pretends:
`alice@example.com <bob@evil.example>` is bob. A phrase without any address is kept as a display name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailbox.message.headers import one_line, readable

ADDRESS_LIMIT = 1_000

TOKEN = re.compile(
    r"""
    (?P<encoded>(?:=\?[^?\s]++\?[bBqQ]\?[^?\s]*+\?=\s*+)++)
    | "(?P<quoted>(?:[^"\\]|\\.)*+)\\?(?P<close>"|\Z)
    | <(?P<angle>(?:[^<>"]|"(?:[^"\\]|\\.)*")*+)>
    | <(?P<unclosed>[^<>",]*)\Z
    | (?P<literal>\[[^][<>",;()\s]*+\])
    | (?P<special>[,;:()<>\\])
    | (?P<atom>[^",;:()<>\\[=]++|[\[=])
    """,
    re.VERBOSE | re.DOTALL,
)
# Nearly all lists are made of these alone, and read the same either way.
PLAIN_MAILBOX = re.compile(
    r"""
    \s*+
    (?: (?:"(?P<quoted>[^"\\]*+)"\s*+|(?P<phrase>[^"(),:;<>@\\]*+)) <(?P<angle>[^\s"(),:;<>\\]++)>
      | (?P<bare>[^\s"(),:;<>@\\[\]]++@[^\s"(),:;<>@\\[\]]++) )
    \s*+ (?:,|\Z)
    """,
    re.VERBOSE,
)
QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
COMMENT_EDGE = re.compile(r"\\.|[()]", re.DOTALL)
COMMENT = re.compile(r"\([^()]*\)")
ROUTE = re.compile(r"^\s*@[^:]*:")

WORD = re.compile(r'(?:"[^"]*+"|[^\s"]|")+')
OUTSIDE_QUOTES = re.compile(r'"[^"]*+"|\S')

# What is not allowed, rather than the million characters that are: those take Python 15 ms to compile.
ATEXT = r"""[^\x00-\x20"(),.:;<>@[\\\]\x7f-\xa0]+"""
LETTER = r"\x00-,./:-@[-`{-\xa0"
LABEL = rf"[^{LETTER}-](?:[^{LETTER}]{{0,61}}[^{LETTER}-])?"
ADDR_SPEC = re.compile(rf"{ATEXT}(?:\.{ATEXT})*@(?:{LABEL}\.)+(?![0-9]+\Z){LABEL}")


@dataclass(frozen=True, slots=True)
class Address:
    display_name: str
    addr_spec: str

    @property
    def name(self) -> str:
        return self.display_name or self.addr_spec


def is_addr_spec(text: str) -> bool:
    """Whether mail could go there: a dot-atom, `@`, a domain of two labels or more; no quotes, no literal. RFC 5321 4.1.2, 6531 3.3."""
    is_short = len(text) <= 254 and len(text.partition("@")[0]) <= 64
    return is_short and text.isprintable() and ADDR_SPEC.fullmatch(text) is not None


def parse_addresses(value: str) -> tuple[Address, ...]:
    """The mailboxes of an address list, groups flattened, at most ADDRESS_LIMIT. Never raises. RFC 5322 3.4."""
    plain = _plain_list(value)
    if plain is not None:
        return tuple(plain)
    reader = Reader()
    for kind, text in _tokens(value):
        reader.take(kind, text)
        if len(reader.found) >= ADDRESS_LIMIT:
            break
    reader.finish()
    return tuple(reader.found[:ADDRESS_LIMIT])


def _plain_list(value: str) -> list[Address] | None:
    found: list[Address] = []
    pos = 0
    while pos < len(value) and len(found) < ADDRESS_LIMIT:
        mailbox = PLAIN_MAILBOX.match(value, pos)
        if mailbox is None:
            return None
        quoted, phrase, angle, bare = mailbox.groups()
        found.append(Address(readable(quoted or phrase or ""), one_line(angle or bare)))
        pos = mailbox.end()
    return found


def _tokens(value: str) -> Iterator[tuple[str, str]]:
    """Tokens as (kind, text); a comment is one of them. A quote that is never closed is an ordinary character."""
    pos = 0
    while (token := TOKEN.match(value, pos)) is not None:
        pos = token.end()
        if token["special"] == "(":
            end = _comment_end(value, pos)
            yield "comment", value[pos : end - 1]
            pos = end
        elif token["close"] == "":
            value, pos = value[token.start() :].replace('"', ""), 0
        elif token["close"]:
            yield "quoted", token["quoted"]
        else:
            yield str(token.lastgroup), token[0]


def _comment_end(value: str, pos: int) -> int:
    depth = 1
    for edge in COMMENT_EDGE.finditer(value, pos):
        depth += {"(": 1, ")": -1}.get(edge[0], 0)
        if not depth:
            return edge.end()
    return len(value) + 1


@dataclass(slots=True)
class Reader:
    """The mailbox being read and those read before it."""

    found: list[Address] = field(default_factory=list)
    words: list[tuple[str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    angle: str | None = None

    def take(self, kind: str, text: str) -> None:
        if kind == "comment":
            self.comments.append(text)
        elif kind in ("angle", "unclosed"):
            if self.angle is not None:
                self.finish()
            self.angle = text.strip("<>")
        elif kind != "special":
            self.words.append((kind, text))
        elif text in ",;":
            self.finish()
        elif text == ":":
            self.words.clear()

    def finish(self) -> None:
        if self.angle is not None:
            name = readable(self._phrase()) or readable(" ".join(self.comments))
            self._add(name, COMMENT.sub("", ROUTE.sub("", self.angle)))
        elif self.words:
            self._bare()
        self.words.clear()
        self.comments.clear()
        self.angle = None

    def _phrase(self) -> str:
        return "".join(QUOTED_PAIR.sub(r"\1", text) if kind == "quoted" else text for kind, text in self.words)

    def _bare(self) -> None:
        """Words without brackets: those with an @ are addresses, what stands before one is its name."""
        text = "".join(f'"{text}"' if kind == "quoted" else text for kind, text in self.words)
        name: list[str] = []
        before = len(self.found)
        for word in WORD.findall(" ".join(text.split()).replace(" @", "@").replace("@ ", "@")):
            if "@" in word:
                self._add(readable(" ".join(name) or " ".join(self.comments)), word)
                name.clear()
            else:
                name.append(word)
        if before == len(self.found):
            self._add(readable(self._phrase()), "")

    def _add(self, display_name: str, addr_spec: str) -> None:
        addr_spec = "".join(OUTSIDE_QUOTES.findall(one_line(addr_spec)))
        if display_name or addr_spec:
            self.found.append(Address(display_name, addr_spec))
