"""Indexing: what the bucket says becomes rows, in any order and any number of times."""

from mailbox.store import conversations
from tests.unit.in_memory import Mailbox, mail


def test_it_works(mailbox: Mailbox) -> None:
    mailbox.arrive(mail(1, subject="Lunch?"))
    (row,) = conversations.list_page("inbox").rows
    assert (row.subject, row.senders, row.unread) == ("Lunch?", [["Ann", "ann@example.org", False]], True)
