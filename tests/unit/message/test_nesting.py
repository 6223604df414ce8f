"""The bound on open elements, held against what nh3's tree builder really does with the same tags."""

import re

import nh3
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbox.message.nesting import VOID, Nesting

KNOWN = """
a b font span p div li ul ol dd dt dl table tr td th tbody caption colgroup col h1 center hr br img pre blockquote sup
"""
NAMES = KNOWN.split()
TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
REPEATED = 60
# What the bound may be wrong by: a factor for implied rows and table bodies, and a few elements at the start.
FACTOR, SLACK = 4, 12


TAGS = st.sampled_from([*NAMES, *map("/{}".format, NAMES)])


def written(tags: list[str]) -> str:
    return "".join(f"<{tag}>x" if tag.startswith("/") else f"<{tag} class={number}>" for number, tag in enumerate(tags))


def depth_of(html: str) -> int:
    depth = deepest = 0
    for end, name in TAG.findall(html):
        if name not in VOID or name == "colgroup":
            depth += -1 if end else 1
            deepest = max(deepest, depth)
    return deepest


def bounds_of(tags: list[str]) -> tuple[int, int]:
    nesting, deepest = Nesting(), 0
    for tag in tags:
        if tag.startswith("/"):
            nesting.end(tag[1:])
        else:
            nesting.start(tag, 1)
        deepest = max(deepest, nesting.depth)
    return deepest, nesting.copied


def test_it_works() -> None:
    assert bounds_of(["div", "p", "p", "b", "/b", "/div", "div"]) == (4, 1)  # a `<b>` counts twice
    assert bounds_of(["table", "tr", "td", "td", "tr", "td", "/table"]) == (3, 0)


def test_a_misnested_paragraph_counts() -> None:
    """`<span><p></span></p>` leaves a span open each time."""
    assert bounds_of(["span", "p", "/span", "/p"] * REPEATED)[0] >= REPEATED


def test_unclosed_formatting_counts_once_for_each_block() -> None:
    tags = ["p", *["font"] * 100, *["p"] * 100]
    assert bounds_of(tags)[1] >= 100 * 100


@settings(max_examples=400, deadline=None)
@given(st.lists(TAGS, max_size=4), st.lists(TAGS, min_size=1, max_size=8))
def test_no_repetition_grows_beyond_the_bound(start: list[str], unit: list[str]) -> None:
    tags = start + unit * REPEATED
    deepest, copied = bounds_of(tags)
    html = nh3.clean(written(tags), tags=set(NAMES), attributes={"*": {"class"}}, link_rel=None)
    assert depth_of(html) <= FACTOR * deepest + SLACK
    assert len(TAG.findall(html)) / 2 <= copied + FACTOR * len(tags) + SLACK
