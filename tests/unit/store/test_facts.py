"""Facts of a message: what its bytes say, within bounds."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbox.store.facts import Facts, cut, facts_of
from tests.unit.in_memory import mail

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def facts(raw: bytes, key: str = "incoming/s1", sidecar: dict[str, Any] | None = None, **more: Any) -> Facts:
    return facts_of(key, raw, sidecar, region="eu-west-1", **more)


def test_it_works() -> None:
    found = facts(mail(1, subject="Lunch?"))
    assert (found.id, found.subject, found.from_, found.message_id) == (
        "incoming-s1",
        "Lunch?",
        ["Ann", "ann@example.org"],
        "m1@example.org",
    )
    assert found.received_at == datetime(2026, 11, 24, 10, 0, 1, tzinfo=UTC)


def test_a_conversation_is_found_by_its_oldest_reference_never_by_its_subject() -> None:
    first, reply, later = facts(mail(1)), facts(mail(2, parent=1, root=1)), facts(mail(9, parent=2, root=1, subject="Else"))
    assert first.thread_id == reply.thread_id == later.thread_id
    assert facts(mail(3)).thread_id != first.thread_id
    assert len(first.thread_id) == 32


def test_a_mail_without_any_id_is_a_conversation_of_its_own() -> None:
    assert facts(b"Subject: x\r\n\r\n").thread_id != facts(b"Subject: x\r\n\r\n", "incoming/s2").thread_id


def test_a_sent_copy_goes_by_the_id_that_ses_gave_it() -> None:
    sent = facts(mail(1), "sent/0102-000000", {"ses_message_id": "0102-000000@eu-west-1.amazonses.com", "sent_at": "2026-11-24T12:00:00Z"})
    answer = facts(b"From: b@example.org\r\nIn-Reply-To: <0102-000000@eu-west-1.amazonses.com>\r\n\r\n")
    assert sent.message_id == "0102-000000@eu-west-1.amazonses.com"
    assert sent.thread_id == answer.thread_id
    assert sent.received_at == NOON


@pytest.mark.parametrize(("region", "host"), [("eu-west-1", "eu-west-1.amazonses.com"), ("us-east-1", "email.amazonses.com")])
def test_a_sent_copy_without_its_sidecar_still_knows_its_id(region: str, host: str) -> None:
    assert facts_of("sent/0102", mail(1), None, region=region).message_id == f"0102@{host}"


def test_lines_of_ses_are_believed_only_where_ses_alone_writes() -> None:
    sent = facts(mail(1, top="X-SES-Spam-Verdict: FAIL\r\n"), "sent/s1", {"sent_at": "2026-11-24T12:00:00Z"})
    assert sent.verdicts == {}
    assert sent.received_at == NOON


def test_without_a_line_of_ses_the_date_counts_and_without_a_date_the_time_of_storing() -> None:
    assert facts(b"Date: Tue, 24 Nov 2026 13:00:00 +0100\r\n\r\n").received_at == NOON
    assert facts(b"", stored_at=NOON).received_at == NOON


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\x00" * 100, b'{"json": true}', bytes(range(256)) * 4, b"Subject: \xed\xa0\x80\r\n\r\n"])
def test_what_is_hardly_a_mail_still_has_facts(raw: bytes) -> None:
    found = facts(raw)
    assert found.from_ == ["", ""]
    assert found.size == len(raw)


@given(st.binary(max_size=300))
def test_any_bytes_have_the_same_facts_twice(raw: bytes) -> None:
    assert facts(raw) == facts(raw)


def test_texts_are_cut_by_bytes_and_recipients_are_counted() -> None:
    to = ", ".join(f"Very Long Name {'ü' * 100} <{n}@example.org>" for n in range(300))
    raw = f"From: {'ö' * 5000} <a@example.org>\r\nTo: {to}\r\nSubject: {'ä' * 5000}\r\n\r\n{'ß' * 5000}".encode()
    found = facts(raw)
    assert len(found.subject.encode()) <= 200
    assert len(found.preview.encode()) <= 240
    assert (len(found.to), found.to_more) == (10, 290)
    assert len(json.dumps(found.to, ensure_ascii=False).encode()) < 4_000


def test_whom_the_owner_copied_is_kept_of_what_he_sent_alone() -> None:
    to, cc = (", ".join(f"{name}{n}@example.org" for n in range(7)) for name in ("to", "cc"))
    raw = f"From: me@example.com\r\nTo: {to}\r\nCc: {cc}\r\n\r\n".encode()
    assert facts(raw, "sent/s1").cc == [["", f"cc{n}@example.org"] for n in range(3)]
    assert facts(raw).cc == []


@given(st.text(), st.integers(3, 50))
def test_a_cut_text_keeps_its_bound_and_whole_characters(text: str, most: int) -> None:
    short = cut(text, most)
    assert len(short.encode()) <= most
    assert short == text or short.endswith("…") or "?" in short


def test_only_files_that_are_no_part_of_the_text_count_as_files() -> None:
    part = b"--b\r\nContent-Type: image/png\r\nContent-Disposition: %s\r\nContent-ID: <x>\r\n\r\npng\r\n--b--\r\n"
    top = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    assert facts(top + part % b"attachment; filename=a.png").has_files
    assert facts(top + part % b"inline").has_files  # nothing shows it
    html = b'--b\r\nContent-Type: text/html\r\n\r\n<img src="cid:x">\r\n'
    assert not facts(top + html + part % b"inline").has_files
