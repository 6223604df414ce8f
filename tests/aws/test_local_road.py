"""The roads a mail takes through the local post office: in, out, and from the own domain back in."""

import json
import os
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from local.environment import PROJECT
from tests.aws.conftest import PostOffice, wait_until

MAIL = b"From: Ann <ann@example.org>\r\nTo: me@postamt.localhost\r\nSubject: Hello\r\nMessage-ID: <one@example.org>\r\n\r\nA word.\r\n"
REPLY = (
    b"From: me@postamt.localhost\r\nTo: you@postamt.localhost, ann@example.org\r\nSubject: Re: Hello\r\n"
    b"Message-ID: <ours@postamt.localhost>\r\nIn-Reply-To: <one@example.org>\r\nDate: Mon, 1 Jan 2001 00:00:00 +0000\r\n\r\nMine.\r\n"
)


def object_of(post_office: PostOffice, key: str) -> bytes:
    body: bytes = post_office.client("s3").get_object(Bucket=post_office.bucket, Key=key)["Body"].read()
    return body


def keys(post_office: PostOffice, prefix: str) -> set[str]:
    pages = post_office.client("s3").get_paginator("list_objects_v2").paginate(Bucket=post_office.bucket, Prefix=prefix)
    return {item["Key"] for page in pages for item in page.get("Contents", [])}


def test_it_works(post_office: PostOffice) -> None:
    message_id = post_office.deliver(MAIL)
    stored = object_of(post_office, message_id.replace("-", "/", 1))
    assert stored.endswith(MAIL)
    assert stored.startswith(b"Return-Path: <ann@example.org>\r\nReceived: from ")


def test_an_object_put_while_no_web_process_runs_is_indexed(post_office: PostOffice) -> None:
    post_office.stop_web()
    try:
        post_office.client("s3").put_object(Bucket=post_office.bucket, Key="incoming/0putbyboto3", Body=MAIL)
        post_office.wait_for_row("incoming-0putbyboto3")
    finally:
        post_office.start_web()


def test_the_receipt_of_the_topic_is_filed_beside_the_mail(post_office: PostOffice) -> None:
    message_id = post_office.deliver(MAIL, "hidden@postamt.localhost", dmarc="FAIL")
    key = f"receipts/{message_id.removeprefix('incoming-')}.json"
    wait_until(lambda: keys(post_office, key), f"{key} was not filed")
    receipt = json.loads(object_of(post_office, key))
    assert receipt["envelope_recipients"] == ["hidden@postamt.localhost"]
    assert receipt["verdicts"]["dmarc"] == "FAIL"


def test_what_ses_sends_is_kept_with_its_envelope(post_office: PostOffice) -> None:
    sent = send(post_office, ["ann@example.org"])
    kept = post_office.state / "outbox"
    assert (kept / f"{sent}.eml").read_bytes() == REPLY
    envelope = json.loads((kept / f"{sent}.json").read_text())
    assert (envelope["envelope_from"], envelope["envelope_recipients"]) == ("me@postamt.localhost", ["ann@example.org"])


def send(post_office: PostOffice, recipients: list[str], raw: bytes = REPLY) -> str:
    mail = {"FromEmailAddress": "me@postamt.localhost", "Destination": {"ToAddresses": recipients}, "Content": {"Raw": {"Data": raw}}}
    sent: str = post_office.client("sesv2").send_email(**mail)["MessageId"]
    return sent


def test_mail_to_the_own_domain_comes_back_as_ses_sends_it(post_office: PostOffice) -> None:
    before = keys(post_office, "incoming/")
    sent = send(post_office, ["you@postamt.localhost", "ann@example.org"])
    (key,) = wait_until(lambda: keys(post_office, "incoming/") - before, "the copy did not come back")
    copy = message_from_bytes(object_of(post_office, key))
    assert copy["Message-ID"] == f"<{sent}@eu-west-1.amazonses.com>"
    assert copy["Return-Path"] == f"<{sent}@eu-west-1.amazonses.com>"
    assert copy["In-Reply-To"] == "<one@example.org>"
    assert "2001" not in copy["Date"]
    assert copy.get_payload() == "Mine.\r\n"
    post_office.wait_for_row(key.replace("/", "-", 1))
    wait_until(lambda: not list((post_office.state / "spool").iterdir()), "the spool was not emptied")


def test_mail_to_strangers_does_not_come_back(post_office: PostOffice) -> None:
    send(post_office, ["ann@example.org"])
    assert not list((post_office.state / "spool").iterdir())


def command(post_office: PostOffice, *arguments: str, standard_input: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """`manage.py`, in a shell that knows the state folder only."""
    environment = {"PATH": os.environ["PATH"], "POSTAMT_STATE": str(post_office.state)}
    line = [sys.executable, str(PROJECT / "manage.py"), *arguments]
    return subprocess.run(line, env=environment, input=standard_input, capture_output=True, timeout=120, check=False)


def test_deliver_hands_files_to_the_receipt_rules(post_office: PostOffice, tmp_path: Path) -> None:
    file = tmp_path / "one.eml"
    file.write_bytes(MAIL)
    to = ("--to", "a@postamt.localhost", "--to", "b@postamt.localhost", "--from", "ann@example.org")
    done = command(post_office, "deliver", str(file), "-", *to, "--verdict", "spam=FAIL", standard_input=b"")
    assert done.returncode == 0, done.stderr
    ses_ids = [line.split()[-1] for line in done.stdout.decode().splitlines()[:2]]
    assert object_of(post_office, f"incoming/{ses_ids[0]}").endswith(MAIL)
    assert b"X-SES-Spam-Verdict: FAIL\r\n" in object_of(post_office, f"incoming/{ses_ids[0]}")
    for ses_id in ses_ids:
        post_office.wait_for_row(f"incoming-{ses_id}")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-", "--to", "me@example.org"], "No active receipt rule takes mail for me@example.org."),
        (["/does/not/exist", "--to", "me@postamt.localhost"], "/does/not/exist cannot be read: No such file or directory."),
        (["-", "--to", "me@postamt.localhost", "--verdict", "spam=MAYBE"], "'spam=MAYBE': write NAME=STATUS"),
    ],
)
def test_deliver_says_in_a_sentence_what_is_wrong(post_office: PostOffice, arguments: list[str], sentence: str) -> None:
    done = command(post_office, "deliver", *arguments)
    assert done.returncode != 0
    assert sentence in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_deliver_without_a_post_office_says_what_to_do(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "POSTAMT_STATE": str(tmp_path)}
    line = [sys.executable, str(PROJECT / "manage.py"), "deliver", "-", "--to", "me@postamt.localhost"]
    done = subprocess.run(line, env=environment, input=b"", capture_output=True, timeout=120, check=False)
    assert done.returncode != 0
    assert b"The local post office does not answer. Open it with `make run`, then try again." in done.stderr


def rules(post_office: PostOffice) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = post_office.client("ses").describe_active_receipt_rule_set()["Rules"]
    return found


def test_provisioning_again_changes_nothing(post_office: PostOffice) -> None:
    before = rules(post_office)
    post_office.stop_web()  # it gets a new key each time
    post_office.running.provision()
    post_office.start_web()
    assert rules(post_office) == before
    assert len(before) == 1
    s3, functions = post_office.client("s3"), post_office.client("lambda")
    roads = s3.get_bucket_notification_configuration(Bucket=post_office.bucket)["LambdaFunctionConfigurations"]
    assert [road["Events"] for road in roads] == [["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]]
    assert s3.get_bucket_versioning(Bucket=post_office.bucket)["Status"] == "Enabled"
    assert len(functions.list_event_source_mappings(FunctionName="postamt-sender")["EventSourceMappings"]) == 1
    assert len(post_office.client("sns").list_subscriptions()["Subscriptions"]) == 1
