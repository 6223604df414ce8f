"""Least privilege, executed: the emulator evaluates the policies that the deployment attaches, and refuses what they do not allow."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.aws.conftest import PostOffice, wait_until

MAIL = b"From: owner@postamt.localhost\r\nTo: ann@example.org\r\nSubject: Hello\r\n\r\nA word.\r\n"
ME = "owner@postamt.localhost"
KEY = {"pk": {"S": "t#0123"}, "sk": {"S": "m#2026-11-24T10:00:00Z#incoming-x"}}


def refused(call: Callable[..., Any], **arguments: Any) -> str:
    """The code of AWS's refusal."""
    with pytest.raises(ClientError) as refusal:
        call(**arguments)
    return str(refusal.value.response["Error"]["Code"])


def test_the_web_process_cannot_send(post_office: PostOffice) -> None:
    ses = post_office.client("sesv2", post_office.web_environment)
    sent_before = set(post_office.state.joinpath("outbox").glob("*.eml"))
    mail = {"FromEmailAddress": ME, "Destination": {"ToAddresses": ["ann@example.org"]}, "Content": {"Raw": {"Data": MAIL}}}
    assert refused(ses.send_email, **mail) == "AccessDeniedException"
    assert set(post_office.state.joinpath("outbox").glob("*.eml")) == sent_before


@pytest.mark.parametrize("key", ["incoming/x", "receipts/x.json", "sent/x", "events/x/y.json", "imported/x"])
def test_the_web_process_cannot_change_what_was_received(post_office: PostOffice, key: str) -> None:
    s3 = post_office.client("s3", post_office.web_environment)
    assert refused(s3.put_object, Bucket=post_office.bucket, Key=key, Body=MAIL) == "AccessDenied"
    assert refused(s3.delete_object, Bucket=post_office.bucket, Key=key) == "AccessDenied"


def test_the_web_process_cannot_touch_the_rules_the_identities_or_the_functions(post_office: PostOffice) -> None:
    web = post_office.web_environment
    assert refused(post_office.client("iam", web).list_users) == "AccessDenied"
    assert refused(post_office.client("ses", web).describe_active_receipt_rule_set) == "AccessDenied"
    assert refused(post_office.client("lambda", web).list_functions) == "AccessDeniedException"
    assert refused(post_office.client("dynamodb", web).scan, TableName=post_office.table) == "AccessDeniedException"


def write(post_office: PostOffice, **request: Any) -> None:
    """One write in a transaction, as the web process."""
    ((member, item),) = request.items()
    dynamodb = post_office.client("dynamodb", post_office.web_environment)
    dynamodb.transact_write_items(TransactItems=[{member: {"TableName": post_office.table, **item}}])


def test_the_web_process_cannot_make_or_delete_message_rows(post_office: PostOffice) -> None:
    assert refused(write, post_office=post_office, Put={"Item": KEY}) == "AccessDeniedException"
    assert refused(write, post_office=post_office, Delete={"Key": KEY}) == "AccessDeniedException"


@pytest.mark.parametrize(
    ("attribute", "allowed"), [("seen", True), ("folder", True), ("subject", False), ("verdicts", False), ("from", False)]
)
def test_the_web_process_changes_flags_but_no_facts(post_office: PostOffice, attribute: str, allowed: bool) -> None:
    update = {
        "Key": KEY,
        "UpdateExpression": "SET #0 = :0",
        "ExpressionAttributeNames": {"#0": attribute},
        "ExpressionAttributeValues": {":0": {"S": "x"}},
    }
    if allowed:
        write(post_office, Update=update)
        post_office.client("dynamodb").delete_item(TableName=post_office.table, Key=KEY)
    else:
        assert refused(write, post_office=post_office, Update=update) == "AccessDeniedException"


def test_the_web_process_changes_the_index_in_transactions_only(post_office: PostOffice) -> None:
    dynamodb = post_office.client("dynamodb", post_office.web_environment)
    row = {"pk": {"S": "v#inbox"}, "sk": {"S": "x"}, "row": {"S": "{}"}}
    assert refused(dynamodb.put_item, TableName=post_office.table, Item=row) == "AccessDeniedException"
    write(post_office, Put={"Item": row})
    write(post_office, Delete={"Key": {"pk": row["pk"], "sk": row["sk"]}})
    assert refused(write, post_office=post_office, Put={"Item": row | {"subject": {"S": "x"}}}) == "AccessDeniedException"


def test_every_item_of_a_transaction_is_checked(post_office: PostOffice) -> None:
    row = {"pk": {"S": "v#inbox"}, "sk": {"S": "x"}, "row": {"S": "{}"}}
    puts = [{"Put": {"TableName": post_office.table, "Item": item}} for item in (row, KEY)]
    dynamodb = post_office.client("dynamodb", post_office.web_environment)
    assert refused(dynamodb.transact_write_items, TransactItems=puts) == "AccessDeniedException"


def role_environment(post_office: PostOffice, name: str) -> dict[str, str]:
    """The identity of a Lambda: its role's policy, worn by a user that the test may hold keys of."""
    iam = post_office.client("iam")
    user = f"as-{name}"
    if user not in {known["UserName"] for known in iam.list_users()["Users"]}:
        iam.create_user(UserName=user)
        document = iam.get_role_policy(RoleName=f"postamt-{name}", PolicyName=f"postamt-{name}")["PolicyDocument"]
        iam.put_user_policy(UserName=user, PolicyName=user, PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    return post_office.environment | {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def test_the_indexer_cannot_send_or_change_mail(post_office: PostOffice) -> None:
    indexer = role_environment(post_office, "indexer")
    s3 = post_office.client("s3", indexer)
    mail = {"FromEmailAddress": ME, "Destination": {"ToAddresses": ["ann@example.org"]}, "Content": {"Raw": {"Data": MAIL}}}
    assert refused(post_office.client("sesv2", indexer).send_email, **mail) == "AccessDeniedException"
    assert refused(s3.put_object, Bucket=post_office.bucket, Key="incoming/x", Body=MAIL) == "AccessDenied"
    assert refused(s3.put_object, Bucket=post_office.bucket, Key="outbox/x", Body=MAIL) == "AccessDenied"


def test_the_indexer_files_a_message_once_and_never_overwrites_what_a_person_did(post_office: PostOffice) -> None:
    s3 = post_office.client("s3", role_environment(post_office, "indexer"))
    state = {"Bucket": post_office.bucket, "Key": "state/incoming-never.json", "Body": b"{}"}
    assert refused(s3.put_object, **state) == "AccessDenied"
    s3.put_object(**state, IfNoneMatch="*")
    assert refused(s3.put_object, **state, IfNoneMatch="*") == "PreconditionFailed"


def test_the_sender_sends_from_the_own_domain_only_and_reads_no_mail(post_office: PostOffice) -> None:
    sender = role_environment(post_office, "sender")
    ses = post_office.client("sesv2", sender)
    mail = {"FromEmailAddress": ME, "Destination": {"ToAddresses": ["ann@example.org"]}, "Content": {"Raw": {"Data": MAIL}}}
    sent = ses.send_email(**mail)["MessageId"]
    assert post_office.state.joinpath("outbox", f"{sent}.eml").read_bytes() == MAIL
    assert refused(ses.send_email, **mail | {"FromEmailAddress": "boss@example.org"}) == "AccessDeniedException"
    s3 = post_office.client("s3", sender)
    assert refused(s3.get_object, Bucket=post_office.bucket, Key="incoming/x") == "AccessDenied"
    assert refused(s3.put_object, Bucket=post_office.bucket, Key="state/x.json", Body=b"{}") == "AccessDenied"


def test_mail_that_the_sender_function_sent_is_kept_byte_for_byte(post_office: PostOffice) -> None:
    s3, sqs = post_office.client("s3"), post_office.client("sqs")
    envelope = f'{{"envelope_from": "{ME}", "envelope_recipients": ["ann@example.org"], "queued_at": "2026-11-24T10:00:00Z"}}\n'
    raw = MAIL.replace(b"Hello", b"By the queue").replace(b"Subject", b"Message-ID: <by-the-queue@postamt.localhost>\r\nSubject")
    s3.put_object(Bucket=post_office.bucket, Key="outbox/0123456789abcdef0123456789abcdef", Body=envelope.encode() + raw)
    sqs.send_message(QueueUrl=post_office.environment["POSTAMT_QUEUE_URL"], MessageBody='{"outbox": "0123456789abcdef0123456789abcdef"}')
    kept = post_office.state / "outbox"
    wait_until(lambda: any(raw == eml.read_bytes() for eml in kept.glob("*.eml")), "the queued mail was not sent")
