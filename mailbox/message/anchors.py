"""Links of HTML that nh3 has cleaned: those that lie get their true host beside them, or all are written out and lead nowhere.

What a link shows is judged in two readings, all of its text and that part of it which no style hides, because a sender can put hidden
letters into a link to make its text look true. Links that stand side by side and lead to one place are read as one.
"""

from collections.abc import Collection
from html import escape, unescape

from mailbox.message.concealment import Ways, concealed_by, is_named
from mailbox.message.links import DeceptiveLink, deceptive, web_address
from mailbox.message.markup import Token, attributes, tokens
from mailbox.message.nesting import VOID

JUDGED_LIMIT = 4_000  # characters of a link's text
NEIGHBOUR_LIMIT = 100  # of its neighbours' texts
OPEN_LINKS_READ = 3  # links stand in links only through a table
NEW_TAB = ' target="_blank"'
MARKED = (
    '<small style="all:initial!important;display:inline!important;font:12px sans-serif!important;color:#8a1c14!important;'
    'background:#fff!important"> [leads to {}]</small>'
)
BREAKS = frozenset({"br", "center", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "p", "table", "td", "th", "tr"})
NEW_LINE = "\n"
LINES_JUDGED = 8
SHEET = "sheet"  # the way to be hidden that no element inside takes back
SHOWN: Ways = frozenset()


class Link:
    """An open link: where it leads, and its text in both readings; `before` is its neighbour that leads to the same place."""

    def __init__(self, target: str, before: "Link | None") -> None:
        self.target = target
        self.all_text: str = before.all_text[-NEIGHBOUR_LIMIT:] if before else ""
        self.shown: str = before.shown[-NEIGHBOUR_LIMIT:] if before else ""

    def add(self, text: str, *, hidden: bool) -> None:
        if len(self.all_text) < JUDGED_LIMIT:
            self.all_text += text[:JUDGED_LIMIT]
            self.shown += "" if hidden else text[:JUDGED_LIMIT]

    def lie(self) -> DeceptiveLink | None:
        readings = [text for reading in dict.fromkeys((self.shown, self.all_text)) for text in lines_of(reading)]
        return next((lie for text in readings if (lie := deceptive(unescape(text), self.target))), None)


class Reading:
    """One pass over cleaned HTML: the open elements, how each is hidden, and the links among them."""

    def __init__(self, hidden_names: Collection[str]) -> None:
        self.hidden_names = frozenset(hidden_names)
        self.open: list[tuple[str, Ways]] = []
        self.links: list[Link] = []
        self.closed: Link | None = None  # the last one, as long as nothing came after it
        self.lies: list[DeceptiveLink] = []

    def written(self, token: Token) -> str:
        if token.kind == "text":
            return self._text(token.text)
        return self._start(token) if token.kind == "start" else self._end(token.name)

    @property
    def _ways(self) -> Ways:
        return self.open[-1][1] if self.open else SHOWN

    def _text(self, text: str) -> str:
        for link in self.links[-OPEN_LINKS_READ:]:
            link.add(text.replace(NEW_LINE, " "), hidden=bool(self._ways))
        if not self.links and not self._ways and text.strip():
            self.closed = None
        return text

    def _start(self, token: Token) -> str:
        if token.name not in VOID:
            self.open.append((token.name, self._ways_of(token)))
        if token.name in BREAKS:
            for link in self.links[-OPEN_LINKS_READ:]:
                link.add(NEW_LINE, hidden=False)
        if token.name != "a":
            return f"<{token.name}{token.text}>"
        target = target_of(token.text)
        self.links.append(Link(target, self.closed if self.closed and self.closed.target == target else None))
        leads_away = target and not target.startswith("#")
        return f"<a{token.text}>" if leads_away else f"<a{token.text.replace(NEW_TAB, '', 1)}>"

    def _ways_of(self, token: Token) -> Ways:
        may_be_named = self.hidden_names and self.links and token.name != "a"
        if not may_be_named and "style=" not in token.text:
            return self._ways
        given = attributes(token.text)
        ways = concealed_by(unescape(given.get("style", "")), self._ways)
        return ways | {SHEET} if may_be_named and is_named(token.name, given, self.hidden_names) else ways

    def _end(self, name: str) -> str:
        while self.open and self.open.pop()[0] != name:
            pass
        if name != "a" or not self.links:
            return f"</{name}>"
        self.closed = self.links.pop()
        lie = self.closed.lie()
        if lie is None:
            return "</a>"
        self.lies.append(lie)
        self.closed = None
        return f"</a>{MARKED.format(escape(lie.target))}"


def lines_of(text: str) -> list[str]:
    """The whole of a link's text, then each of its lines: a host alone on one is what catches the eye."""
    return [text, *text.split(NEW_LINE)[:LINES_JUDGED]] if NEW_LINE in text else [text]


def links_marked(html: str, hidden_names: Collection[str] = ()) -> tuple[str, tuple[DeceptiveLink, ...]]:
    """Links whose text names another host get their true one written beside it; links within the mail stay in the frame."""
    reading = Reading(hidden_names)
    marked = "".join(map(reading.written, tokens(html)))
    return marked, tuple(reading.lies)


def links_written_out(html: str) -> str:
    """No link leads anywhere; where it would have led stands beside it. Links may stand in links, through a table."""
    places: list[str] = []

    def written(token: Token) -> str:
        if token.kind == "text":
            return token.text
        if token.name != "a":
            return f"<{token.name}{token.text}>" if token.kind == "start" else f"</{token.name}>"
        if token.kind == "start":
            place = _place_of(token.text)
            places.append(MARKED.format(escape(place)) if place else "")
            return "<a>"
        return f"</a>{places.pop() if places else ''}"

    return "".join(map(written, tokens(html)))


def _place_of(text: str) -> str:
    """The host of a web link, the rest of any other."""
    target = target_of(text)
    address = web_address(target)
    return address.host if address else target.partition("?")[0].partition("#")[0]


def target_of(text: str) -> str:
    """Of a link's start tag: `text` is what stands in it behind the name."""
    return unescape(attributes(text).get("href", ""))
