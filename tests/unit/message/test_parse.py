"""Whole mails: what a reader finds in them. tests/mails/README.md says what is odd about each."""

from datetime import UTC, datetime

import pytest

from mailbox.message.address import Address
from mailbox.message.parse import parse, thread_root
from tests.mails import mail


def test_it_works() -> None:
    parsed = parse(mail("plain"))
    assert parsed.subject == "Lunch on Friday?"
    assert parsed.from_ == (Address("Ann Author", "ann@example.org"),)
    assert parsed.to == (Address("Owner", "owner@postamt.localhost"),)
    assert parsed.cc == (Address("Bob", "bob@example.org"), Address("", "carol@example.org"))
    assert parsed.reply_to == (Address("", "lunch@example.org"),)
    assert parsed.date == datetime(2025, 11, 24, 9, 0, tzinfo=UTC)
    assert parsed.message_id == "plain@example.org"
    assert parsed.in_reply_to == ("second@example.org",)
    assert parsed.references == ("first@example.org", "second@example.org")
    assert parsed.text.startswith("Shall we meet at the café at noon?\n\nOn Thu")
    assert parsed.flowed
    assert (parsed.html, parsed.attachments, parsed.ses, parsed.defects) == ("", (), None, ())
    assert ("mime-version", "1.0") in parsed.headers


def test_an_empty_message_is_a_message() -> None:
    parsed = parse(b"")
    assert (parsed.subject, parsed.from_, parsed.date, parsed.message_id, parsed.text, parsed.attachments) == ("", (), None, None, "", ())


def test_the_address_in_brackets_is_the_author() -> None:
    assert parse(mail("real-address-in-brackets")).from_ == (Address("alice@example.com", "bob@evil.example"),)


def test_all_authors_of_a_doubled_from_field_are_shown() -> None:
    parsed = parse(mail("two-authors"))
    assert [address.addr_spec for address in parsed.from_] == ["ann@example.org", "admin@bank.example"]
    assert "There is more than one from field." in parsed.defects


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("legacy-8bit-header", "Привет всем"),
        ("eight-bit-encoded-word", "Die Hasen und die Frösche"),
        ("character-cut-in-two-words", "Frösche im Teich"),
        ("line-break-in-encoded-subject", "Hello Bcc: victim@example.org"),
        ("junk-before-headers", "Still a header"),
        ("latin1-label-on-utf8", "Café"),
        ("python-only-charset", r"Uryyb and \x41"),
        ("headers-only", "Nothing else"),
        ("old-mac-line-ends", "Carriage returns only"),
    ],
)
def test_a_subject_is_read_however_it_was_written(name: str, subject: str) -> None:
    assert parse(mail(name)).subject == subject


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("junk-before-headers", "The body.\n"),
        ("no-empty-line", "The text starts here\nand goes on.\n"),
        ("illegal-boundary", "Inside."),
        ("mislabelled-boundary", "Found all the same."),
        ("not-multipart-at-all", "But is only text.\n"),
        ("nested-under-one-boundary", "Hello."),
        ("inner-boundary-never-closed", "The inner multipart is not closed."),
        ("latin1-label-on-utf8", "Café crème, labelled as Latin-1.\n"),
        ("old-mac-line-ends", "First part."),
    ],
)
def test_a_text_is_found_however_it_is_wrapped(name: str, text: str) -> None:
    assert parse(mail(name)).text == text


@pytest.mark.parametrize(
    ("name", "attachments"),
    [
        ("illegal-boundary", [("2", "a.pdf", "application/pdf", b"%PDF")]),
        ("nested-under-one-boundary", [("4", "a.gif", "image/gif", b"GIF89a")]),
        ("inner-boundary-never-closed", [("2", "a.csv", "text/csv", b"1,2")]),
        ("old-mac-line-ends", [("2", "a.gif", "image/gif", b"GIF")]),
        ("base64-forwarded-message", [("2", "", "message/rfc822", b"From: carol@example.org\r\nSubject: Report\r\n\r\nAll is well.\r\n")]),
    ],
)
def test_attachments_are_found_and_decoded(name: str, attachments: list[tuple[str, str, str, bytes]]) -> None:
    found = parse(mail(name)).attachments
    assert [(one.part_number, one.filename, one.content_type, one.content) for one in found] == attachments


def test_names_of_attachments_are_read_in_every_notation() -> None:
    assert [attachment.filename for attachment in parse(mail("awkward-filenames")).attachments] == [
        "Rechnung für März.pdf",
        "Angebot für Ann.pdf",
        "../../etc/passwd",
        "invoice\u202efdp.exe",
        "Maßnahmen 2025.html",
    ]


def test_pictures_signatures_calendars_and_winmail_are_attachments() -> None:
    parsed = parse(mail("signed-with-pictures"))
    assert (parsed.text, parsed.html) == ("A picture.", '<p>A picture: <img src="cid:pic@example.org"></p>\n')
    assert [(one.part_number, one.content_type, one.inline, one.content_id) for one in parsed.attachments] == [
        ("1.2", "image/gif", True, "pic@example.org"),
        ("2", "application/pkcs7-signature", False, ""),
        ("3", "text/calendar", False, ""),
        ("4", "application/ms-tnef", False, ""),
    ]


def test_a_picture_that_nothing_shows_is_a_file_whatever_its_sender_says() -> None:
    (picture,) = parse(b"Content-Type: image/gif\nContent-Disposition: inline\nContent-ID: <pic@x>\n\nGIF").attachments
    assert not picture.inline


def test_a_returned_message_is_one_attachment() -> None:
    parsed = parse(mail("delivery-report"))
    assert parsed.text == "Your message could not be delivered."
    assert [attachment.content_type for attachment in parsed.attachments] == ["message/delivery-status", "message/rfc822"]


def test_an_html_only_mail_has_no_text_of_its_own() -> None:
    parsed = parse(mail("newsletter-html-only"))
    assert parsed.text == ""
    assert "<h1>Autumn teas</h1>" in parsed.html


def test_an_unknown_charset_is_said() -> None:
    parsed = parse(mail("python-only-charset"))
    assert parsed.html.startswith("\\x3cscript")
    assert parsed.defects == ("The charset 'unicode_escape' is unknown.",)


def test_a_date_that_cannot_be_is_none_and_said() -> None:
    parsed = parse(b"Date: Fri, 31 Dec 9999 23:59:59 -2359\r\n\r\n")
    assert parsed.date is None
    assert parsed.defects == ("The date cannot be read.",)


def test_a_conversation_begins_at_the_oldest_reference() -> None:
    answer = parse(b"References: <first@x> <second@x>\nIn-Reply-To: <second@x>\n\n")
    assert thread_root(answer, "own@x") == "first@x"
    assert thread_root(parse(b"In-Reply-To: <second@x>\n\n"), "own@x") == "second@x"
    assert thread_root(parse(b""), "own@x") == "own@x"
    assert thread_root(parse(b""), None) is None
