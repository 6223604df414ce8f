"""The road a mail takes through the local post office."""

from tests.aws.conftest import PostOffice

MAIL = b"From: Ann <ann@example.org>\r\nTo: me@postamt.localhost\r\nSubject: Hello\r\nMessage-ID: <one@example.org>\r\n\r\nA word.\r\n"


def test_it_works(post_office: PostOffice) -> None:
    message_id = post_office.deliver(MAIL)
    key = message_id.replace("-", "/", 1)
    stored = post_office.client("s3").get_object(Bucket=post_office.bucket, Key=key)["Body"].read()
    assert stored.endswith(MAIL)
    assert stored.startswith(b"Return-Path: <ann@example.org>\r\nReceived: from ")
