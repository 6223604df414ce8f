"""Mails as they come out of broken programs, relays and hands: the mails of the tests, cut, doubled, mixed and damaged.

Nothing in the message engine raises for them, and what it makes of them is clean text.
"""

from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import tests.mails
from mailbox.message.body import render_text
from mailbox.message.calendar import invitation_of
from mailbox.message.protection import protection_of, read_mail
from mailbox.message.report import report_of
from tests.unit.message.test_parse_properties import NOT_TEXT, texts_of

MAILS = [path.read_bytes() for path in sorted(Path(tests.mails.__file__).parent.glob("*.eml"))]
PIECES = [
    b"\n",
    b"\r\n\r\n",
    b"\n--B\n",
    b"--",
    b"\0",
    b"\xff",
    b"=?utf-8?q?",
    b"=",
    b"Content-Type: ",
    b"base64",
    b'"',
    b";",
    b":",
    b"<",
    b"BEGIN:VEVENT\n",
]

Mutation = Callable[[bytes, int, int, int], bytes]
MUTATIONS: list[Mutation] = [
    lambda raw, a, b, n: raw[:a] + raw[b:],
    lambda raw, a, b, n: raw[:b] + raw[a:],
    lambda raw, a, b, n: raw[:a],
    lambda raw, a, b, n: raw[a:b] + raw[:a] + raw[b:],
    lambda raw, a, b, n: raw[:a] + PIECES[n % len(PIECES)] + raw[a:],
    lambda raw, a, b, n: raw[:a] + bytes([n]) + raw[a + 1 :],
    lambda raw, a, b, n: raw[:a] + raw[a:b].upper() + raw[b:],
    lambda raw, a, b, n: raw[:a] + raw[a:b].replace(b"\n", b"") + raw[b:],
    lambda raw, a, b, n: raw.replace(b"\n", (b"\r\n", b"\r", b"\n\n", b"\r\r\n")[n % 4]),
    lambda raw, a, b, n: raw[:a] + MAILS[n % len(MAILS)] + raw[a:],
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    raw = draw(st.sampled_from(MAILS))
    for mutate in draw(st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=6)):
        first, second = sorted(draw(st.integers(0, len(raw))) for _ in range(2))
        raw = mutate(raw, first, second, draw(st.integers(0, 255)))[:100_000]
    return raw


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_a_damaged_mail_is_read_as_clean_text(raw: bytes) -> None:
    message = read_mail(raw)
    assert not any(NOT_TEXT.search(text) or "\n" in text for text in texts_of(message))
    assert not NOT_TEXT.search(message.text + message.html)
    assert len(message.preview) <= 200


@settings(max_examples=200, deadline=None)
@given(mutated())
def test_whatever_is_damaged_every_kind_of_mail_is_told_or_left_alone(raw: bytes) -> None:
    message = read_mail(raw)
    body = render_text(message)
    shown = [span.text for block in (*body.blocks, *body.signature, *body.quoted) for line in block.lines for span in line]
    report, invitation = report_of(message), invitation_of(message)
    shown += [text for outcome in (report.outcomes if report else ()) for text in (outcome.recipient, outcome.action, outcome.words)]
    shown += [invitation.summary, invitation.location, invitation.recurrence] if invitation else []
    assert not any(NOT_TEXT.search(text) for text in shown)
    assert protection_of(message) in ("signed", "encrypted", None)
