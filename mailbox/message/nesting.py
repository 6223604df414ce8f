"""How deep a tree builder would go on a sequence of tags: an upper bound, kept while the tags pass. HTML 13.2.6.

A tree builder walks its open elements at every tag and opens every unclosed `<font>` again in every new block, so 50 KB of tags can cost it
minutes or gigabytes. An element counts as closed only where the standard leaves no doubt: by its own end tag next to it, by the structure
of its table, or by the next of its kind. Misnested mail is therefore counted higher than it is, which the limits leave room for.
"""

from typing import NamedTuple

VOID = frozenset({"br", "col", "colgroup", "hr", "img", "wbr"})
FORMATTING = frozenset({"a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"})
CELLS = frozenset({"caption", "td", "th"})
SECTIONS = frozenset({"tbody", "tfoot", "thead"})
# Where a part of a table is put in; what is open above it is closed.
PLACES = (
    dict.fromkeys(["td", "th"], frozenset({"table", "tr"}) | SECTIONS)
    | {"tr": frozenset({"table"}) | SECTIONS}
    | dict.fromkeys(["caption", "col", "colgroup", "tbody", "tfoot", "thead"], frozenset({"table"}))
)
CLOSED_BY_NEXT = {"p": {"p"}, "li": {"li", "p"}, "dd": {"dd", "dt", "p"}, "dt": {"dd", "dt", "p"}}
CLOSED_BY_PARENT = frozenset({"dd", "dt", "li", "p"})
PARENTS = frozenset({"article", "blockquote", "center", "div", "dl", "ol", "section", "ul"})


class Unclosed(NamedTuple):
    """Formatting elements that a tree builder still has to open again: how many, and how long their tags are."""

    number: int = 0
    size: int = 0

    def plus(self, sign: int, size: int) -> "Unclosed":
        return Unclosed(self.number + sign, self.size + sign * size)


class Nesting:
    """`depth` bounds the open elements, `copied` the length of the tags that are opened again because nobody closed them."""

    def __init__(self) -> None:
        self.names: list[str] = []  # of the open elements
        self.sizes: list[int] = []  # of their tags
        self.before: list[Unclosed] = []  # what was unclosed when they were opened
        self.tables: list[int] = []  # where the tables are among them
        self.unclosed = Unclosed()
        self.copied = 0

    @property
    def depth(self) -> int:
        return len(self.names) + self.unclosed.number

    def start(self, name: str, size: int) -> None:
        self.copied += self.unclosed.size
        if name == "table":
            self._leave_table_without_cell()
        elif name in PLACES:
            if not self.tables:
                return
            while self.names[-1] not in PLACES[name]:
                self._pop()
        else:
            self._close_at_top(CLOSED_BY_NEXT.get(name, frozenset()))
        if name not in VOID:
            self._push(name, size)

    def end(self, name: str) -> None:
        self.copied += self.unclosed.size
        if name == "table" or name in PLACES:
            self._close_in_table(name)
        elif name in PARENTS and next((top for top in reversed(self.names) if top not in CLOSED_BY_PARENT), "") == name:
            self._close_at_top(CLOSED_BY_PARENT)
            self._pop()
        elif self.names and self.names[-1] == name:
            size = self.sizes[-1]
            self._pop()
            if name in FORMATTING:
                self.unclosed = self.unclosed.plus(-1, size)

    def _push(self, name: str, size: int) -> None:
        if name == "table":
            self.tables.append(len(self.names))
        self.names.append(name)
        self.sizes.append(size)
        self.before.append(self.unclosed)
        if name in FORMATTING:
            self.unclosed = self.unclosed.plus(1, size)

    def _pop(self) -> None:
        name, before = self.names.pop(), self.before.pop()
        self.sizes.pop()
        if name == "table":
            self.tables.pop()
        elif name in CELLS:
            self.unclosed = before  # a cell keeps its unclosed formatting to itself

    def _close_at_top(self, names: set[str] | frozenset[str]) -> None:
        while self.names and self.names[-1] in names:
            self._pop()

    def _leave_table_without_cell(self) -> None:
        if self.tables and not CELLS.intersection(self.names[self.tables[-1] :]):
            self._close_in_table("table")

    def _close_in_table(self, name: str) -> None:
        if not self.tables or name not in self.names[self.tables[-1] :]:
            return
        while self.names[-1] != name:
            self._pop()
        self._pop()
