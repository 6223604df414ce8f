"""The road in, without SMTP and without the web process: what lies in the bucket is the mailbox, whoever put it there."""

import re
import urllib.request
from http.cookiejar import CookieJar
from urllib.parse import urlencode

from tests.aws.conftest import PostOffice

MAIL = (
    b"From: Ann <ann@example.org>\r\nTo: me@postamt.localhost\r\nSubject: While you slept\r\n"
    b"Message-ID: <slept@example.org>\r\n\r\nA word.\r\n"
)
SES_ID = "putbyboto300000000000000000000000000000a"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def inbox_of(office: PostOffice) -> str:
    """The inbox as the running webmail shows it to its owner."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    token = TOKEN.search(browser.open(f"{office.web_url}/login/").read().decode())
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "password": office.auth_secret, "next": "/b/inbox/"}
    request = urllib.request.Request(f"{office.web_url}/login/", urlencode(fields).encode(), {"Origin": office.web_url})
    page: str = browser.open(request).read().decode()
    return page


def test_an_object_put_while_the_web_process_is_stopped_becomes_a_row(post_office: PostOffice) -> None:
    post_office.stop_web()
    try:
        post_office.client("s3").put_object(Bucket=post_office.bucket, Key=f"incoming/{SES_ID}", Body=MAIL)
        post_office.wait_for_row(f"incoming-{SES_ID}")
    finally:
        post_office.start_web()
    assert "While you slept" in inbox_of(post_office)
