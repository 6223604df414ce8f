"""The template tags: what they say, and that they escape whatever they are given."""

import pytest
from django.template import Context, Template

from mailbox.pages.avatars import hue, initials
from mailbox.templatetags.postamt import breakable, mailto, size


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Jonas Weber", "JW"),
        ("Kiln & Clay Weekly", "KC"),
        ("papa@example.org", "P"),
        ("jonas.weber@example.org", "JW"),
        ('"Ann" Lee', "AL"),
        ("🎉 Party", "P"),
        ("مكتب البريد", "ما"),
        ("ßen", "S"),
        ("", "?"),
        ("\u202e\u200b", "?"),
    ],
)
def test_initials_are_one_or_two_letters(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_an_address_always_has_the_same_of_seven_hues() -> None:
    assert hue("Ann@Example.org") == hue("ann@example.org")
    assert {hue(f"{n}@example.org") for n in range(200)} == set(range(1, 8))
    assert hue("\ud800") in range(1, 8)


@pytest.mark.parametrize(
    ("bytes_", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 KB"),
        (14_200, "14 KB"),
        (999_499, "999 KB"),
        (999_500, "1.0 MB"),
        (40_000_000, "40.0 MB"),
    ],
)
def test_sizes_are_decimal(bytes_: int, words: str) -> None:
    assert size(bytes_) == words


def test_an_address_breaks_after_the_at_and_after_dots() -> None:
    assert breakable("a.b@c.example") == "a.<wbr>b@<wbr>c.<wbr>example<wbr>"
    assert "<b>" not in breakable("<b>@x")


def test_only_a_mailto_link_is_for_the_composer() -> None:
    assert mailto("mailto:ann@example.org") == "ann@example.org"
    assert mailto("https://example.org/mailto:x") == ""


def test_an_icon_comes_from_the_sprite_and_is_hidden_from_screen_readers() -> None:
    drawn = Template('{% icon "star" "s" %}').render(Context())
    assert drawn == '<svg class="s" aria-hidden="true"><use href="/static/icons.svg#star"/></svg>'


def test_no_date_is_no_words() -> None:
    assert Template("{% when nothing %}").render(Context({"nothing": None})) == ""
