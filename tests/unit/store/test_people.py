"""Whom the mailbox had to do with: what a message makes known, what it does not, and what that says of a later sender."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbox.message.address import Address
from mailbox.message.authentication import Acquaintance
from mailbox.store import bucket, conversations, flags
from mailbox.store.facts import Facts, facts_of
from mailbox.store.flags import Flags
from mailbox.store.models import Message
from mailbox.store.people import acquaintance, folded_address, folded_name
from mailbox.store.rows import Change, commit
from tests.unit.calls import watched_calls
from tests.unit.in_memory import Mailbox, mail

DAD = Address("Dad", "dad@family.example")
FORGED = "Authentication-Results: amazonses.com; dmarc=fail\r\n"


def receive(mailbox: Mailbox, n: int, sender: Address, **more: Any) -> str:
    return mailbox.arrive(mail(n, sender=f"{sender.display_name} <{sender.addr_spec}>", **more), f"in{n}")


def send(mailbox: Mailbox, n: int, to: str, cc: str = "", **more: Any) -> str:
    """The owner writes at minute `n`."""
    sidecar = {"sent_at": f"2026-11-24T10:00:{n:02}Z", "ses_message_id": f"out{n}@eu-west-1.amazonses.com"}
    mailbox.put(f"sent/out{n}.json", json.dumps(sidecar).encode())
    raw = mail(n, sender="Me <me@example.com>", to=to, extra=f"Cc: {cc}\r\n" if cc else "", **more)
    mailbox.tell(mailbox.put(f"sent/out{n}", raw))
    return f"sent-out{n}"


def known(id: str, sender: Address) -> Acquaintance:
    message = conversations.find_message(id)
    assert message is not None
    return acquaintance(message, sender)


def people(mailbox: Mailbox) -> list[str]:
    return sorted(sk for pk, sk in mailbox.items() if pk.startswith("p#"))


def test_it_works(mailbox: Mailbox) -> None:
    first, second = receive(mailbox, 1, DAD), receive(mailbox, 2, DAD)
    assert known(first, DAD) == Acquaintance()
    assert known(second, DAD) == Acquaintance(earlier=True)


def test_a_message_makes_nobody_known_to_itself_or_to_what_came_before(mailbox: Mailbox) -> None:
    later, early = receive(mailbox, 5, DAD), receive(mailbox, 2, DAD)
    same_second = mailbox.arrive(mail(2, sender="Dad <dad@family.example>"), "in0")
    assert [known(id, DAD).earlier for id in (same_second, early, later)] == [False, True, True]


def test_case_and_display_name_make_no_other_person(mailbox: Mailbox) -> None:
    receive(mailbox, 1, Address("", "DAD@Family.example"))
    assert known(receive(mailbox, 2, DAD), DAD).earlier


def test_whom_the_owner_wrote_to_is_known(mailbox: Mailbox) -> None:
    send(mailbox, 1, to="Ann <ann@example.org>", cc="dad@family.example")
    assert known(receive(mailbox, 2, DAD), DAD) == Acquaintance(earlier=True, written_to=True)


def test_who_was_only_answered_later_was_a_first_contact_then(mailbox: Mailbox) -> None:
    first = receive(mailbox, 1, DAD)
    send(mailbox, 2, to="dad@family.example", parent=1)
    assert known(first, DAD) == Acquaintance(written_to=True)
    assert known(receive(mailbox, 3, DAD, parent=1), DAD) == Acquaintance(earlier=True, written_to=True)
    before = receive(mailbox, 0, DAD)
    assert (known(before, DAD).earlier, known(first, DAD).earlier) == (False, True)


@pytest.mark.parametrize("name", ["Dad", "dad", "\u201cDad\u201d", " D\u200bad ", "Ｄａｄ", "dad@family.example", "Dad!"])
def test_a_name_of_somebody_the_owner_wrote_to_is_known_under_another_address(mailbox: Mailbox, name: str) -> None:
    send(mailbox, 1, to="Dad <dad@family.example>")
    stranger = Address(name, "dad@evil.example")
    id = receive(mailbox, 2, Address("x", stranger.addr_spec))
    assert known(id, stranger) == Acquaintance(namesakes=("dad@family.example",))


def test_the_name_somebody_answered_under_is_his_too(mailbox: Mailbox) -> None:
    send(mailbox, 1, to="jonas@weber.example")
    receive(mailbox, 2, Address("Jonas Weber", "jonas@weber.example"), parent=0, root=0, extra="")
    reply = mail(3, sender="Jonas Weber <jonas@weber.example>", extra="In-Reply-To: <out1@eu-west-1.amazonses.com>\r\n")
    mailbox.arrive(reply, "in3")
    stranger = Address("Jonas Weber", "jonas@evil.example")
    assert known(receive(mailbox, 4, stranger), stranger).namesakes == ("jonas@weber.example",)


def test_people_who_only_wrote_lend_their_names_to_nobody(mailbox: Mailbox) -> None:
    receive(mailbox, 1, DAD)
    stranger = Address("Dad", "dad@evil.example")
    assert known(receive(mailbox, 2, stranger), stranger) == Acquaintance()


def test_a_contact_made_later_is_no_namesake_of_an_older_mail(mailbox: Mailbox) -> None:
    old = receive(mailbox, 1, DAD)
    send(mailbox, 2, to="Dad <dad@new.example>")
    assert known(old, DAD).namesakes == ()


def test_a_mail_that_failed_its_checks_vouches_for_nobody(mailbox: Mailbox) -> None:
    for n, top in enumerate([FORGED, "X-SES-Spam-Verdict: FAIL\r\n", "X-SES-Virus-Verdict: FAIL\r\n"]):
        receive(mailbox, n, DAD, top=top)
    assert people(mailbox) == []
    assert known(receive(mailbox, 4, DAD), DAD) == Acquaintance()


def test_a_receipt_that_comes_late_takes_back_what_the_mail_made_known(mailbox: Mailbox) -> None:
    receive(mailbox, 1, DAD)
    assert len(people(mailbox)) == 1
    mailbox.tell(mailbox.put_receipt("in1", dmarc="FAIL"))
    assert people(mailbox) == []


def test_an_erased_mail_makes_nobody_known(mailbox: Mailbox) -> None:
    receive(mailbox, 1, DAD)
    receive(mailbox, 2, DAD, parent=1)
    bucket.delete("incoming/in1")
    mailbox.tell("incoming/in1")
    assert people(mailbox) == ["dad@family.example#they#2026-11-24T10:00:02Z#incoming-in2"]
    bucket.delete("incoming/in2")
    mailbox.tell("incoming/in2")
    assert mailbox.items() == {}


def test_a_further_message_of_a_conversation_adds_no_item(mailbox: Mailbox) -> None:
    receive(mailbox, 1, DAD)
    before = people(mailbox)
    receive(mailbox, 2, DAD, parent=1)
    assert people(mailbox) == before


def test_an_act_of_a_person_touches_nobody(mailbox: Mailbox) -> None:
    message = conversations.find_message(receive(mailbox, 1, DAD))
    assert message is not None
    with watched_calls() as calls:
        flags.act(message.thread_id, None, lambda _: Flags(folder="junk", seen=True))
    (actions,) = [parameters["TransactItems"] for _, operation, parameters in calls.made if operation == "TransactWriteItems"]
    partitions = [(part.get("Key") or part["Item"])["pk"]["S"] for action in actions for part in action.values()]
    assert {partition[:2] for partition in partitions} == {"t#", "v#"}


def test_a_sender_costs_one_query_if_the_owner_wrote_to_him_else_two(mailbox: Mailbox) -> None:
    send(mailbox, 1, to="dad@family.example")
    stranger = Address("Nobody", "nobody@example.net")
    senders = ((DAD, 1), (stranger, 2), (Address("", "x@example.net"), 1), (Address("", ""), 0))
    for n, (sender, queries) in enumerate(senders, 10):
        message = conversations.find_message(receive(mailbox, n, sender))
        assert message is not None
        with watched_calls() as calls:
            acquaintance(message, sender)
        assert [operation for _, operation, _ in calls.made] == ["Query"] * queries


def filed(facts: Facts) -> Callable[[Mapping[str, Message]], Change]:
    return lambda _: Change({facts.id: facts}, {}, {facts.id: Flags("sent", labels=tuple("abcdefgh"))})


def test_a_mail_to_many_fits_into_one_transaction_also_when_it_moves(mailbox: Mailbox) -> None:
    to = ", ".join(f"Guest number {n} <guest{n}@example.org>" for n in range(50))
    raw = mail(1, sender="Me <me@example.com>", to=to)
    for sent_at in ("2026-11-24T10:00:00Z", "2026-11-24T11:00:00Z"):
        facts = facts_of("sent/out", raw, {"sent_at": sent_at}, region="eu-west-1")
        with watched_calls() as calls:
            commit(facts.thread_id, filed(facts))
        sizes = [len(parameters["TransactItems"]) for _, operation, parameters in calls.made if operation == "TransactWriteItems"]
        assert max(sizes) <= 99
    assert len(people(mailbox)) == 30
    assert all("#2026-11-24T11:00:00Z#sent-out" in sk for sk in people(mailbox))


def test_a_list_of_many_people_is_written_in_few_transactions(mailbox: Mailbox) -> None:
    found = {}
    for n in range(200):
        facts = facts_of(f"incoming/in{n}", mail(n, root=0, parent=0, sender=f"p{n}@example.org"), None, region="eu-west-1")
        found[facts.id] = facts
    thread_id = next(iter(found.values())).thread_id
    with watched_calls() as calls:
        commit(thread_id, lambda _: Change(found, {}, dict.fromkeys(found, Flags())))
    assert calls.names("dynamodb").count("TransactWriteItems") <= 6
    assert len(people(mailbox)) == 200


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b", '"a b"@example.org', "a@[127.0.0.1]", "v@d.example#me#0@x.example", "x" * 300 + "@a.org"]
)
def test_what_is_no_address_is_nobody(mailbox: Mailbox, address: str) -> None:
    assert folded_address(address) == ""
    id = mailbox.arrive(mail(1, sender=f"Dad <{address}>"))
    assert people(mailbox) == []
    assert known(id, Address("Dad", address)) == Acquaintance()


@given(st.text(max_size=80))
def test_a_folded_name_is_short_folds_to_itself_and_holds_no_mark(name: str) -> None:
    folded = folded_name(name)
    assert len(folded.encode()) <= 200
    assert "#" not in folded
    assert folded_name(folded.rstrip("…")) == folded.rstrip("…")
