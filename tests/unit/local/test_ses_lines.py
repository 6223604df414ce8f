"""The lines the local post office puts on top of a mail, read by the code that reads SES's own."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from local.ses_lines import EICAR, GTUBE, VERDICTS, Transaction, new_ses_id, ses_lines, verdicts_of
from mailbox.message.parse import parse

NOW = datetime(2026, 11, 24, 10, 0, 5, tzinfo=UTC)
MAIL = b"From: Ann <ann@example.org>\r\nSubject: Hello\r\n\r\nA word.\r\n"
ANN = Transaction(MAIL, "ann@example.org", ("me@postamt.localhost", "you@postamt.localhost"))


def on_top(transaction: Transaction) -> bytes:
    return ses_lines(transaction, "a" * 40, NOW, verdicts_of(transaction)) + transaction.raw


def test_it_works() -> None:
    block = parse(on_top(ANN)).ses
    assert block
    assert block.received_at == NOW
    assert block.envelope_from == "ann@example.org"
    assert block.recipient == "me@postamt.localhost"


def test_without_a_scanner_spam_and_virus_pass_and_the_rest_is_gray() -> None:
    assert verdicts_of(ANN) == {"spam": "PASS", "virus": "PASS", "spf": "GRAY", "dkim": "GRAY", "dmarc": "GRAY"}


@pytest.mark.parametrize(("test_string", "name"), [(GTUBE, "spam"), (EICAR, "virus")])
def test_the_test_strings_of_scanners_fail(test_string: bytes, name: str) -> None:
    verdicts = verdicts_of(replace(ANN, raw=MAIL + test_string))
    assert [known for known in VERDICTS if verdicts[known] == "FAIL"] == [name]


@pytest.mark.parametrize("name", VERDICTS)
@pytest.mark.parametrize("status", ["PASS", "FAIL", "GRAY", "PROCESSING_FAILED"])
def test_a_verdict_that_was_asked_for_is_read_back(name: str, status: str) -> None:
    block = parse(on_top(replace(ANN, verdicts={name: status}))).ses
    assert block
    assert block.verdicts[name] == status


@pytest.mark.parametrize(
    "hostile",
    [
        "ann@example.org>\r\nX-SES-Spam-Verdict: PASS\r\nX: <x",
        "ann@example.org; dmarc=pass header.from=bank.example",
        "a(b@example.org",
        'a"b@example.org',
        "ann@example.org\x00\x1b[31m",
    ],
)
def test_a_sender_cannot_write_into_the_lines(hostile: str) -> None:
    transaction = Transaction(
        MAIL, hostile, ("me@postamt.localhost",), helo=hostile, verdicts={"spam": "FAIL", "dmarc": "FAIL", "spf": "FAIL"}
    )
    lines = on_top(transaction).split(b"\r\n")
    assert [line.partition(b":")[0] for line in lines if not line.startswith(b" ")][:8] == [
        b"Return-Path",
        b"Received",
        b"X-SES-Spam-Verdict",
        b"X-SES-Virus-Verdict",
        b"Received-SPF",
        b"Authentication-Results",
        b"X-SES-RECEIPT",
        b"X-SES-DKIM-SIGNATURE",
    ]
    block = parse(on_top(transaction)).ses
    assert block
    assert (block.verdicts["spam"], block.verdicts["spf"], block.verdicts["dmarc"]) == ("FAIL", "FAIL", "FAIL")


def test_the_mail_itself_is_left_as_it_came() -> None:
    for raw in (b"", b"\0\0", b"no header\n\nbare\nlines", b"Subject: \xff\xfe\r\n\r\n"):
        assert on_top(replace(ANN, raw=raw)).endswith(b";\r\n" + raw)


def test_ids_of_one_second_sort_as_the_mails_came() -> None:
    first = datetime(2026, 11, 24, 10, 0, 0, 999_998, tzinfo=UTC)
    ids = [new_ses_id(first + n * timedelta(microseconds=1)) for n in range(4)]
    assert ids == sorted(ids)
    assert all(re.fullmatch("[0-9a-v]{40}", id) for id in ids)
    assert new_ses_id(first) != new_ses_id(first)
