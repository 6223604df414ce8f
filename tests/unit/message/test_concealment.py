"""What a style hides, and that no style costs more than its length: the conversation's page judges them as they were sent."""

import pytest

from mailbox.message.concealment import concealed_by, concealing_names
from mailbox.message.links import deceptive
from mailbox.message.sanitize import sanitize

MUCH = 300_000


@pytest.mark.parametrize(
    ("style", "ways"),
    [
        ("display:none", {"display"}),
        ("display:/* */none", {"display"}),
        ("height:0.0px", {"height"}),
        ("font-size: 0.5pt", {"font-size"}),
        ("font-size:0%", {"font-size"}),
        ("font:0/0 a", {"font-size"}),
        ("color:rgba(1,2,3,0.0)", {"color"}),
        ("font-size:10px;height:05em", set()),
    ],
)
def test_a_style_hides_what_it_stands_for(style: str, ways: set[str]) -> None:
    assert concealed_by(style) == ways


def test_names_are_those_that_a_rule_hides() -> None:
    assert concealing_names("a{color:red} @media screen{.b, p > i{display:none}} /*.c{display:none}*/") == {".b", "i"}
    assert concealing_names(".d{display:none") == {".d"}
    assert concealing_names("no rule at all") == set()


@pytest.mark.parametrize(
    "style",
    [
        pytest.param("height:" + "0" * MUCH + "x", id="zeros"),
        pytest.param("color:rgba(," + "0" * MUCH, id="zeros of a colour"),
        pytest.param("margin:" + "-111" * (MUCH // 4) + "\nx", id="margins"),
        pytest.param("font:" + "0 / " * (MUCH // 4), id="fonts"),
        pytest.param("/*" * (MUCH // 2), id="comments"),
        pytest.param("p" * MUCH, id="no rule"),
        pytest.param("{" * MUCH, id="no end"),
    ],
)
def test_no_style_keeps_a_reader_waiting(style: str) -> None:
    """What goes back and forth over such a style does not come to an end while anybody waits."""
    assert ">words" in sanitize(f'<style>{style}</style><p style="{style}">words').html


def test_a_text_of_many_beginnings_names_no_host() -> None:
    assert deceptive("www.," * 800, "https://a.example/") is None
