"""Mailboxes: reading address lists as people and attackers write them, and writing them again. RFC 5322 3.4.

One linear pass over tokens, no recursion. What stands in angle brackets is the address, whatever the display name pretends:
`alice@example.com <bob@evil.example>` is bob.
"""

import re
from dataclasses import dataclass
from email.utils import quote

from mailbox.message.headers import decode_words, one_line

ADDRESS_LIMIT = 1_000

TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|<([^<>]*)>|([,;:()<>"\\])|([^",;:()<>\\]+)', re.DOTALL)
QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
ADDR_SPEC = re.compile(
    rf"{ATEXT}(?:\.{ATEXT})*@"
    r"(?:[A-Za-z0-9\u0080-\U0010ffff](?:[A-Za-z0-9\u0080-\U0010ffff-]{0,61}[A-Za-z0-9\u0080-\U0010ffff])?\.)+"
    r"[A-Za-z\u0080-\U0010ffff][A-Za-z0-9\u0080-\U0010ffff-]{0,61}[A-Za-z0-9\u0080-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Address:
    display_name: str
    addr_spec: str

    @property
    def local_part(self) -> str:
        return self.addr_spec.rpartition("@")[0]

    @property
    def domain(self) -> str:
        return self.addr_spec.rpartition("@")[2].lower() if "@" in self.addr_spec else ""

    @property
    def name(self) -> str:
        return self.display_name or self.addr_spec

    def formatted(self) -> str:
        """As a header holds it, ASCII only where the address itself is. RFC 5322, 2047."""
        if not self.display_name:
            return self.addr_spec
        if self.display_name.isascii():
            return f'"{quote(self.display_name)}" <{self.addr_spec}>'
        return f"{_encoded(self.display_name)} <{self.addr_spec}>"


def _encoded(text: str) -> str:
    from email.header import Header

    return Header(text, "utf-8", maxlinelen=10**6).encode()


def is_addr_spec(text: str) -> bool:
    """Whether we may send to it: a dot-atom, `@`, a domain name of two labels or more. No quoted local part, no literal. RFC 5321 4.1.2."""
    return len(text) <= 254 and len(text.partition("@")[0]) <= 64 and ADDR_SPEC.fullmatch(text) is not None


def parse_addresses(value: str) -> tuple[Address, ...]:
    """The mailboxes of an address list, groups flattened, at most ADDRESS_LIMIT. Never raises. RFC 5322 3.4."""
    found: list[Address] = []
    words: list[str] = []
    comments: list[str] = []
    angle: str | None = None
    depth = 0

    def flush() -> None:
        nonlocal angle
        address = _address(words, comments, angle)
        if address is not None:
            found.append(address)
        words.clear()
        comments.clear()
        angle = None

    for quoted, bracketed, special, atom in TOKEN.findall(value):
        if special == "(":
            depth += 1
        elif depth:
            depth -= special == ")"
            comments.append(atom or quoted)
        elif special in (",", ";") and special:
            flush()
            if len(found) >= ADDRESS_LIMIT:
                return tuple(found)
        elif special == ":":
            words.clear()
        elif bracketed:
            angle = bracketed
        elif quoted:
            words.append(QUOTED_PAIR.sub(r"\1", quoted))
        elif atom:
            words.append(atom)
    flush()
    return tuple(found)


def _address(words: list[str], comments: list[str], angle: str | None) -> Address | None:
    if angle is None:
        text = "".join(words).strip()
        if not text:
            return None
        return Address(_text(" ".join(comments)), "".join(one_line(text).split()))
    addr_spec = angle.rpartition(":")[2] if angle.startswith("@") else angle
    addr_spec = "".join(one_line(addr_spec).split())
    if not addr_spec and not words:
        return None
    return Address(_text("".join(words)) or _text(" ".join(comments)), addr_spec)


def _text(text: str) -> str:
    return " ".join(one_line(decode_words(text)).split())
