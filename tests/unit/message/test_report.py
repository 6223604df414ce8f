"""Mail that reports on mail: deliveries, receipts, complaints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbox.message.parse import parse
from mailbox.message.report import Outcome, Report, report_of
from tests.mails import mail

STATUS = (
    "Reporting-MTA: dns; mx.example.org\n\n"
    "Original-Recipient: rfc822; ann@example.org\nFinal-Recipient: rfc822; a.lee@example.net\nAction: failed\nStatus: 5.2.2 (full)\n"
    "Diagnostic-Code: smtp; 552 5.2.2 Quota\n  exceeded\n\n"
    "Final-Recipient: RFC822;<bob@example.org>\nAction: Delayed\nStatus: 4.4.1\n"
)


def reported(content: str, content_type: str = "message/delivery-status", headers: str = "") -> Report | None:
    raw = f"From: <>\n{headers}Content-Type: multipart/mixed; boundary=R\n\n--R\nContent-Type: {content_type}\n\n{content}\n--R--\n"
    return report_of(parse(raw.encode()))


def test_it_works() -> None:
    assert report_of(parse(mail("delivery-report"))) == Report("delivery", (Outcome("nobody@example.org", "failed", "5.1.1"),))
    assert report_of(parse(mail("plain"))) is None


def test_each_address_has_its_own_outcome_with_the_words_of_the_server() -> None:
    failed = Outcome("ann@example.org", "failed", "5.2.2", "552 5.2.2 Quota exceeded")
    assert reported(STATUS) == Report("delivery", (failed, Outcome("bob@example.org", "delayed", "4.4.1")))


def test_groups_without_an_empty_line_between_them_are_told_apart() -> None:
    report = reported("Final-Recipient: rfc822; a@example.org\nAction: failed\nFinal-Recipient: rfc822; b@example.org\nAction: failed\n")
    assert report
    assert [outcome.recipient for outcome in report.outcomes] == ["a@example.org", "b@example.org"]


def test_a_header_of_exim_names_the_addresses_when_no_part_does() -> None:
    report = reported("Sorry.", "text/plain", "X-Failed-Recipients: a@example.org, b@example.org\n")
    assert report == Report("delivery", (Outcome("a@example.org", "failed"), Outcome("b@example.org", "failed")))


def test_a_receipt_says_what_became_of_the_mail() -> None:
    content = "Final-Recipient: rfc822;ann@example.org\nDisposition: manual-action/MDN-sent-manually; displayed/error\n"
    assert reported(content, "message/disposition-notification") == Report("receipt", (Outcome("ann@example.org", "displayed"),))


def test_a_complaint_need_not_say_whose_it_is() -> None:
    assert reported("Feedback-Type: abuse\nVersion: 1\n", "message/feedback-report") == Report("complaint", (Outcome("", "abuse"),))


@pytest.mark.parametrize("content", ["", "Hello.", "Action: failed\n", "Final-Recipient: rfc822; a@example.org\n"])
def test_a_part_that_reports_nothing_is_no_report(content: str) -> None:
    assert reported(content) is None


def test_a_report_on_very_many_is_bounded() -> None:
    report = reported("Final-Recipient: rfc822; a@example.org\nAction: failed\n\n" * 5_000)
    assert report
    assert len(report.outcomes) <= 1_000
    assert reported("\n" * 60_000 + "Final-Recipient: rfc822; a@example.org\nAction: failed\n") is None


LINES = [*STATUS.encode().splitlines(keepends=True), b"\r\n", b"\n", b":", b"\xff"]


@given(st.binary() | st.lists(st.sampled_from(LINES)).map(b"".join))
def test_any_status_part_is_read(content: bytes) -> None:
    report_of(parse(b"Content-Type: message/delivery-status\n\n" + content))
