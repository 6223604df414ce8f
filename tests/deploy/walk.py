"""The road of one mail through a deployment: in by the receipt rule, listed, answered, out by SES. What a person or AWS can see of it."""

import json
import re

from deploy.parameters import AUTH
from local.receive import Receiving
from local.ses_lines import Transaction
from tests.aws.conftest import wait_until
from tests.deploy.browser import Browser
from tests.deploy.owner import DOMAIN, NAMES, Owner

PATIENCE = 120.0
TEXT = "Are you there, and shall we meet on Thursday?"


def letter(subject: str) -> bytes:
    number = re.sub(r"\W", "-", subject.lower())
    head = f"From: Ann <ann@elsewhere.example>\r\nTo: me@{DOMAIN}\r\nSubject: {subject}\r\nMessage-ID: <{number}@elsewhere.example>\r\n"
    return f"{head}\r\n{TEXT}\r\n".encode()


def receive(owner: Owner, subject: str) -> None:
    """As SES does: by the rules of the active rule set."""
    Receiving(owner.aws.owner).receive(Transaction(letter(subject), "ann@elsewhere.example", (f"me@{DOMAIN}",)))


def signed_in(owner: Owner) -> Browser:
    browser = Browser(owner.front.url, NAMES.webmail_url)
    browser.sign_in(owner.secret(AUTH))
    assert browser.path == "/b/inbox/", browser.page
    return browser


def wait_for_listed(browser: Browser, subject: str, box: str = "inbox") -> str:
    wait_until(lambda: subject in browser.open(f"/b/{box}/"), f"{subject!r} is not in {box}", PATIENCE)
    return browser.page


def row_of(owner: Owner, subject: str) -> bool:
    """Whether the table lists it, asked as the owner: there may be no webmail."""
    rows = owner.aws.client("dynamodb").scan(TableName=NAMES.table)["Items"]
    return any(subject in json.dumps(row) for row in rows if row["pk"]["S"].startswith("v#"))


def answer(owner: Owner, browser: Browser, subject: str, text: str) -> str:
    """Answers through the composer's form; what SES sent."""
    browser.open("/b/inbox/")
    browser.open(next(link for link in re.findall(r'href="(/t/[^"]+)"[^>]*>', browser.page) if subject in browser.open(link)))
    browser.follow("Reply")
    browser.press("/compose/", to="ann@elsewhere.example", subject=f"Re: {subject}", text=text, do="send", from_=f"me@{DOMAIN}")
    assert "Your mail is on its way" in browser.page, browser.page
    return wait_until(lambda: sent_with(owner, text), f"SES did not send {text!r}", PATIENCE)


def sent_with(owner: Owner, text: str) -> str | None:
    return next((raw for raw in (path.read_text() for path in owner.aws.outbox.glob("*.eml")) if text in raw), None)


def goes_the_whole_road(owner: Owner, subject: str) -> None:
    """In by the receipt rule, indexed, read through API Gateway, answered, out by SES, and the copy filed under Sent."""
    browser = signed_in(owner)
    receive(owner, subject)
    wait_for_listed(browser, subject)
    raw = answer(owner, browser, subject, f"Yes, and I read {subject}.")
    assert f"From: me@{DOMAIN}" in raw
    wait_for_listed(browser, subject, "sent")
