"""What a reader sees of a page: the words of its elements, the attributes of its links and frames."""

from html.parser import HTMLParser

INLINE = {"a", "b", "bdi", "i", "small", "span", "strong", "time", "wbr"}
VOID = {"br", "hr", "img", "input", "link", "meta", "path", "use", "wbr"}

Attributes = dict[str, str]


class Page(HTMLParser):
    """Every element in document order: its tag, its attributes, its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes, list[str]]] = []
        self.open: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}, []))
        self._part(tag)
        if tag not in VOID:
            self.open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self.open and self.elements[self.open.pop()][0] != tag:
            pass
        self._part(tag)

    def _part(self, tag: str) -> None:
        if tag not in INLINE:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        for place in self.open:
            self.elements[place][2].append(data)


def words(html: str, css_class: str) -> list[str]:
    """The words of each element of a class."""
    return [
        " ".join("".join(text).split()) for _, attributes, text in Page(html).elements if css_class in attributes.get("class", "").split()
    ]


def all_words(html: str) -> str:
    return tidy(next(text for tag, _, text in Page(html).elements if tag == "body"))


def tidy(text: list[str]) -> str:
    return " ".join("".join(text).split())


def elements(html: str, tag: str) -> list[Attributes]:
    return [attributes for name, attributes, _ in Page(html).elements if name == tag]


def link(html: str, label: str) -> str:
    """Where the first link leads that says `label`."""
    return next(found["href"] for tag, found, text in Page(html).elements if tag == "a" and tidy(text) == label)
