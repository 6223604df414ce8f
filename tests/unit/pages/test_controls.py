"""What a place offers to do: only what can be done there."""

import pytest
from django.http import QueryDict
from django.test import Client

from mailbox.pages.controls import controls_of
from mailbox.pages.place import place_of_list
from mailbox.store.labels import Label
from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter, opened
from tests.unit.pages.seen import Page, tidy

LABELS = [Label("kiln", "Kiln")]


def menu(box: str, mute: str = "") -> tuple[str, list[str], list[str]]:
    """(what it is called, the marks, where one can move to)."""
    tools = controls_of(place_of_list(box, QueryDict()), LABELS, mute=mute)
    return tools.more, [mark.value for mark in tools.marks], [move.value for move in tools.moves]


@pytest.mark.parametrize(
    ("box", "of_list"),
    [
        ("inbox", ("Move, label and more", ["read", "star", "unstar", "mute"], ["archive", "junk", "trash"])),
        ("label-kiln", ("Move, label and more", ["read", "star", "unstar", "mute"], ["inbox", "archive", "junk", "trash"])),
        ("archive", ("Move, label and more", ["read", "star", "unstar", "mute"], ["inbox", "junk", "trash"])),
        ("sent", ("More", ["star", "unstar"], [])),
        ("junk", ("Move and more", ["read"], ["inbox", "archive", "trash"])),
        ("trash", ("Move and more", ["read", "unread"], ["inbox", "archive", "junk"])),
    ],
)
def test_a_list_can_move_to_every_place_but_its_own(box: str, of_list: object) -> None:
    assert menu(box) == of_list


@pytest.mark.parametrize(
    ("box", "of_conversation"),
    [
        ("inbox", ("Move, label and more", ["mute"], ["archive", "junk", "trash"])),
        ("sent", ("", [], [])),
        ("junk", ("Move and more", [], ["inbox", "archive", "trash"])),
        ("trash", ("Move and more", ["unread"], ["inbox", "archive", "junk"])),
    ],
)
def test_an_open_conversation_is_read_and_has_its_star_in_the_bar(box: str, of_conversation: object) -> None:
    assert menu(box, mute="mute") == of_conversation


def test_a_menu_with_nothing_in_it_is_not_there(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(1))
    for box, is_there in (("inbox", True), ("sent", False)):
        buttons = [tidy(text) for tag, _, text in Page(opened(reader, id, f"?in={box}")).elements if tag == "button"]
        assert any("and more" in words for words in buttons) == is_there
