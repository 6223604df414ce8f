"""The state of the post office, over the real roads: the pulse reaches the indexer, and the web role may ask what it asks."""

import pytest
from botocore.exceptions import ClientError

from mailbox.store import health
from mailbox.store.keys import PULSE_KEY
from tests.aws.conftest import PostOffice, as_web, wait_until


def test_the_indexer_answers_the_pulse_of_the_web(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    with as_web(post_office, monkeypatch):
        health.send_pulse()
    sent = post_office.client("s3").head_object(Bucket=post_office.bucket, Key=PULSE_KEY)["LastModified"]
    key = {"pk": {"S": "a#pulse"}, "sk": {"S": "#"}}
    table = post_office.client("dynamodb")

    def answered() -> bool:
        item = table.get_item(TableName=post_office.table, Key=key, ConsistentRead=True).get("Item")
        return bool(item) and item["pulse"]["S"] >= sent.strftime("%Y-%m-%dT%H:%M:%SZ")

    wait_until(answered, "the indexer did not answer the pulse")


def test_the_web_role_may_ask_all_it_asks(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    with as_web(post_office, monkeypatch):
        found = health.ask()
    assert found.reachable
    assert found.given_up is not None
    assert found.home_seen_at is None


def test_dead_letters_are_counted(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    sqs, url = post_office.client("sqs"), post_office.environment["POSTAMT_DEAD_LETTER_URL"]
    with as_web(post_office, monkeypatch):
        before = health.ask().given_up
        sqs.send_message(QueueUrl=url, MessageBody="{}")
        try:
            assert health.ask().given_up == (before or 0) + 1
        finally:
            sqs.purge_queue(QueueUrl=url)


def test_the_web_role_counts_dead_letters_and_cannot_read_them(post_office: PostOffice) -> None:
    sqs = post_office.client("sqs", post_office.web_environment)
    with pytest.raises(ClientError) as refusal:
        sqs.receive_message(QueueUrl=post_office.environment["POSTAMT_DEAD_LETTER_URL"])
    assert "AccessDenied" in refusal.value.response["Error"]["Code"]
