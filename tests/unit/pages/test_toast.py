"""What a page says of the act that led to it: whole, however long its words, and only if they are ours."""

import random

import pytest
from django.test import Client

from mailbox.pages.toast import Toast, toast_in
from mailbox.store.labels import NAME_MOST
from tests.unit.in_memory import Mailbox
from tests.unit.pages.forms import press, toast, undo, values
from tests.unit.pages.letters import letter

PICTURES, HAN = range(0x1F300, 0x1F600), range(0x4E00, 0x9FA0)


def letters(alphabet: range, number: int) -> str:
    """Such as no compression makes much shorter."""
    return "".join(map(chr, random.Random(1).choices(alphabet, k=number)))


@pytest.mark.parametrize("alphabet", [PICTURES, HAN])
def test_a_label_of_any_letters_is_told_and_can_be_taken_off_again(reader: Client, mailbox: Mailbox, alphabet: range) -> None:
    mailbox.arrive(letter(1))
    name = letters(alphabet, NAME_MOST)
    page = press(reader, "/b/inbox/", [0], do="label", name=name).text
    assert toast(page).startswith(f"Labelled “{name}”.")
    assert toast(undo(reader, page).text) == "Undone."


@pytest.mark.parametrize("alphabet", [PICTURES, HAN, range(0x21, 0x7F)])
def test_the_longest_words_fit(alphabet: range) -> None:
    longest = Toast(
        f"New mail from {letters(alphabet, 254)} goes to Spam.", "u" * 16, "j" * 32, f"/m/{letters(range(0x61, 0x7B), 255)}/unblock"
    )
    assert toast_in(longest.token) == longest


def test_words_of_somebody_else_are_not_shown(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1))
    token = Toast("Call 555.").token
    for forged in (token[:-1], f"{token}x", "x" * 5_000, ""):
        assert "Call 555." not in reader.get("/b/inbox/", {"u": forged}).text
    assert toast(reader.get("/b/inbox/", {"u": token}).text) == "Call 555."
    assert len(values(reader.get("/b/inbox/").text)) == 1
