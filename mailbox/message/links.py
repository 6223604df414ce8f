"""Addresses of links and images in mail: which may stay, and which lie about where they go.

An address is rebuilt from its parts, its host in ASCII as the browser would ask for it, so that nothing is left to interpret. Hosts that
only mean something inside a network, and the webmail's own, are refused: mail may send a reader away, never inward.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from mailbox.message.domains import DOMAIN_LIMIT, ascii_domain, organisation_of
from mailbox.message.unseen import INVISIBLE

URL_LIMIT = 4_000

URL = re.compile(r"(https?)://([^/?#\\@\s<>\"]+?)(?::(\d{1,5}))?([/?#][^\s<>\"]*)?", re.IGNORECASE)
SKIPPED_BY_BROWSERS = re.compile(r"[\t\n\r]|^[\x00-\x20]+|[\x00-\x20]+$")
UNSAFE_IN_URLS = str.maketrans({" ": "%20", "<": "%3C", ">": "%3E", '"': "%22"})
MAILTO = re.compile(r"mailto:[^\s<>\"\\]{1,2000}", re.IGNORECASE)
TEL = re.compile(r"tel:\+?(?:[0-9().\-]|%20){1,40}", re.IGNORECASE)
HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})")
INWARD = frozenset({"localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "arpa", "onion"})
DEFAULT_PORTS = {"http": "80", "https": "443"}

NAMED_URL = re.compile(r"(?:https?://(?:[^\s/?#<>\"'@]*@)?|\bwww\.)([^\s/?#<>\"'()\[\],;:@]+)", re.IGNORECASE)
NAMED_HOST = re.compile(r"((?:[\w-]+\.)+[^\W\d_]{2,24})(?:[/?#:]\S*)?")
AROUND_A_HOST = " .,:;!?<>()[]{}\"'«»‹›“”‘’*_|→➜»▶"  # what may stand beside a host without making it a sentence
FILE_EXTENSIONS = frozenset(
    {"csv", "doc", "docx", "gif", "htm", "html", "ics", "jpeg", "jpg", "js", "mp3", "mp4", "odt", "pdf", "php", "png", "ppt", "pptx"}
    | {"rtf", "txt", "xls", "xlsx", "xml"}
)


@dataclass(frozen=True, slots=True)
class DeceptiveLink:
    """A link whose text names one host and which leads to another."""

    named: str
    target: str


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An http or https address whose host is a public name in ASCII. `port` is empty when it is the scheme's own."""

    scheme: str
    host: str
    port: str
    rest: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}{':' + self.port if self.port else ''}{self.rest}"


def web_address(text: str, own_hosts: Collection[str] = ()) -> WebAddress | None:
    """The web address in `text`, or None unless it names a public host other than our own. No user name is taken. RFC 3986, WHATWG URL."""
    match = URL.fullmatch(_tidied(text)) if len(text) <= URL_LIMIT else None
    host = public_host(match[2]) if match else ""
    if match is None or not host or host in own_hosts:
        return None
    scheme = match[1].lower()
    port = "" if match[3] in (None, DEFAULT_PORTS[scheme]) else str(int(match[3]))
    return WebAddress(scheme, host, port, match[4] or "")


def public_host(host: str) -> str:
    """The host as DNS knows it, lower case ASCII; empty for IP literals in any notation, single labels, inward names and nonsense."""
    name = ascii_domain(host)
    return name if len(name) <= DOMAIN_LIMIT and HOST.fullmatch(name) and name.rpartition(".")[2] not in INWARD else ""


def safe_link(text: str, own_hosts: Collection[str] = ()) -> str | None:
    """The target a link may keep: a public web address, `mailto:`, `tel:` or a place in the same mail; else None."""
    text = _tidied(text[: URL_LIMIT + 1])
    if text.startswith("#"):
        return text
    if MAILTO.fullmatch(text) or TEL.fullmatch(text):
        return text
    address = web_address(text, own_hosts)
    return str(address) if address else None


def remote_image(text: str, own_hosts: Collection[str] = ()) -> str | None:
    """The address of an image that may be loaded once the reader asks: https, default port, a public host; else None."""
    address = web_address(text, own_hosts)
    return str(address) if address and address.scheme == "https" and not address.port else None


def deceptive(text: str, href: str) -> DeceptiveLink | None:
    """What is wrong with a link that shows `text` and leads to `href`: None when its text names no host, or the target's owner."""
    named = _named_host(text)
    address = web_address(href) if named else None
    if address is None or organisation_of(named) == organisation_of(address.host):
        return None
    return DeceptiveLink(named, address.host)


def _tidied(text: str) -> str:
    return SKIPPED_BY_BROWSERS.sub("", text).translate(UNSAFE_IN_URLS)


def _named_host(text: str) -> str:
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text[:URL_LIMIT]))
    text = " ".join(text.split()).strip(AROUND_A_HOST)
    if match := NAMED_URL.search(text):
        return public_host(match[1].removeprefix("www."))
    match = NAMED_HOST.fullmatch(text)
    if match is None or match[1].rpartition(".")[2].lower() in FILE_EXTENSIONS:
        return ""
    return public_host(match[1])
