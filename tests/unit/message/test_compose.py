"""Drafts to bytes, read back as a receiver reads them, and answers to mail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.utils import getaddresses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbox.message.address import Address
from mailbox.message.attachments import Attachment
from mailbox.message.compose import ComposeError, Draft, compose, recipients_of, reply
from mailbox.message.flowed import written_lines
from mailbox.message.parse import ParsedMessage, parse

ME = Address("Mara Lind", "mara@example.com")
ANN = Address("Ann Lee", "ann@example.org")
BOB = Address("", "bob@example.net")
NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
LONG_ID = "DB7PR04MB" + "0123456789ABCDEF" * 6 + "@DB7PR04MB1234.eurprd04.prod.outlook.example"
DRAFT = Draft(from_=ME, to=(ANN,), cc=(), bcc=(), subject="Bowls", text="Hello,\nready?\n", in_reply_to=None, references=())


def sent(draft: Draft = DRAFT, **changes: Any) -> bytes:
    return compose(replace(draft, **changes), message_id="new@example.com", date=NOW)


def received(draft: Draft = DRAFT, **changes: Any) -> ParsedMessage:
    return parse(sent(draft, **changes))


def file(filename: str, content: bytes = b"\x00\xff", content_type: str = "application/pdf") -> Attachment:
    return Attachment("2", filename, content_type, "", inline=False, content=content)


def test_it_works() -> None:
    assert sent() == (
        b'From: "Mara Lind" <mara@example.com>\r\nTo: "Ann Lee" <ann@example.org>\r\nSubject: Bowls\r\n'
        b"Date: Tue, 24 Nov 2026 09:41:00 +0000\r\nMessage-ID: <new@example.com>\r\n"
        b'Content-Transfer-Encoding: 7bit\r\nContent-Type: text/plain; charset="utf-8"; format="flowed"\r\nMIME-Version: 1.0\r\n'
        b"\r\nHello,\r\nready?\r\n"
    )


def test_the_same_draft_gives_the_same_bytes() -> None:
    assert sent(attachments=(file("a.pdf"),)) == sent(attachments=(file("a.pdf"),))


def test_everybody_but_bcc_stands_in_the_headers() -> None:
    raw = sent(cc=(BOB,), bcc=(Address("Eve", "eve@example.org"),))
    assert b"Cc: bob@example.net\r\n" in raw
    assert b"eve" not in raw.lower()
    assert recipients_of(replace(DRAFT, cc=(BOB,), bcc=(ANN,))) == ("ann@example.org", "bob@example.net")


NAMES = [
    "Jürgen Müller, Köln",
    'Ann "the potter" Lee',
    "李小龍",
    "a" * 200,
    "=?utf-8?q?x?=",
    "x <evil@example.net>",
    "Ä" * 150,
    "back\\slash",
    "",
]


def test_names_of_every_kind_arrive_as_they_were() -> None:
    people = tuple(Address(name, f"p{number}@example.org") for number, name in enumerate(NAMES))
    message = received(to=people)
    assert message.to == people
    header = str(message_from_bytes(sent(to=people))["To"])
    assert [addr_spec for _, addr_spec in getaddresses([header])] == [person.addr_spec for person in people]


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), max_size=300))
def test_any_subject_arrives_as_it_was(subject: str) -> None:
    raw = sent(subject=subject)
    assert parse(raw).subject.split() == subject.split()
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.sampled_from("ab >FromÄ.-"), max_size=200), max_size=6).map("\n".join))
def test_any_text_arrives_as_it_was(text: str) -> None:
    text = "\n".join(line.strip() for line in text.split("\n"))
    message = received(text=text)
    assert message.flowed
    assert list(written_lines(message.text.rstrip("\n"), flowed=True)) == list(written_lines(text.rstrip("\n"), flowed=False))


@pytest.mark.parametrize("text", ["Grüße\n", "x" * 5_000, "a\r\nb\rc\n", "nul\x00", "\ud800", "=\t\x0c", "日本語" * 1_000, ".\n..\n", ""])
def test_awkward_text_is_sent_in_seven_bits_and_short_lines(text: str) -> None:
    raw = sent(text=text)
    assert raw.isascii()
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


def test_a_long_message_id_stays_an_id() -> None:
    """Python's own folding makes an encoded word of it, and the conversation breaks."""
    message = received(in_reply_to=LONG_ID, references=("first@example.org", LONG_ID))
    assert message.in_reply_to == (LONG_ID,)
    assert message.references == ("first@example.org", LONG_ID)


def test_references_keep_the_first_and_the_newest() -> None:
    references = tuple(f"{number}.{'x' * 40}@example.org" for number in range(200))
    raw = sent(references=references)
    kept = parse(raw).references
    assert kept[0] == references[0]
    assert kept[1:] == references[-len(kept) + 1 :]
    assert len(kept) > 10
    assert len(str(message_from_bytes(raw)["References"]).replace("\n", "")) < 998


@pytest.mark.parametrize("bad", ["a\rb", "a\nb", "a\r\nBcc: eve@example.org", "a\x00b"])
@pytest.mark.parametrize("field", ["subject", "name", "cc", "from", "in_reply_to", "references", "filename", "content_type", "address"])
def test_a29_a_line_break_in_a_header_is_refused(field: str, bad: str) -> None:
    changes: dict[str, dict[str, Any]] = {
        "subject": {"subject": bad},
        "name": {"to": (Address(bad, "ann@example.org"),)},
        "cc": {"cc": (Address(bad, "ann@example.org"),)},
        "from": {"from_": Address(bad, "mara@example.com")},
        "address": {"to": (Address("", f"{bad}@example.org"),)},
        "in_reply_to": {"in_reply_to": bad},
        "references": {"references": (bad,)},
        "filename": {"attachments": (file(bad),)},
        "content_type": {"attachments": (file("a", content_type=f"text/{bad}"),)},
    }
    with pytest.raises(ComposeError) as refusal:
        sent(**changes[field])
    assert "\n" not in refusal.value.sentence
    assert refusal.value.field in {
        "to" if field in ("name", "address") else "attachments" if field in ("filename", "content_type") else field
    }


@pytest.mark.parametrize(
    "addr_spec",
    ["", "ann", "ann@", "@example.org", "ann@example", "ann lee@example.org", "ann@127.0.0.1", "ann@a..org", "a@b@example.org"],
)
def test_what_is_no_address_is_refused_with_a_sentence(addr_spec: str) -> None:
    with pytest.raises(ComposeError) as refusal:
        sent(to=(Address("", addr_spec),))
    assert refusal.value.field == "to"
    assert refusal.value.sentence.endswith("is not a complete address.")


def test_letters_that_servers_refuse_are_refused_here() -> None:
    with pytest.raises(ComposeError, match="only plain letters work before the @"):
        sent(to=(Address("", "jürgen@example.org"),))


def test_foreign_domains_are_written_as_dns_knows_them() -> None:
    assert b"To: ann@xn--bcher-kva.example\r\n" in sent(to=(Address("", "ann@bücher.example"),))


def test_a30_at_most_fifty_people_and_at_least_one() -> None:
    people = tuple(Address("", f"p{number}@example.org") for number in range(51))
    assert received(to=people[:50]).to == people[:50]
    with pytest.raises(ComposeError, match="at most 50 recipients; this one names 51"):
        sent(to=people[:20], cc=people[20:30], bcc=people[30:])
    with pytest.raises(ComposeError, match="at least one recipient"):
        sent(to=())


def test_one_person_named_twice_counts_once() -> None:
    assert recipients_of(replace(DRAFT, to=(ANN,) * 60)) == ("ann@example.org",)


def test_files_arrive_byte_for_byte_under_one_safe_name() -> None:
    files = (
        file("Schüssel.pdf", bytes(range(256))),
        file("../../etc/passwd", b"x"),
        file("mail.eml", b"Subject: x\n\ny", "message/rfc822"),
    )
    message = received(attachments=files)
    assert [(got.filename, got.content) for got in message.attachments] == [
        ("Schüssel.pdf", bytes(range(256))),
        ("passwd", b"x"),
        ("mail.eml", b"Subject: x\n\ny"),
    ]
    assert message.text.strip() == "Hello,\nready?"


@pytest.mark.parametrize("content_type", ["multipart/mixed", "message/rfc822", "nonsense", "a/b/c", "text/html; charset=x", ""])
def test_types_that_cannot_be_said_are_octet_stream(content_type: str) -> None:
    assert received(attachments=(file("a", content_type=content_type),)).attachments[0].content_type == "application/octet-stream"


def test_a32_more_than_forty_megabytes_are_refused() -> None:
    with pytest.raises(ComposeError, match="at most 40 MB"):
        sent(attachments=(file("a", bytes(32_000_000)),))


def message(**headers: str) -> ParsedMessage:
    given = {"From": "Ann Lee <ann@example.org>", "To": "mara@example.com", "Subject": "Bowls", "Message-ID": "<m2@example.org>"}
    head = {name.replace("_", "-"): value for name, value in (given | headers).items()}
    return parse("".join(f"{name}: {value}\n" for name, value in head.items()).encode() + b"\nReady?\n> Blue?\n")


def answer(mode: str = "reply", own: tuple[Address, ...] = (ME,), **headers: str) -> Draft:
    return reply(message(**headers), mode, own=own, identity=ME, message_id="m2@example.org")


def test_a_reply_quotes_and_refers() -> None:
    draft = answer(Date="Tue, 24 Nov 2026 10:41:00 +0100", References="<m0@example.org> <m1@example.org>")
    assert draft == Draft(
        from_=ME,
        to=(ANN,),
        cc=(),
        bcc=(),
        subject="Re: Bowls",
        text="\n\nOn Tue, 24 Nov 2026 at 09:41 UTC, Ann Lee wrote:\n> Ready?\n>> Blue?\n",
        in_reply_to="m2@example.org",
        references=("m0@example.org", "m1@example.org", "m2@example.org"),
    )


def test_dates_are_told_in_the_zone_of_the_reader() -> None:
    draft = reply(
        message(Date="Tue, 24 Nov 2026 23:41:00 +0000"),
        "reply",
        own=(ME,),
        identity=ME,
        message_id="m2@example.org",
        zone=timezone(timedelta(hours=1)),
    )
    assert "On Wed, 25 Nov 2026 at 00:41, Ann Lee wrote:" in draft.text


@pytest.mark.parametrize("mode", ["reply", "forward"])
def test_a_date_at_the_end_of_the_calendar_can_be_answered(mode: str) -> None:
    original, zone = message(Date="Fri, 31 Dec 9999 23:59:59 +0000"), timezone(timedelta(hours=1))
    draft = reply(original, mode, own=(ME,), identity=ME, message_id="m2@example.org", zone=zone)
    assert "Fri, 31 Dec 9999 at 23:59 UTC" in draft.text


@pytest.mark.parametrize(
    ("subject", "mode", "answered"),
    [
        ("Bowls", "reply", "Re: Bowls"),
        ("Re: Bowls", "reply", "Re: Bowls"),
        ("RE: AW: re[2]: Bowls", "reply", "Re: Bowls"),
        ("Fwd: Bowls", "reply", "Re: Fwd: Bowls"),
        ("Bowls", "forward", "Fwd: Bowls"),
        ("FW: Fwd: Bowls", "forward", "Fwd: Bowls"),
        ("Re: Bowls", "forward", "Fwd: Re: Bowls"),
        ("Rearview", "reply", "Re: Rearview"),
        ("", "reply", "Re:"),
    ],
)
def test_the_subject_says_once_what_it_is(subject: str, mode: str, answered: str) -> None:
    assert answer(mode, Subject=subject).subject == answered


def test_a_reply_goes_where_it_is_asked_to_go() -> None:
    assert answer(Reply_To="Desk <desk@example.org>, bob@example.net").to == (Address("Desk", "desk@example.org"), BOB)


def test_a_reply_to_all_names_everybody_but_the_owner() -> None:
    own = (ME, Address("", "studio@example.com"))
    to, cc = "MARA@example.com, Bob <bob@example.net>, ann@example.org", "studio@example.com, eve@example.org, bob@example.net"
    draft = answer("all", own, To=to, Cc=cc)
    assert [address.addr_spec for address in draft.to] == ["ann@example.org", "bob@example.net"]
    assert [address.addr_spec for address in draft.cc] == ["eve@example.org"]


@pytest.mark.parametrize(("mode", "cc"), [("reply", ()), ("all", ("eve@example.org",))])
def test_an_answer_to_ones_own_mail_goes_to_its_recipients(mode: str, cc: tuple[str, ...]) -> None:
    draft = answer(mode, From="Mara <mara@example.com>", To="Bob <bob@example.net>, mara@example.com", Cc="eve@example.org")
    assert [address.addr_spec for address in draft.to] == ["bob@example.net"]
    assert tuple(address.addr_spec for address in draft.cc) == cc


def test_a_note_to_oneself_is_answered_to_oneself_but_never_by_all() -> None:
    assert [address.addr_spec for address in answer(From="mara@example.com").to] == ["mara@example.com"]
    assert answer("all", From="mara@example.com").to == ()


def test_a_forward_carries_the_message_and_its_files() -> None:
    original = replace(message(Date="Tue, 24 Nov 2026 09:41:00 +0000", Cc="eve@example.org"), attachments=(file("a.pdf"),))
    draft = reply(original, "forward", own=(ME,), identity=ME, message_id="m2@example.org")
    assert (draft.to, draft.cc, draft.in_reply_to) == ((), (), None)
    assert draft.attachments == original.attachments
    assert draft.text == (
        "\n\n---------- Forwarded message ---------\nFrom: Ann Lee <ann@example.org>\nDate: Tue, 24 Nov 2026 at 09:41 UTC\n"
        "Subject: Bowls\nTo: mara@example.com\nCc: eve@example.org\n\nReady?\n> Blue?\n"
    )


def test_html_is_quoted_as_its_text() -> None:
    original = parse(b"From: ann@example.org\nContent-Type: text/html\n\n<p>Ready?</p><script>alert(1)</script>")
    assert reply(original, "reply", own=(), identity=ME, message_id="m@example.org").text.endswith("ann@example.org wrote:\n> Ready?\n")


@pytest.mark.parametrize("message_id", [None, "", "with space@example.org", "line\nbreak@example.org", "ümlaut@example.org"])
def test_an_id_that_no_header_can_hold_is_not_referred_to(message_id: str | None) -> None:
    draft = reply(message(), "reply", own=(ME,), identity=ME, message_id=message_id)
    assert (draft.in_reply_to, draft.references) == (None, ())
    assert sent(draft)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["reply", "all", "forward"]))
def test_any_mail_can_be_answered(raw: bytes, mode: str) -> None:
    draft = reply(parse(raw), mode, own=(ME,), identity=ME, message_id="m2@example.org")
    assert parse(sent(draft, to=(ANN,), cc=())).from_ == (ME,)
