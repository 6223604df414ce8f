"""The elements and attributes of HTML that mail may keep: what lays out and what is read, nothing that runs, fetches by itself or posts.

Values are judged elsewhere. `id` may stay: no script in the frame could be misled by it, and newsletters lay out by it.
"""

PHRASES = """
abbr address b bdi bdo big cite code dd del details dt em i ins kbd mark q s samp small span strike strong sub summary sup time tt u var wbr
"""
BOXES = """
article aside blockquote caption center div dl figcaption figure footer h1 h2 h3 h4 h5 h6 header main nav p pre section ul
"""
TEXT = frozenset({"class", "dir", "id", "lang", "style", "title"})
BOX = TEXT | {"align", "bgcolor", "border", "height", "valign", "width"}
TABLE = BOX | {"background", "cellpadding", "cellspacing", "nowrap"}
CELL = TABLE | {"colspan", "rowspan", "scope"}

ELEMENTS: dict[str, frozenset[str]] = {
    **dict.fromkeys(PHRASES.split(), TEXT),
    **dict.fromkeys(BOXES.split(), BOX),
    **dict.fromkeys(("table", "tbody", "tfoot", "thead", "tr"), TABLE),
    **dict.fromkeys(("td", "th"), CELL),
    **dict.fromkeys(("col", "colgroup"), BOX | {"span"}),
    "a": TEXT | {"href", "name"},
    "br": TEXT | {"clear"},
    "font": TEXT | {"color", "face", "size"},
    "hr": BOX | {"color", "noshade", "size"},
    "img": BOX | {"alt", "hspace", "src", "vspace"},
    "li": BOX | {"type", "value"},
    "ol": BOX | {"start", "type"},
}

# Under which name the report counts what is left out.
REMOVED_AS = (
    {"script": "scripts"}
    | dict.fromkeys(("applet", "embed", "frame", "iframe", "object"), "frames")
    | dict.fromkeys(("button", "form", "input", "select", "textarea"), "forms")
)
