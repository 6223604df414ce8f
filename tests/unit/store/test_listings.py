"""The lines of a list: who wrote last, what is unread, where a conversation stands."""

from dataclasses import replace
from typing import Any

from mailbox.store.facts import facts_of
from mailbox.store.listings import ListedRow, listed, listings_of, rows_of
from mailbox.store.models import Flags, Message
from mailbox.store.rows import message_of
from tests.unit.in_memory import mail

THREAD = "0" * 32


def message(n: int, flags: Flags | None = None, *, sent: bool = False, sender: str = "", **facts: Any) -> Message:
    raw = mail(n).replace(b"From: Ann <ann@example.org>", f"From: {sender or 'Ann <ann@example.org>'}".encode())
    key = f"{'sent' if sent else 'incoming'}/s{n}"
    sidecar = {"sent_at": f"2026-11-24T10:00:{n:02}Z"} if sent else None
    default = Flags(folder="sent", seen=True) if sent else Flags()
    return message_of(THREAD, replace(facts_of(key, raw, sidecar, region="eu-west-1"), **facts), None, None, flags or default)


def row(listing: str, *messages: Message) -> ListedRow:
    return listed(rows_of(THREAD, messages)[listing][1])


def listings(*messages: Message) -> set[str]:
    return set(rows_of(THREAD, messages))


def test_it_works() -> None:
    shown = row("inbox", message(1), message(2, sender="Bob <bob@example.org>"))
    assert (shown.count, [sender[0] for sender in shown.senders], shown.last) == (2, ["Ann", "Bob"], "incoming-s2")


OWN = "Me <me@example.com>"


def test_what_the_owner_wrote_to_himself_has_one_writer() -> None:
    back = message(2, sender=OWN, verdicts={"dmarc": "PASS"})
    shown = row("inbox", message(1, sent=True, sender=OWN), back)
    assert shown.senders == [["Me", "me@example.com", True]]


def test_nobody_borrows_the_owners_place_without_his_domain_vouching_for_it() -> None:
    sent = message(1, sent=True, sender=OWN)
    for verdicts in ({}, {"dmarc": "GRAY"}, {"dmarc": "FAIL"}):
        assert row("inbox", sent, message(2, sender=OWN, verdicts=verdicts)).senders[-1] == ["Me", "me@example.com", False]
    other = message(2, sender="Me <you@example.com>", verdicts={"dmarc": "PASS"})
    assert row("inbox", sent, other).senders[-1] == ["Me", "you@example.com", False]


def test_an_unread_message_of_the_inbox_stands_in_two_listings() -> None:
    assert listings(message(1)) == {"inbox", "inbox.unread"}
    assert listings(message(1, Flags(seen=True))) == {"inbox"}


def test_a_starred_message_and_its_labels_stand_everywhere_but_in_trash() -> None:
    flags = Flags(seen=True, flagged=True, labels=("work",))
    assert listings(message(1, flags)) == {"inbox", "inbox.starred", "starred", "starred.starred", "label:work", "label:work.starred"}
    assert listings(message(1, replace(flags, folder="trash"))) == {"trash", "trash.starred"}
    assert listings(message(1, replace(flags, folder="purged"))) == {"purged"}


def test_a_conversation_stands_in_every_folder_that_holds_one_of_its_messages() -> None:
    shown = listings(message(1, Flags(folder="archive", seen=True)), message(2, sent=True), message(3, Flags(seen=True)))
    assert shown == {"archive", "sent", "inbox"}


def test_what_lies_in_trash_shows_nothing_of_itself_elsewhere() -> None:
    thrown = message(2, Flags(folder="trash", labels=("work",)), subject="Thrown away")
    shown = row("inbox", message(1, Flags(seen=True)), thrown)
    assert (shown.count, shown.unread, shown.labels) == (1, False, [])
    assert row("trash", message(1), thrown).count == 1


def test_a_line_is_sorted_by_the_newest_message_of_its_listing() -> None:
    both = message(1, Flags(seen=True)), message(2, sent=True)
    assert row("inbox", *both).last == "incoming-s1"
    assert row("sent", *both).last == "sent-s2"
    assert row("inbox", *both).count == row("sent", *both).count == 2


def test_own_mail_is_me_and_three_senders_are_shown() -> None:
    four = [message(n, sender=f"P{n} <p{n}@example.org>") for n in range(1, 5)]
    shown = row("inbox", *four, message(5, sent=True), message(6, sender="P1 <P1@example.org>"))
    assert [(name, is_me) for name, _, is_me in shown.senders] == [("P4", False), ("Ann", True), ("P1", False)]
    assert shown.more == 2


def test_a_failed_verdict_of_the_newest_message_is_a_warning() -> None:
    assert row("inbox", message(1), message(2, verdicts={"dmarc": "FAIL"})).warning
    assert row("inbox", message(2, verdicts={"spam": "FAIL"})).warning
    assert not row("inbox", message(1, verdicts={"dmarc": "FAIL"}), message(2, verdicts={"dmarc": "PASS", "spf": "FAIL"})).warning


def test_rows_do_not_depend_on_the_order_of_the_messages() -> None:
    several = [message(n, Flags(labels=(f"l{n % 2}",))) for n in range(1, 6)]
    assert rows_of(THREAD, several) == rows_of(THREAD, several[::-1])


def test_a_listing_is_named_once() -> None:
    everything = listings_of(message(1, Flags(flagged=True, labels=("a", "b")), has_files=True))
    assert len(everything) == len(set(everything)) == 16
