"""Blocking a sender: from then on the mail of that address is filed in Spam, and nothing else changes."""

from typing import Any

import pytest
from django.test import Client

from mailbox.store import bucket, conversations, flags, preferences
from tests.unit.in_memory import Mailbox
from tests.unit.pages.forms import toast, undo
from tests.unit.pages.letters import letter, opened
from tests.unit.pages.seen import all_words

ANN = "ann@example.org"


def block(reader: Client, id: str) -> Any:
    return reader.post(f"/m/{id}/block", {"next": ""}, follow=True)


def counts() -> dict[str, int]:
    return {box: conversations.count(box) for box in ("inbox", "junk")}


def test_it_works(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(1))
    assert "Block this sender" in all_words(opened(reader, id))
    answer = block(reader, id)
    assert answer.redirect_chain[0][1] == 303
    assert toast(answer.text) == f"New mail from {ANN} goes to Spam. Undo"
    mailbox.arrive(letter(2))
    mailbox.arrive(letter(3, sender="Bob <bob@example.org>"))
    assert counts() == {"inbox": 2, "junk": 1}
    answer = reader.post("/settings/senders/unblock/", {"address": ANN}, follow=True)
    assert toast(answer.text) == f"New mail from {ANN} is no longer filed in Spam."
    mailbox.arrive(letter(4))
    assert counts() == {"inbox": 3, "junk": 1}


def test_the_toast_takes_it_back(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(1))
    answer = undo(reader, block(reader, id).text)
    assert toast(answer.text) == f"New mail from {ANN} is no longer filed in Spam."
    assert preferences.senders().blocked == ()
    assert answer.redirect_chain[0][0].endswith(f"#{id}")


def test_of_a_message_without_a_sender_nobody_is_unblocked(reader: Client, mailbox: Mailbox) -> None:
    preferences.block_sender(ANN)
    id = mailbox.arrive(letter(1, sender="nobody"))
    answer = reader.post(f"/m/{id}/unblock", {"next": ""}, follow=True)
    assert toast(answer.text).startswith("Nothing was changed")
    assert preferences.senders().blocked == (ANN,)


def test_the_settings_list_who_is_blocked(reader: Client, mailbox: Mailbox) -> None:
    assert "Nobody yet. “Block this sender”" in all_words(reader.get("/settings/senders/").text)
    preferences.block_sender(ANN)
    assert f"Blocked senders {ANN} Remove {ANN}" in all_words(reader.get("/settings/senders/").text)
    answer = reader.post("/settings/senders/unblock/", {"address": "<b>x</b>"}, follow=True)
    assert toast(answer.text).startswith("Nothing was changed")
    assert "<b>x" not in answer.text


def test_a_sender_is_blocked_in_whatever_case_he_writes(reader: Client, mailbox: Mailbox) -> None:
    block(reader, mailbox.arrive(letter(1)))
    mailbox.arrive(letter(2, sender="Another Name <Ann@Example.ORG>"))
    assert counts() == {"inbox": 1, "junk": 1}


def test_whoever_is_blocked_is_trusted_no_more_and_cannot_be_trusted(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(1))
    preferences.trust_sender(ANN)
    block(reader, id)
    assert preferences.senders() == preferences.Senders(blocked=(ANN,))
    answer = reader.post(f"/m/{id}/images/always", {"next": ""}, follow=True)
    assert toast(answer.text) == f"Nothing was changed: {ANN} is blocked. Remove it under Settings, Senders."
    assert preferences.trusted_senders() == ()


@pytest.mark.parametrize("sender", ["Me <me@example.com>", "Me <ME@EXAMPLE.COM>", "nobody", "<>"])
def test_own_addresses_and_what_is_none_cannot_be_blocked(reader: Client, mailbox: Mailbox, sender: str) -> None:
    id = mailbox.arrive(letter(1).replace(b"Ann Lee <ann@example.org>", sender.encode()))
    assert "Block this sender" not in all_words(opened(reader, id))
    assert toast(block(reader, id).text).startswith("Nothing was changed: this message names no sender")
    assert preferences.senders().blocked == ()


def test_a_full_list_says_so(reader: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preferences, "SENDERS_MOST", 1)
    preferences.block_sender("other@example.org")
    assert "senders are blocked already" in toast(block(reader, mailbox.arrive(letter(1))).text)
    assert preferences.senders().blocked == ("other@example.org",)


def test_what_a_person_takes_out_of_spam_stays_out_however_often_it_is_indexed(reader: Client, mailbox: Mailbox) -> None:
    preferences.block_sender(ANN)
    id = mailbox.arrive(letter(1))
    assert b'"rule": "blocked"' in getattr(bucket.get(f"state/{id}.json"), "body", b"")
    message = conversations.find_message(id)
    assert message
    flags.act(message.thread_id, None, lambda now: flags.Flags("inbox"))
    mailbox.tell(message.key, f"state/{id}.json")
    assert counts() == {"inbox": 1, "junk": 0}


def test_mail_that_was_there_before_stays_where_it_is_filed(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(1))
    block(reader, id)
    mailbox.tell("incoming/ses1")
    assert counts() == {"inbox": 1, "junk": 0}
