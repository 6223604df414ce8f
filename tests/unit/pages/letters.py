"""Mails for the tests of the pages, as SES stores them: its lines on top, then what a sender wrote."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from django.test import Client

from mailbox.store import conversations

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def letter(n: int = 1, *, at: datetime | None = None, verdicts: dict[str, str] | None = None, **written_as: Any) -> bytes:
    """A letter as SES stores it. `n` is its Message-ID, and its minute unless `at` says when it came."""
    at = at or START + timedelta(minutes=n)
    return _lines_of_ses(at, verdicts or {}) + written(n, at=at, **written_as)


def written(
    n: int | str = 1,
    *,
    sender: str = "Ann Lee <ann@example.org>",
    to: str = "Me <me@example.com>",
    subject: str = "Bowls",
    text: str = "Are they ready?",
    html: str = "",
    inline: dict[str, bytes] | None = None,
    files: dict[str, bytes] | None = None,
    answers: int | str | None = None,
    headers: dict[str, str] | None = None,
    at: datetime = START,
) -> bytes:
    """A letter as its sender sends it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"], message["Message-ID"] = sender, to, subject, f"<m{n}@example.org>"
    message["Date"] = format_datetime(at)
    if answers is not None:
        message["References"] = f"<m{answers}@example.org>"
    message.set_content(text)
    for name, value in (headers or {}).items():
        message[name] = value
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in (inline or {}).items():
        part = message.get_body(("related", "html")) or message
        part.add_related(content, maintype="image", subtype="gif", filename=name, cid=f"<{name}>")
    for name, content in (files or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes().replace(b"\n", b"\r\n")


def _lines_of_ses(at: datetime, verdicts: dict[str, str]) -> bytes:
    results = "; ".join(f"{method}={verdicts.get(method, 'pass')}" for method in ("spf", "dkim", "dmarc"))
    return (
        "Return-Path: <ann@example.org>\r\n"
        "Received: from mail.example.org by inbound-smtp.eu-west-1.amazonaws.com with SMTP id x\r\n"
        f" for me@example.com; {format_datetime(at)}\r\n"
        f"X-SES-Spam-Verdict: {verdicts.get('spam', 'PASS')}\r\n"
        f"X-SES-Virus-Verdict: {verdicts.get('virus', 'PASS')}\r\n"
        f"Authentication-Results: amazonses.com; {results}\r\n"
    ).encode()


def thread_of(message_id: str) -> str:
    message = conversations.find_message(message_id)
    assert message
    return message.thread_id


def opened(reader: Client, message_id: str, query: str = "", **headers: str) -> str:
    """The page of the conversation this message is in."""
    response = reader.get(f"/t/{thread_of(message_id)}/{query}", headers=headers)
    assert response.status_code == 200
    return response.text


def is_unread(message_id: str) -> bool:
    message: Any = conversations.find_message(message_id)
    return not message.seen
