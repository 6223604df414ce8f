"""What an act changed, kept for its undo, however much it was."""

from dataclasses import replace

from mailbox.store import conversations, flags, undo
from mailbox.store.flags import Changed, Flags
from mailbox.store.undo import remember
from tests.unit.in_memory import Mailbox, mail


def folder_of(id: str) -> str:
    message = conversations.find_message(id)
    assert message
    return message.folder


def archive(id: str) -> tuple[str, list[Changed]]:
    message = conversations.find_message(id)
    assert message
    return message.thread_id, flags.act(message.thread_id, [id], lambda now: replace(now, folder="archive"))


def test_it_works(mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail(1))
    token = remember(dict([archive(id)]))
    assert folder_of(id) == "archive"
    undone = undo.undo(token)
    assert (undone and undone.conversations, folder_of(id)) == (1, "inbox")


def test_an_act_on_very_long_conversations_can_be_taken_back_too(mailbox: Mailbox) -> None:
    ids = [mailbox.arrive(mail(n)) for n in (1, 2)]
    others = [Changed(f"incoming-{n:060}", Flags(), Flags("archive", clock=1)) for n in range(3_000)]
    (first, changed), (second, changed_too) = (archive(id) for id in ids)
    token = remember({first: [*changed, *others], second: [*others, *changed_too]})
    assert [folder_of(id) for id in ids] == ["archive", "archive"]
    undone = undo.undo(token)
    assert undone
    assert [folder_of(id) for id in ids] == ["inbox", "inbox"]
    assert undone.conversations == 2


def test_what_was_never_kept_cannot_be_taken_back(mailbox: Mailbox) -> None:
    assert undo.undo("x") is None
    assert undo.undo("") is None
