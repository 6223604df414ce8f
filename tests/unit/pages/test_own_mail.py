"""Mail that the owner writes to an address of his own: in the lists and open, he is `me` on both of its ends."""

import pytest
from django.test import Client

from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter, opened
from tests.unit.pages.seen import words

OWN = "me@example.com"


def to_oneself(mailbox: Mailbox, **verdicts: str) -> str:
    """The sent copy, and the one that came back, under the Message-ID that SES gave it."""
    mailbox.tell(mailbox.put("sent/one", letter(1, sender=OWN, to=OWN)))
    back = letter(2, sender=OWN, to=OWN, verdicts=verdicts)
    return mailbox.arrive(back.replace(b"<m2@example.org>", b"<one@eu-west-1.amazonses.com>"))


def test_it_works(reader: Client, mailbox: Mailbox) -> None:
    id = to_oneself(mailbox)
    assert words(reader.get("/b/inbox/").text, "who") == ["Unread. me, 2 messages"]
    assert words(opened(reader, id), "from") == ["me", "me"]
    assert words(reader.get("/b/sent/").text, "who") == ["To: me, 2 messages"]


@pytest.mark.parametrize("dmarc", ["fail", "none"])
def test_whoever_only_says_so_is_shown_by_his_address(reader: Client, mailbox: Mailbox, dmarc: str) -> None:
    id = to_oneself(mailbox, dmarc=dmarc)
    assert words(reader.get("/b/inbox/").text, "who") == [f"Unread. me, {OWN}, 2 messages"]
    assert words(opened(reader, id), "from") == ["me", OWN]
