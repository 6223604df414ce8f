"""Abuse of a link into the bucket, which a large download is fetched by: A19. The signature is checked here as S3 checks it."""

import hashlib
import hmac
import os
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit, urlunsplit

import pytest

from tests.unit.auth.conftest import Browser
from tests.unit.in_memory import Mailbox

RAW = b"From: ann@example.org\r\nSubject: plans\r\n\r\n" + b"0123456789abcde\n" * 300_000


@pytest.fixture
def link(owner: Browser, mailbox: Mailbox) -> str:
    answer = owner.get(f"/m/{mailbox.arrive(RAW)}/raw")
    assert (answer.status_code, answer["Cache-Control"]) == (302, "private, no-store")
    return str(answer["Location"])


def is_signed(link: str) -> bool:
    """Whether S3 would serve it. AWS Signature Version 4, query parameters, unsigned payload."""
    url = urlsplit(link)
    given = dict(parse_qsl(url.query, keep_blank_values=True))
    signature, scope = given.pop("X-Amz-Signature"), given["X-Amz-Credential"].partition("/")[2]
    query = urlencode(sorted(given.items()), quote_via=quote, safe="-_.~")
    request = f"GET\n{url.path}\n{query}\nhost:{url.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    to_sign = f"AWS4-HMAC-SHA256\n{given['X-Amz-Date']}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = b"AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"].encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.compare_digest(hmac.new(key, to_sign.encode(), "sha256").hexdigest(), signature)


def changed(link: str, **parameters: str) -> str:
    url = urlsplit(link)
    query = dict(parse_qsl(url.query, keep_blank_values=True)) | {name.replace("_", "-"): value for name, value in parameters.items()}
    return urlunsplit(url._replace(query=urlencode(query, quote_via=quote)))


def test_a19_a_link_opens_one_object_for_a_short_while_as_a_download(link: str, mailbox: Mailbox) -> None:
    url, query = urlsplit(link), parse_qs(urlsplit(link).query)
    assert is_signed(link)
    assert url.hostname == f"{mailbox.bucket}.s3.eu-west-1.amazonaws.com"
    assert int(query["X-Amz-Expires"][0]) <= 300
    assert query["response-content-disposition"][0].startswith("attachment")
    assert query["response-content-type"] == ["application/octet-stream"]
    assert query["response-cache-control"] == ["private, no-store"]


def test_a19_a_link_that_was_changed_opens_nothing(link: str) -> None:
    assert is_signed(changed(link))
    assert not is_signed(link.replace("/incoming/", "/settings/"))
    assert not is_signed(link.replace("/incoming/", "/incoming/../settings/"))
    assert not is_signed(changed(link, X_Amz_Expires="86400"))
    assert not is_signed(changed(link, X_Amz_Date="20300101T000000Z"))
    assert not is_signed(changed(link, response_content_disposition="inline"))
    assert not is_signed(changed(link, response_content_type="text/html"))
    assert not is_signed(changed(link, versionId="1"))


def test_a19_a_stranger_gets_no_link(stranger: Browser, mailbox: Mailbox) -> None:
    answer = stranger.get(f"/m/{mailbox.arrive(RAW)}/raw")
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (303, "/login/")
