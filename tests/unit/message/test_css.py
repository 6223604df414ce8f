"""Styles of mail: layout stays, what could fetch or run goes."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbox.message.css import is_for_screens, safe_sheet, safe_style

FETCHING = re.compile(r"url\s*\(|@import|@font-face|@supports|image-set|expression|https?:|//|\\|<|>\s*\{?\s*<", re.IGNORECASE)


def test_it_works() -> None:
    assert safe_style("color: red; width: calc(100% - 10px) !important") == "color:red;width:calc(100% - 10px) !important"
    assert safe_sheet("td.a > b, p:hover { margin: 0 auto }") == "td.a > b, p:hover{margin:0 auto}"


def test_a_number_too_long_for_python_is_no_error() -> None:
    digits = "1" * 5_000
    assert safe_style(f"width:{digits}px;color:red") == "width:0px;color:red"
    assert safe_sheet(f"p{{width:{digits}px}}") == "p{width:0px}"


@pytest.mark.parametrize(
    "style",
    [
        "background-image:url(https://x.example/a)",
        "background-image:url('https://x.example/a')",
        "background-image:\\75rl(https://x.example/a)",
        "background-image:image-set('https://x.example/a' 1x)",
        "background://x.example/a",
        "list-style:url(https://x.example/a)",
        "border-image:url(https://x.example/a) 9",
        "content:url(https://x.example/a)",
        "--u:url(https://x.example/a)",
        "width:var(--u)",
        "position:fixed",
        "position:absolute;top:0",
        "z-index:99",
        "behavior:url(a.htc)",
        "-moz-binding:url(a.xml)",
        "width:expression(alert(1))",
        "animation:k 1s",
        "transition:all 1s",
        "display:contents",
        "filter:url(#f)",
        "cursor:url(a.cur)",
        "font-family:'a\\27;b'",
        "color:red}p{color:blue",
        "color:</style>",
    ],
)
def test_it_drops_what_is_not_layout(style: str) -> None:
    assert not FETCHING.search(safe_style(style))
    assert safe_style(style) in ("", "color:red", "font-family:'a'")


def test_a_background_keeps_its_colour_without_its_image() -> None:
    assert safe_style("background:#fff url(https://x.example/a) no-repeat").split() == ["background:#fff", "no-repeat"]


def test_a_bad_declaration_does_not_take_the_others_with_it() -> None:
    assert safe_style("color:red;position:fixed;;width:9px;:x;height") == "color:red;width:9px"


def test_media_rules_are_kept_for_light_screens() -> None:
    sheet = "@media only screen and (max-width:480px){.a{width:100%!important}}@media print{.a{color:red}}"
    assert safe_sheet(sheet) == "@media only screen and (max-width:480px){.a{width:100% !important}}"
    assert safe_sheet("@media (prefers-color-scheme:dark){p{color:#fff}}") == ""


@pytest.mark.parametrize("media", ["", "all", "screen", "only screen and (max-width: 600px)", "(max-width: 600px)"])
def test_these_media_are_screens(media: str) -> None:
    assert is_for_screens(media)


@pytest.mark.parametrize(
    "sheet",
    [
        "@import url(https://x.example/a.css);",
        "@font-face{font-family:f;src:url(https://x.example/f)}",
        "@supports (color:red){p{color:red}}",
        "@keyframes k{from{color:red}}",
        "@charset 'utf-7';",
        "@media all{@media all{p{color:red}}}",
        "input[value^=a]{color:red}",
        "p{background-image:url(https://x.example/a)}",
        "</style><script>{color:red}",
        "p\\<x{color:red}",
    ],
)
def test_other_rules_are_left_out(sheet: str) -> None:
    assert safe_sheet(sheet) == ""


def test_old_comment_marks_do_not_hide_a_rule() -> None:
    assert safe_sheet("<!-- p{color:red} -->") == "p{color:red}"


PIECES = (
    "p { } ( ) [ ] ; : , url( @import @media ' \" \\ /* */ <!-- --> </style> color red background 1px !important https://x.example rgb("
)
CSS = st.lists(st.one_of(st.sampled_from(PIECES.split()), st.text(max_size=4))).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(CSS)
def test_any_text_comes_out_harmless(css: str) -> None:
    assert not FETCHING.search(re.sub(r"[\w ]>[\w ]", "", safe_sheet(css)))
    assert not re.search(r"[<>{}@\\]", safe_style(css))


@pytest.mark.parametrize(
    "css", ["a{" * 100_000, "a{b:" + "(" * 100_000, ":not(" * 50_000 + "{color:red}", "@media " * 30_000, "a{color:" + "rgb(" * 50_000]
)
def test_deep_nesting_is_no_error(css: str) -> None:
    assert safe_sheet(css) == ""
    assert safe_style(css) == ""
