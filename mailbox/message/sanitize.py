"""HTML of mail made safe to show in a sandboxed frame, with a report of what was taken out. The frame is the other wall; both are needed.

Three steps: tags are written down anew within limits (only known ones, no raw text), nh3 builds the tree and keeps what is listed, and
every value it keeps is judged here: styles by css, addresses by links. Nothing that could fetch survives, but images once the reader asks.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote

import nh3

from mailbox.message.anchors import links_marked, links_written_out
from mailbox.message.concealment import concealing_names
from mailbox.message.css import is_for_screens, safe_sheet, safe_style
from mailbox.message.elements import ELEMENTS, REMOVED_AS
from mailbox.message.images import data_url, image_in
from mailbox.message.links import DeceptiveLink, remote_image, safe_link
from mailbox.message.markup import Attributes, Token, attributes, tokens
from mailbox.message.nesting import Nesting

HTML_LIMIT = 1_500_000
TAG_LIMIT = 50_000
DEPTH_LIMIT = 1_000
COPIED_LIMIT = 4_000_000
STYLES_LIMIT = 500_000  # characters of style attributes and sheets; what comes after goes unstyled
ADDRESSES_LIMIT = 5_000  # of links and images; what comes after leads nowhere: a name in foreign letters takes long to read
IMAGES_LIMIT = 3_000_000  # bytes of images shown inside; what comes after stays an attachment
REFERENCES_LIMIT = 40_000_000_000  # `&` times characters: nh3 copies what is left of a text at every `&`
COPY_OVERHEAD = 20  # an element costs more than the characters of its tag

COLOUR = re.compile(r"#?[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?|[a-zA-Z]{3,20}")
SCRIPT_URL = re.compile(r"[\x00-\x20]*(?:java|vb)script:", re.IGNORECASE)
DIRECTION = re.compile(r"ltr|rtl", re.IGNORECASE)
TINY = re.compile(r"\s*[0-2](?:px)?\s*", re.IGNORECASE)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|(?:width|height)\s*:\s*[0-2]px", re.IGNORECASE)
REMOTE = re.compile(r"\s*(?:https?:)?[/\\]{2}", re.IGNORECASE)
DOCTYPE = re.compile(r"\s*(?:<!--.*?-->\s*|<\?[^>]*>\s*)*<!doctype\s([^>]*)>", re.IGNORECASE | re.DOTALL)


class TooHeavy(Exception):
    """The markup is beyond what may be handed to a tree builder. The message is a sentence for the reader."""


@dataclass(frozen=True, slots=True)
class Sanitized:
    """`html` is what stands in the body, style sheet included; `body` the attributes of `<body>` itself.

    `remote_images` can be shown if the reader asks; `trackers`, which nobody would see, never are. `removed` counts what else was taken
    out: scripts, forms, frames, links, images, backgrounds. `refused` says in a sentence why nothing is shown, or is empty.
    """

    html: str
    remote_images: int = 0
    trackers: int = 0
    removed: Mapping[str, int] = field(default_factory=dict)
    deceptive_links: tuple[DeceptiveLink, ...] = ()
    body: Mapping[str, str] = field(default_factory=dict)
    doctype: str = ""
    refused: str = ""


def sanitize(
    html: str,
    *,
    inline: Mapping[str, tuple[str, bytes]] | None = None,
    allow_remote: bool = False,
    own_hosts: Collection[str] = (),
    links: bool = True,
) -> Sanitized:
    """HTML with nothing in it that runs, fetches, posts or leads inward. Any text, bounded work; never raises.

    `inline` are the images of the same mail by Content-ID (without `<>`), whose type is read from their bytes. Remote images stay out
    unless `allow_remote`; then those on https and its default port are kept. Links to `own_hosts` lose their target; without `links` all
    do, and where they would lead is written beside them.
    """
    cleaning = Cleaning(inline or {}, allow_remote=allow_remote, own_hosts=own_hosts)
    try:
        markup = cleaning.rewritten(html.encode("utf-8", "replace").decode().replace("\0", ""))
    except TooHeavy as refusal:
        return Sanitized("", refused=str(refusal))
    cleaned = cleaning.cleaned(markup)
    sheet = "".join(cleaning.sheets)
    content, lies = links_marked(cleaned, concealing_names(sheet))
    content = content if links else links_written_out(cleaned)
    return Sanitized(
        html=f"<style>{sheet}</style>{content}" if sheet else content,
        remote_images=cleaning.remote_images,
        trackers=cleaning.trackers,
        removed=dict(cleaning.removed),
        deceptive_links=lies,
        body=cleaning.body,
        doctype=_doctype(html),
    )


class Cleaning:
    """One pass over one message: its budgets, and the counts of what was taken out."""

    def __init__(self, inline: Mapping[str, tuple[str, bytes]], *, allow_remote: bool, own_hosts: Collection[str]) -> None:
        self.inline = inline
        self.allow_remote = allow_remote
        self.own_hosts = own_hosts
        self.removed: Counter[str] = Counter()
        self.remote_images = 0
        self.trackers = 0
        self.sheets: list[str] = []
        self.body: dict[str, str] = {}
        self.styles: dict[str, str] = {}
        self.room_for_styles = STYLES_LIMIT
        self.room_for_images = IMAGES_LIMIT
        self.room_for_addresses = ADDRESSES_LIMIT

    def rewritten(self, html: str) -> str:
        """The same markup, of known tags only, every attribute quoted. Raises TooHeavy where a tree builder would suffer."""
        if len(html) > HTML_LIMIT:
            raise TooHeavy("This message is too long to be laid out here.")
        nesting, tags, out = Nesting(), 0, []
        for token in tokens(html):
            if token.kind == "text":
                out.append(token.text.replace("<", "&lt;"))
            elif token.name not in ELEMENTS:
                self._leave_out(token)
            else:
                tags += 1
                out.append(self._tag(token, nesting))
                if tags > TAG_LIMIT or nesting.depth > DEPTH_LIMIT or nesting.copied > COPIED_LIMIT:
                    raise TooHeavy("This message is too deeply nested to be laid out here.")
        markup = "".join(out)
        if markup.count("&") * len(markup) > REFERENCES_LIMIT:
            raise TooHeavy("This message holds too many special characters to be laid out here.")
        return markup

    def cleaned(self, markup: str) -> str:
        return nh3.clean(
            markup,
            tags=set(ELEMENTS),
            clean_content_tags=set(),
            attributes={name: set(allowed) for name, allowed in ELEMENTS.items()},
            attribute_filter=self.attribute,
            url_schemes={"cid", "data", "http", "https", "mailto", "tel"},
            link_rel="noopener noreferrer",
            set_tag_attribute_values={"a": {"target": "_blank"}},
        )

    def attribute(self, _element: str, name: str, value: str) -> str | None:
        """What nh3 asks of every attribute it would keep: its value, or None to drop it."""
        if name == "style":
            return self._style(value) or None
        if name == "href":
            return self._counted("links", safe_link(value, self.own_hosts) if self._has_room_for_addresses() else None)
        if name == "src":
            return self._image(value)
        if name == "background":
            return self._counted("backgrounds", None)
        return value[:1_000]

    def _has_room_for_addresses(self) -> bool:
        self.room_for_addresses -= 1
        return self.room_for_addresses >= 0

    def _counted(self, what: str, value: str | None) -> str | None:
        self.removed.update([what] if value is None else [])
        return value

    def _tag(self, token: Token, nesting: Nesting) -> str:
        if token.kind == "end":
            nesting.end(token.name)
            return f"</{token.name}>"
        given = attributes(token.text)
        self.removed.update("scripts" for name, value in given.items() if name.startswith("on") or SCRIPT_URL.match(_unescaped(value)))
        if token.name == "img" and _is_tracker(given):
            self.trackers += 1
            del given["src"]
        kept = (f'{name}="{value.replace(chr(34), "&quot;")}"' for name, value in given.items() if name in ELEMENTS[token.name])
        tag = f"<{' '.join([token.name, *kept])}>"
        nesting.start(token.name, len(tag) + COPY_OVERHEAD)
        return tag

    def _leave_out(self, token: Token) -> None:
        if token.kind == "end":
            return
        if token.name in REMOVED_AS:
            self.removed[REMOVED_AS[token.name]] += 1
        elif token.name == "style":
            self._add_sheet(token)
        elif token.name in ("body", "html"):
            self.body = self._body_attributes(attributes(token.text)) | self.body

    def _add_sheet(self, token: Token) -> None:
        self.room_for_styles -= len(token.content)
        if self.room_for_styles >= 0 and is_for_screens(attributes(token.text).get("media", "")):
            self.sheets.append(safe_sheet(token.content))

    def _body_attributes(self, given: Attributes) -> dict[str, str]:
        given = {name: _unescaped(value) for name, value in given.items()}
        colours = {"background-color": given.get("bgcolor", ""), "color": given.get("text", "")}
        style = "".join(f"{name}:{_colour(value)};" for name, value in colours.items() if COLOUR.fullmatch(value))
        kept = {"class": given.get("class", "")[:1_000], "style": self._style(style + given.get("style", ""))}
        kept["dir"] = given.get("dir", "") if DIRECTION.fullmatch(given.get("dir", "")) else ""
        return {name: value for name, value in kept.items() if value}

    def _style(self, style: str) -> str:
        """Newsletters repeat their styles thousands of times: each is judged once."""
        if style not in self.styles:
            self.room_for_styles -= len(style)
            self.styles[style] = safe_style(style) if self.room_for_styles >= 0 else ""
        return self.styles[style]

    def _image(self, source: str) -> str | None:
        if source[:4].lower() == "cid:":
            return self._counted("images", self._embedded(self.inline.get(unquote(source[4:].strip()), ("", b""))[1]))
        if (content := image_in(source)) is not None:
            return self._counted("images", self._embedded(content))
        address = remote_image(source, self.own_hosts) if self._has_room_for_addresses() else None
        if address is None:
            return self._counted("images", None)
        self.remote_images += 1
        return address if self.allow_remote else None

    def _embedded(self, content: bytes) -> str | None:
        address = data_url(content) if len(content) <= self.room_for_images else ""
        self.room_for_images -= len(content) if address else 0
        return address or None


def _unescaped(value: str) -> str:
    return unescape(value[:2_000])  # it raises on a character reference of 4,300 digits


def _is_tracker(given: Attributes) -> bool:
    """A remote image that nobody is meant to see: at most two pixels each way, or hidden."""
    is_tiny = TINY.fullmatch(given.get("width", "")) and TINY.fullmatch(given.get("height", ""))
    return REMOTE.match(given.get("src", "")) is not None and bool(is_tiny or HIDDEN.search(given.get("style", "")))


def _colour(value: str) -> str:
    is_hex = len(value) in (3, 6) and all(letter in "0123456789abcdefABCDEF" for letter in value)
    return f"#{value}" if is_hex else value


def _doctype(html: str) -> str:
    """The doctype that makes a browser lay the mail out as its sender saw it: none, transitional or current. HTML 13.2.6.4.1."""
    match = DOCTYPE.match(html[:2_000])
    if match is None:
        return ""
    if re.search(r"(XHTML 1\.0|HTML 4\.01) (Transitional|Frameset)", match[1], re.IGNORECASE):
        return '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">'
    return "<!DOCTYPE html>"
