"""What holds for any bytes at all."""

import json
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailbox.management.commands.inspect import facts_of
from mailbox.message.parse import ParsedMessage, parse
from mailbox.message.preview import html_to_text

MANY = settings(max_examples=300, deadline=None)
NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

FIELDS = b"""From: |To: |Subject: |Date: Mon, 24 Nov 2025 10:00:00 +0100|References: |Content-ID: |--B|--B--|=?utf-8?q?=C3?=|=?x?b?|?=|
Content-Type: multipart/mixed; boundary=B|Content-Type: text/html; charset=|utf-7|utf-16|iso-2022-jp|gb2312|example.org|begin 644 x|
Content-Transfer-Encoding: base64|quoted-printable|x-uuencode|Content-Disposition: attachment; filename*0*=|utf-8''%C3|Ann wrote:"""
BYTES = b'< > " ( ) [ ] \\ : ; , @ = a &#1234567890123; <p_hidden> <!-- -- \xe4 \xf0\x9f\x98\x80 \xed\xa0\x80 +2AA-'
BREAKS = [b"\r", b"\n", b"\r\n", b"\n\n", b" ", b"\t", b"\0", b"\x0b", b"\x1b$B", b"\xc2\x85"]
FRAGMENTS = [*FIELDS.replace(b"\n", b"").split(b"|"), *BYTES.split(), *BREAKS]
MAILS = st.lists(st.sampled_from(FRAGMENTS) | st.sampled_from(BREAKS) | st.binary(max_size=8), max_size=60).map(b"".join)


def texts_of(parsed: ParsedMessage) -> list[str]:
    people = (*parsed.from_, *parsed.sender, *parsed.reply_to, *parsed.to, *parsed.cc, *parsed.bcc)
    return [
        *(text for person in people for text in (person.display_name, person.addr_spec)),
        *(text for file in parsed.attachments for text in (file.filename, file.content_type, file.content_id)),
        *(text for pair in parsed.headers for text in pair),
        *(parsed.subject, parsed.preview, parsed.message_id or "", *parsed.in_reply_to, *parsed.references, *parsed.defects),
    ]


@MANY
@given(st.binary() | MAILS)
@example(b"Content-Type: text/plain; charset=utf-7\n\n+2AA-")
@example(b"Content-Type: \x0b;a=b\n\n")
def test_any_bytes_are_a_message_of_clean_text(raw: bytes) -> None:
    parsed = parse(raw)
    for text in texts_of(parsed):
        assert not NOT_TEXT.search(text)
        assert "\n" not in text
    assert not NOT_TEXT.search(parsed.text + parsed.html)
    assert len(parsed.preview) <= 200
    assert json.loads(json.dumps(facts_of(parsed)))["subject"] == parsed.subject


@MANY
@given(MAILS)
def test_the_same_bytes_are_always_the_same_message(raw: bytes) -> None:
    assert parse(raw) == parse(raw)


@MANY
@given(MAILS)
def test_line_ends_change_no_fact(raw: bytes) -> None:
    unix = raw.replace(b"\r", b"").replace(b"\0", b"")
    one, other = parse(unix), parse(unix.replace(b"\n", b"\r\n"))
    assert (one.subject, one.from_, one.to, one.date, one.text, one.html) == (
        other.subject,
        other.from_,
        other.to,
        other.date,
        other.text,
        other.html,
    )


@MANY
@given(st.text() | MAILS.map(lambda raw: raw.decode("latin-1")))
@example("&#" + "9" * 5_000)
def test_any_html_becomes_clean_text(html: str) -> None:
    assert not NOT_TEXT.search(html_to_text(html))
