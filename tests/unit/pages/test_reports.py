"""What the page says of mail that reports on mail, and of mail that is signed or encrypted."""

from django.test import Client

from tests.mails import mail
from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import opened, thread_of
from tests.unit.pages.seen import all_words, link, words

STATUS = (
    "From: MAILER-DAEMON <daemon@example.org>\nContent-Type: multipart/report; boundary=R\n\n"
    "--R\n\nSorry.\n--R\nContent-Type: message/{}\n\n{}--R--\n"
)
RECIPIENT = "Final-Recipient: rfc822; {}\nAction: {}\nStatus: {}\nDiagnostic-Code: smtp; {}\n\n"


def report(*recipients: str, kind: str = "delivery-status") -> bytes:
    return STATUS.format(kind, "".join(recipients)).encode()


def note(reader: Client, mailbox: Mailbox, raw: bytes, kind: str = "note") -> str:
    return words(opened(reader, mailbox.arrive(raw)), kind)[0]


def test_a53_a_bounce_is_a_note_with_the_reason_and_changes_nothing(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(report(RECIPIENT.format("ann@example.org", "failed", "5.2.2", "552 5.2.2 Quota <b>exceeded</b>")))
    (said,) = words(opened(reader, id), "warn")
    assert "Your mail to ann@example.org was not delivered" in said
    assert "ann@example.org: the mailbox is full; its server said: 552 5.2.2 Quota <b>exceeded</b>" in said
    assert "So says this report. Nothing was changed because of it." in said
    assert {pk for pk, _ in mailbox.items() if pk.startswith("t#")} == {f"t#{thread_of(id)}"}


def test_a_report_on_many_names_them_and_how_many_failed(reader: Client, mailbox: Mailbox) -> None:
    outcomes = [RECIPIENT.format(f"a{n}@example.org", "failed", "5.1.1", "550 No such user") for n in range(30)]
    said = note(reader, mailbox, report(*outcomes))
    assert "Your mail to 30 addresses was not delivered" in said
    assert "a19@example.org: there is no such address" in said
    assert "a20@example.org" not in said
    assert "and 10 more" in said


def test_a_delay_asks_for_patience(reader: Client, mailbox: Mailbox) -> None:
    said = note(reader, mailbox, report(RECIPIENT.format("ann@example.org", "delayed", "4.4.1", "")))
    assert "Your mail to ann@example.org is delayed" in said
    assert "You need not send it again." in said


def test_a_receipt_and_a_complaint_are_called_so(reader: Client, mailbox: Mailbox) -> None:
    receipt = "Final-Recipient: rfc822; ann@example.org\nDisposition: manual-action/MDN-sent-manually; displayed\n\n"
    assert "Your mail to ann@example.org was opened" in note(reader, mailbox, report(receipt, kind="disposition-notification"))
    complaint = report("Feedback-Type: abuse\n\n", kind="feedback-report")
    assert "A report that somebody complained about your mail" in note(reader, mailbox, complaint)


def test_an_encrypted_mail_says_how_it_can_be_read(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(b"From: a@example.org\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\nx")
    page = opened(reader, id)
    assert "It can be read in the mail program that holds your key." in all_words(page)
    assert link(page, "Download the source") == f"/m/{id}/raw"


def test_a_signature_nobody_checked_proves_nothing(reader: Client, mailbox: Mailbox) -> None:
    assert "it proves nothing about who wrote this" in note(reader, mailbox, mail("signed-with-pictures"))


def test_what_lies_inside_its_signature_is_shown_listed_and_served(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(mail("signed-around-its-content"))
    page = opened(reader, id)
    assert words(page, "body") == ["Signed, and wrapped: the köttel is hot."]
    assert "temperatures.csv" in all_words(page)
    assert reader.get(f"/m/{id}/a/1").content == b"1,2"
    assert "Signed, and wrapped" in all_words(reader.get("/b/inbox/").text)


def test_files_that_are_part_of_the_workings_of_mail_say_what_they_are(reader: Client, mailbox: Mailbox) -> None:
    listed = all_words(opened(reader, mailbox.arrive(mail("signed-with-pictures"))))
    assert "Outlook attachment container" in listed
    assert "bytes, signature" in listed
