"""A form posted after the session ended: nothing typed is lost, and nothing is sent."""

import re
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from mailbox.store.aws import client
from tests.settings import SECRET
from tests.unit.auth.conftest import Browser, Clock
from tests.unit.in_memory import Mailbox

COMPOSE = "/compose/?re=incoming-absent&mode=reply"
TYPED = {"to": "Ines <ines@example.org>", "subject": 'A "quoted" <subject>', "text": "\n  First line\nand ünïcode & more\n"}
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def ended(owner: Browser, clock: Clock) -> Browser:
    clock.pass_by(16 * 60)
    return owner


def carried_in(page: str) -> list[tuple[str, str]]:
    return [(unescape(name), unescape(value)) for name, value in FIELD.findall(page) if name.startswith("kept.")]


def post_again(browser: Browser, page: str, secret: str = SECRET) -> Any:
    fields: dict[str, Any] = {unescape(name): unescape(value) for name, value in FIELD.findall(page) if name != "csrfmiddlewaretoken"}
    return browser.sign_in(secret, **fields)


def test_it_works(owner: Browser, clock: Clock) -> None:
    answer = ended(owner, clock).post(COMPOSE, TYPED)
    assert answer.status_code == 401
    assert "What you wrote is kept" in answer.text
    assert dict(carried_in(answer.text)) == {f"kept.{name}": value for name, value in TYPED.items()}


def test_after_sign_in_the_composer_opens_again_and_sends_nothing(owner: Browser, mailbox: Mailbox, clock: Clock) -> None:
    page = ended(owner, clock).post(COMPOSE, TYPED | {"do": "send"}).text
    answer = post_again(owner, page)
    assert answer.status_code == 200
    assert "ines@example.org" in unescape(answer.text)
    assert "and ünïcode" in unescape(answer.text)
    assert owner.is_signed_in
    assert client("s3").list_objects_v2(Bucket=mailbox.bucket, Prefix="outbox/")["KeyCount"] == 0
    assert client("sqs").receive_message(QueueUrl=mailbox.queue_url).get("Messages", []) == []


def test_a_wrong_secret_and_even_the_pause_lose_nothing(owner: Browser, clock: Clock) -> None:
    page = ended(owner, clock).post(COMPOSE, TYPED).text
    typed = carried_in(page)
    for status in [401] * 5 + [429]:
        answer = post_again(owner, page, "wrong")
        assert (answer.status_code, carried_in(answer.text)) == (status, typed)


def test_values_that_share_a_name_are_all_kept(owner: Browser, clock: Clock) -> None:
    answer = ended(owner, clock).post(COMPOSE, {"to": ["a@example.org", "b@example.org"]})
    assert carried_in(answer.text) == [("kept.to", "a@example.org"), ("kept.to", "b@example.org")]


def test_files_tokens_and_secrets_are_not_kept_and_lost_files_are_told(owner: Browser, clock: Clock) -> None:
    file = SimpleUploadedFile("plan.txt", b"file content")
    answer = ended(owner, clock).post(COMPOSE, {"text": "x", "password": "typed-by-mistake", "files": file})
    assert [name for name, _ in carried_in(answer.text)] == ["kept.text"]
    assert "Files, and texts of more than a million letters, are not kept" in answer.text
    assert "typed-by-mistake" not in answer.text
    assert "file content" not in answer.text


def test_what_is_kept_is_bounded(owner: Browser, clock: Clock) -> None:
    answer = ended(owner, clock).post(COMPOSE, {"text": "x" * 2_000_000, "subject": "short"})
    assert carried_in(answer.text) == [("kept.subject", "short")]
    assert "are not kept" in answer.text


def test_a_fragment_is_told_so_and_keeps_its_own_text(owner: Browser, clock: Clock) -> None:
    assert ended(owner, clock).post(COMPOSE, TYPED, X_Fragment="1").status_code == 401


def test_nothing_is_kept_for_a_page_that_would_not_know_what_to_do_with_it(stranger: Browser) -> None:
    answer = stranger.sign_in(next="/b/sent/", **{"kept.text": "x"})
    assert (answer.status_code, answer["Location"]) == (303, "/b/sent/")


def arrives_at(browser: Browser, page: str) -> str:
    return str(post_again(browser, page)["Location"])


def test_an_act_is_not_repeated_and_leads_back_to_the_same_list(owner: Browser, mailbox: Mailbox, clock: Clock) -> None:
    here = "/b/archive/?before=2026-11-24T10%3A00%3A00Z%23" + "0" * 32
    fields = {"do": "trash", "t": "0" * 32, "next": here}
    page = ended(owner, clock).post("/act/", fields)
    assert page.status_code == 401
    assert "Nothing was changed. Please sign in again." in page.text
    assert carried_in(page.text) == []
    assert arrives_at(owner, page.text) == here


def test_a_form_that_names_no_way_back_leads_to_the_page_it_stood_on(owner: Browser, clock: Clock) -> None:
    page = ended(owner, clock).post("/settings/security/sign-out/", Referer="http://testserver/settings/security/")
    assert arrives_at(owner, page.text) == "/settings/security/"
    assert owner.is_signed_in


def test_a_foreign_or_broken_referer_leads_to_the_inbox(owner: Browser, clock: Clock) -> None:
    ended(owner, clock)
    for referer in ("http://testserver/nowhere/", "http://testserver//evil.example/", "http://testserver/login/", ""):
        page = owner.post("/status/", Referer=referer)
        assert arrives_at(owner, page.text) == "/b/inbox/"
        clock.pass_by(16 * 60)


def test_a_check_for_new_mail_does_not_keep_a_session_alive_but_a_persons_does(owner: Browser, clock: Clock) -> None:
    for _ in range(14):
        clock.pass_by(60)
        left = owner.get("/news/", X_Fragment="1", X_Background="1")["X-Session-Left"]
    assert int(left) <= 60
    assert int(owner.get("/news/", X_Fragment="1")["X-Session-Left"]) == 15 * 60
    clock.pass_by(14 * 60)
    assert owner.is_signed_in
    clock.pass_by(61)
    assert owner.get("/news/", X_Fragment="1", X_Background="1").status_code == 401


def test_nothing_makes_a_session_longer_than_12_hours(owner: Browser, clock: Clock) -> None:
    for _ in range(12 * 6 - 1):
        clock.pass_by(10 * 60)
        left = int(owner.get("/news/", X_Fragment="1")["X-Session-Left"])
    assert left <= 10 * 60
    clock.pass_by(10 * 60)
    assert owner.get("/news/", X_Fragment="1").status_code == 401
