"""The SMTP door over real sockets: what it takes, what it refuses, and with which words."""

import json
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from local.receive import Receiving
from local.smtp import MAX_SIZE, listener
from tests.aws.conftest import PostOffice, free_port, wait_until

MAIL = b"From: Ann <ann@example.org>\r\nTo: me@postamt.localhost\r\nSubject: Hello\r\nMessage-ID: <hello@example.org>\r\n\r\nA word.\r\n"
ME = "me@postamt.localhost"


@contextmanager
def connection(port: int) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as smtp:
        smtp.ehlo()
        yield smtp


def transmit(smtp: smtplib.SMTP, raw: bytes, *recipients: str) -> tuple[int, bytes]:
    """The last answer; the bytes go out exactly as they are."""
    smtp.mail("ann@example.org")
    for recipient in recipients or (ME,):
        smtp.rcpt(recipient)
    smtp.docmd("DATA")
    smtp.send(with_dots(raw) + b".\r\n")
    return smtp.getreply()


def with_dots(raw: bytes) -> bytes:
    """RFC 5321 4.5.2. Only CRLF ends a line."""
    ended = raw if raw.endswith(b"\r\n") or not raw else raw + b"\r\n"
    return (b"\r\n" + ended).replace(b"\r\n.", b"\r\n..")[2:]


def id_in(answer: tuple[int, bytes]) -> str:
    code, text = answer
    assert code == 250, text
    return text.decode().split()[-1]


def stored(post_office: PostOffice, ses_id: str) -> bytes:
    body: bytes = post_office.client("s3").get_object(Bucket=post_office.bucket, Key=f"incoming/{ses_id}")["Body"].read()
    return body


def receipt(post_office: PostOffice, ses_id: str) -> dict[str, object]:
    s3 = post_office.client("s3")
    key = f"receipts/{ses_id}.json"
    wait_until(
        lambda: s3.list_objects_v2(Bucket=post_office.bucket, Prefix=key).get("Contents"),
        f"{key} was not filed; the topic did not reach the indexer",
    )
    found: dict[str, object] = json.loads(s3.get_object(Bucket=post_office.bucket, Key=key)["Body"].read())
    return found


def test_it_works(post_office: PostOffice) -> None:
    with connection(post_office.smtp_port) as smtp:
        ses_id = id_in(transmit(smtp, MAIL))
    assert stored(post_office, ses_id).endswith(b"\r\n" + MAIL)
    post_office.wait_for_row(f"incoming-{ses_id}")


def test_it_offers_what_mailers_want(post_office: PostOffice) -> None:
    with connection(post_office.smtp_port) as smtp:
        assert smtp.has_extn("smtputf8")
        assert smtp.has_extn("8bitmime")
        assert smtp.esmtp_features["size"] == str(MAX_SIZE)


@pytest.mark.parametrize("recipient", ["me@example.org", "me@sub.postamt.localhost", "postmaster"])
def test_a_recipient_no_rule_takes_is_refused_at_once(post_office: PostOffice, recipient: str) -> None:
    with connection(post_office.smtp_port) as smtp:
        smtp.mail("ann@example.org")
        code, text = smtp.rcpt(recipient)
    assert (code, text[:5]) == (550, b"5.1.1")


def test_one_unknown_recipient_does_not_stop_the_others(post_office: PostOffice) -> None:
    with connection(post_office.smtp_port) as smtp:
        ses_id = id_in(transmit(smtp, MAIL, "me@example.org", ME))
    assert receipt(post_office, ses_id)["envelope_recipients"] == [ME]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"no headers at all\r\n",
        b"Subject: NUL\0\0\r\n\r\n\0body\0\r\n",
        b"Subject: \xe4\xf6\xfc \xff\xfe\r\n\r\n8-bit \x80\r\n",
        b"Subject: bare\n line feeds\n\nbody\nmore\r\n",
        b"Subject: dots\r\n\r\n.\n..\r\n.hidden\r\n",
        b"Subject: long\r\n\r\n" + b"x" * 200_000 + b"\r\n",
        b"".join(b"X-%d: x\r\n" % n for n in range(10_000)) + b"\r\nbody\r\n",
    ],
    ids=["empty", "one empty line", "no headers", "NUL", "8-bit headers", "bare LF", "dots", "a long line", "10,000 header lines"],
)
def test_odd_messages_are_stored_byte_for_byte_and_indexed(post_office: PostOffice, raw: bytes) -> None:
    with connection(post_office.smtp_port) as smtp:
        ses_id = id_in(transmit(smtp, raw))
    object_ = stored(post_office, ses_id)
    top, seal, rest = object_.partition(b"X-SES-DKIM-SIGNATURE: ")
    assert top.startswith(b"Return-Path: <ann@example.org>\r\n")
    assert seal
    assert rest.partition(b"\r\n")[2] == raw
    post_office.wait_for_row(f"incoming-{ses_id}")


def test_unicode_addresses_are_taken(post_office: PostOffice) -> None:
    with connection(post_office.smtp_port) as smtp:
        smtp.sendmail("änne@beispiel.example", ["grüße@postamt.localhost"], MAIL, mail_options=["SMTPUTF8", "BODY=8BITMIME"])


def test_300_recipients_share_one_object(post_office: PostOffice) -> None:
    recipients = [f"r{number}@postamt.localhost" for number in range(300)]
    with connection(post_office.smtp_port) as smtp:
        ses_id = id_in(transmit(smtp, MAIL, *recipients))
    assert receipt(post_office, ses_id)["envelope_recipients"] == recipients
    assert post_office.wait_for_row(f"incoming-{ses_id}")


def test_a_message_of_40_mib_is_taken_and_one_byte_more_is_not(post_office: PostOffice) -> None:
    line = b"x" * 998 + b"\r\n"
    raw = line * (MAX_SIZE // len(line))
    raw = raw[:-2] + b"x" * (MAX_SIZE - len(raw)) + b"\r\n"
    with connection(post_office.smtp_port) as smtp:
        ses_id = id_in(transmit(smtp, raw))
        assert transmit(smtp, b"x" + raw)[0] == 552
        assert smtp.mail("ann@example.org", [f"SIZE={MAX_SIZE + 1}"])[0] == 552
    assert stored(post_office, ses_id).endswith(raw)
    post_office.wait_for_row(f"incoming-{ses_id}")


def test_a_slow_sender_does_not_make_the_others_wait(post_office: PostOffice) -> None:
    with connection(post_office.smtp_port) as slow, connection(post_office.smtp_port) as quick:
        slow.mail("ann@example.org")
        slow.rcpt(ME)
        slow.docmd("DATA")
        slow.send(MAIL[:40])
        id_in(transmit(quick, MAIL))
        slow.send(MAIL[40:] + b".\r\n")
        id_in(slow.getreply())


def test_mail_that_the_bucket_does_not_take_is_to_be_sent_again(post_office: PostOffice) -> None:
    ses = post_office.client("ses")
    rule = {
        "Name": "broken",
        "Enabled": True,
        "TlsPolicy": "Optional",
        "ScanEnabled": False,
        "Recipients": ["broken.example"],
        "Actions": [{"S3Action": {"BucketName": "no-such-bucket"}}],
    }
    ses.create_receipt_rule(RuleSetName="postamt", Rule=rule)
    try:
        with connection(post_office.smtp_port) as smtp:
            wait_until(
                lambda: smtp.docmd("RSET") and smtp.mail("a@b.example") and smtp.rcpt("me@broken.example")[0] == 250, "the rule is not seen"
            )
            smtp.docmd("RSET")
            code, text = transmit(smtp, MAIL, "me@broken.example")
    finally:
        ses.delete_receipt_rule(RuleSetName="postamt", RuleName="broken")
    assert (code, text[:5]) == (451, b"4.3.0")


def test_without_aws_mail_is_to_be_sent_again(post_office: PostOffice) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    door = listener(Receiving(post_office.environment | {"AWS_ENDPOINT_URL": nowhere}), free_port())
    door.start()
    try:
        with connection(door.port) as smtp:
            smtp.mail("ann@example.org")
            assert smtp.rcpt(ME)[0] == 451
    finally:
        door.stop()


def test_the_test_string_of_spam_scanners_ends_in_junk(post_office: PostOffice) -> None:
    raw = MAIL.replace(b"hello@", b"gtube@") + b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n"
    with connection(post_office.smtp_port) as smtp:
        ses_id = id_in(transmit(smtp, raw))
    assert receipt(post_office, ses_id)["verdicts"] == {"spam": "FAIL", "virus": "PASS", "spf": "GRAY", "dkim": "GRAY", "dmarc": "GRAY"}
    post_office.wait_for_row(f"incoming-{ses_id}")
    query = {"KeyConditionExpression": "pk = :junk", "ExpressionAttributeValues": {":junk": {"S": "v#junk"}}}
    rows = post_office.client("dynamodb").query(TableName=post_office.table, **query)["Items"]
    assert any(json.loads(row["row"]["S"])["last"] == f"incoming-{ses_id}" for row in rows)
