"""What is believed of the lines on top: SES's own block and nothing else."""

from datetime import UTC, datetime

import pytest

from mailbox.message.headers import read_headers
from mailbox.message.parse import parse
from mailbox.message.ses_block import SesBlock, ses_block
from tests.mails import mail

RECEIVED = (
    b"Received: from a by inbound-smtp.eu-west-1.amazonaws.com with SMTP id x for o@x.example; Mon, 24 Nov 2025 09:00:05 +0000 (UTC)\n"
)


def block_of(raw: bytes) -> SesBlock | None:
    return ses_block(read_headers(raw, 0, len(raw)).fields)


def test_it_works() -> None:
    assert parse(mail("received-by-ses")).ses == SesBlock(
        received_at=datetime(2025, 11, 24, 9, 0, 5, tzinfo=UTC),
        envelope_from="ann@example.org",
        recipient="owner@postamt.localhost",
        verdicts={"spam": "PASS", "virus": "PASS", "spf": "GRAY", "dkim": "PASS", "dmarc": "FAIL"},
        signed_by=("example.org",),
        authors=("example.org",),
    )


def test_lines_without_the_received_line_of_ses_are_the_senders() -> None:
    assert parse(mail("verdicts-forged-by-sender")).ses is None


def test_results_planted_in_what_ses_repeats_are_not_believed() -> None:
    block = parse(mail("verdicts-planted-in-helo")).ses
    assert block is not None
    assert (block.verdicts["dkim"], block.verdicts["dmarc"], block.verdicts["spf"]) == ("FAIL", "FAIL", "GRAY")


def test_a_signer_is_named_only_where_the_sender_could_not_have_written_it() -> None:
    results = b"Authentication-Results: amazonses.com; spf=pass client-ip=192.0.2.7; helo=%s; dkim=pass header.i=a@One.example;\n\n"
    planted = b"x;dkim=pass header.i=@bank.example"
    honest, lying = (
        block_of(RECEIVED + results % b"mx.example"),
        block_of(RECEIVED.replace(b"from a", b"from " + planted) + results % planted),
    )
    assert honest is not None
    assert lying is not None
    assert (honest.signed_by, lying.signed_by) == (("one.example",), ())


@pytest.mark.parametrize(
    ("lines", "verdicts"),
    [
        (b"X-SES-Spam-Verdict: FAIL\nX-SES-Virus-Verdict: PROCESSING_FAILED\n", {"spam": "FAIL", "virus": "PROCESSING_FAILED"}),
        (b"X-SES-Spam-Verdict: DISABLED\nX-SES-Spam-Verdict: PASS\n", {"spam": "DISABLED"}),
        (b"X-SES-Virus-Verdict: PASS\nX-SES-Spam-Verdict: PASS\n", {"virus": "PASS"}),
        (b"X-SES-RECEIPT: x\nX-SES-Spam-Verdict: PASS\n", {}),
        (b"From: a@x.example\nX-SES-Spam-Verdict: PASS\n", {}),
        (b"X-SES-Spam-Verdict: SURELY\n", {}),
        (b"Authentication-Results: mx.example; dmarc=pass\n", {}),
        (
            b"Authentication-Results: amazonses.com; spf=permerror; dkim=none; dmarc=none\n",
            {"spf": "PROCESSING_FAILED", "dkim": "GRAY", "dmarc": "GRAY"},
        ),
    ],
)
def test_each_line_counts_once_and_in_the_order_of_ses(lines: bytes, verdicts: dict[str, str]) -> None:
    block = block_of(b"Return-Path: <>\n" + RECEIVED + lines + b"\n")
    assert block is not None
    assert (block.envelope_from, block.verdicts) == (None, verdicts)


@pytest.mark.parametrize(
    "received",
    [
        b"Received: from inbound-smtp.eu-west-1.amazonaws.com by mx.evil.example; Mon, 24 Nov 2025 09:00:05 +0000\n",
        b"Received: by inbound-smtp.eu-west-1.amazonaws.com.evil.example; Mon, 24 Nov 2025 09:00:05 +0000\n",
        b"Received: by inbound-smtp.eu-west-1.amazonaws.com; yesterday\n",
        b"",
    ],
)
def test_another_server_on_top_is_not_ses(received: bytes) -> None:
    assert block_of(b"Return-Path: <>\n" + received + b"X-SES-Spam-Verdict: PASS\n\n") is None
