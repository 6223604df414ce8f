"""The whole story over real sockets: a mail comes in by SMTP, is read and answered in a browser, goes out, and its copy comes back."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.aws.conftest import PostOffice, wait_until

PATIENCE_MS = 60_000


def question(subject: str) -> bytes:
    return (
        f"From: Ann Weber <ann@example.org>\r\nTo: The Garden <garden@postamt.localhost>\r\nSubject: {subject}\r\n"
        f"Message-ID: <{subject.lower()}-2@example.org>\r\nIn-Reply-To: <{subject.lower()}-1@example.org>\r\n"
        f"References: <{subject.lower()}-1@example.org>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAre the bowls ready, Ines?\r\n"
    ).encode()


def reloaded_until(page: Page, wanted: Locator) -> Locator:
    """Opens the page again until it shows what has come meanwhile."""

    def look() -> bool:
        page.reload()
        return wanted.first.is_visible()

    wait_until(look, f"{page.url} does not show {wanted}")
    return wanted.first


def sent_mail(office: PostOffice, subject: str) -> tuple[Path, EmailMessage]:
    """What SES was given: the one mail in the outbox folder with this subject."""

    def look() -> list[tuple[Path, EmailMessage]]:
        files = [path for path in (office.state / "outbox").glob("*.eml") if path.with_suffix(".json").exists()]
        mails = [(path, message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)) for path in files]
        return [(path, mail) for path, mail in mails if subject in str(mail["Subject"])]

    (found,) = wait_until(look, f"no mail about {subject} was sent")
    return found


def row(page: Page, subject: str) -> Locator:
    return page.locator(".row a").filter(has_text=subject)


def answer(page: Page, text: str, cc: str = "") -> None:
    """On the page of a conversation."""
    page.get_by_role("link", name="Reply", exact=True).click()
    if cc:
        page.get_by_role("button", name="Cc Bcc").click()
        page.get_by_label("Cc", exact=True).fill(cc)
    page.get_by_label("Message", exact=True).press("Control+Home")
    page.keyboard.insert_text(text)
    page.get_by_role("button", name="Send").click()


def test_it_works(page: Page, post_office: PostOffice) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    post_office.send(question("Bowls"), "garden@postamt.localhost")
    reloaded_until(page, row(page, "Bowls")).click()
    expect(page.locator(".msg .body").get_by_text("Are the bowls ready, Ines?")).to_be_visible()

    answer(page, "On Thursday.\n", cc="Me <me@postamt.localhost>")
    page.wait_for_url(re.compile("/t/[0-9a-f]{32}/"))
    expect(page.get_by_text("on its way")).to_be_visible()

    path, mail = sent_mail(post_office, "Bowls")
    assert mail["From"] == "garden@postamt.localhost"
    assert mail["To"].addresses[0].addr_spec == "ann@example.org"
    assert (mail["Subject"], mail["In-Reply-To"]) == ("Re: Bowls", "<bowls-2@example.org>")
    assert mail["References"].split() == ["<bowls-1@example.org>", "<bowls-2@example.org>"]
    assert mail.get_content().startswith("On Thursday.")
    assert "> Are the bowls ready, Ines?" in mail.get_content()

    reloaded_until(page, page.locator(".msg").nth(2))
    assert page.locator(".msg").count() == 3  # the question, the answer, and the copy that came back to the own domain
    stored = post_office.client("s3").get_object(Bucket=post_office.bucket, Key=f"sent/{path.stem}")["Body"].read()
    assert stored == path.read_bytes()
    page.goto("/b/sent/")
    expect(row(page, "Bowls")).to_have_count(1)
    page.goto("/b/inbox/")
    assert row(page, "Bowls").count() == 1
    assert complaints == []


def test_without_javascript_the_story_is_the_same(plain_page: Page, post_office: PostOffice) -> None:
    page = plain_page
    post_office.send(question("Plates"), "garden@postamt.localhost")
    reloaded_until(page, row(page, "Plates")).click()
    answer(page, "On Friday.\n", cc="me@postamt.localhost, ines@werkstatt")
    expect(page.get_by_text("ines@werkstatt is not a complete address.")).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_value(re.compile("On Friday"))
    page.get_by_label("Cc", exact=True).fill("")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url(re.compile("/t/[0-9a-f]{32}/"))
    _, mail = sent_mail(post_office, "Plates")
    assert (mail["From"], mail["Cc"], mail["In-Reply-To"]) == ("garden@postamt.localhost", None, "<plates-2@example.org>")
    reloaded_until(page, page.get_by_text("2 messages"))
