"""The key map, the target of `?`. It lists only keys that work; the scripts under static/ say what they do."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mailbox.auth import signed_in
from mailbox.pages.frame import frame


@dataclass(frozen=True, slots=True)
class Shortcut:
    keys: tuple[str, ...]
    does: str


@dataclass(frozen=True, slots=True)
class Group:
    heading: str
    shortcuts: tuple[Shortcut, ...]


GROUPS = (
    Group(
        "Move",
        (
            Shortcut(("j", "k"), "Next, previous conversation"),
            Shortcut(("Enter", "o"), "Open"),
            Shortcut(("u", "Esc"), "Back to the list"),
            Shortcut(("n", "p"), "Next, previous message in a conversation"),
            Shortcut(("/",), "Search"),
            Shortcut(("g", "i"), "Go to Inbox"),
            Shortcut(("g", "s"), "Go to Sent"),
            Shortcut(("g", "t"), "Go to Starred"),
            Shortcut(("g", "a"), "Go to Archive"),
            Shortcut(("g", "j"), "Go to Spam"),
            Shortcut(("g", "x"), "Go to Trash"),
            Shortcut(("?",), "This page"),
        ),
    ),
    Group(
        "Sort",
        (
            Shortcut(("x",), "Select a conversation"),
            Shortcut(("e", "y"), "Archive"),
            Shortcut(("#", "Del"), "Delete"),
            Shortcut(("!",), "Move to Spam, or out of it"),
            Shortcut(("s",), "Add or remove a star"),
            Shortcut(("I",), "Mark as read"),
            Shortcut(("U",), "Mark as unread"),
            Shortcut(("v",), "Move, label and more"),
            Shortcut(("z",), "Undo"),
        ),
    ),
    Group(
        "Write",
        (
            Shortcut(("c",), "Compose"),
            Shortcut(("r",), "Reply"),
            Shortcut(("a",), "Reply all"),
            Shortcut(("f",), "Forward"),
        ),
    ),
)


@require_GET
@signed_in
def shortcuts(request: HttpRequest) -> HttpResponse:
    return render(request, "shortcuts.html", {**frame(request), "groups": GROUPS})
