"""Abuse of the sign-in page: A01 to A04, A15, A20, A56."""

import hmac
import json
from typing import Any

import pytest
from pytest_django import Settings

from tests.settings import SECRET
from tests.unit.auth.conftest import INBOX, OWNER, STRANGER, Browser, Clock

pytestmark = pytest.mark.usefixtures("mailbox")


def test_a01_two_hundred_wrong_secrets_are_answered_429_and_the_right_one_waits(stranger: Browser, clock: Clock) -> None:
    answers = [stranger.sign_in(f"guess {n}") for n in range(200)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 195
    assert 0 < int(answers[-1]["Retry-After"]) <= 900
    assert stranger.sign_in().status_code == 429
    clock.pass_by(901)
    assert stranger.sign_in().status_code == 303


def test_a01_a_wrong_secret_and_a_right_one_look_the_same_while_sign_in_is_paused(stranger: Browser) -> None:
    for _ in range(5):
        stranger.sign_in("wrong")
    assert without_token(stranger.sign_in("wrong")) == without_token(stranger.sign_in())


def without_token(answer: Any) -> list[str]:
    return [line for line in answer.text.splitlines() if "csrfmiddlewaretoken" not in line]


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "CloudFront-Viewer-Address", "X-Viewer-Address", "True-Client-IP"]
)
def test_a02_a_header_that_the_client_writes_changes_no_counter(stranger: Browser, header: str) -> None:
    answers = [stranger.post("/login/", {"password": "wrong"}, **{header: f"1.2.3.{n}:99"}) for n in range(7)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2


@pytest.mark.parametrize("given", ["", "wrong", "origin-secre", "örigin-secret"])
def test_a02_whoever_goes_around_cloudfront_is_refused(settings: Settings, given: str) -> None:
    settings.POSTAMT_ORIGIN_SECRET = "origin-secret"
    answer = Browser(CloudFront_Viewer_Address="1.2.3.4:99").get("/login/", X_Origin_Secret=given)
    assert answer.status_code == 403


def test_a03_what_is_compared_is_of_one_length_and_compared_in_constant_time(stranger: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[int, int]] = []
    real = hmac.compare_digest

    def seen(a: bytes, b: bytes) -> bool:
        compared.append((len(a), len(b)))
        return real(a, b)

    monkeypatch.setattr(hmac, "compare_digest", seen)
    for length in range(5):
        stranger.sign_in(SECRET[: length * 5])
    assert compared.count((32, 32)) == 5


def test_a04_what_only_looks_like_the_secret_is_wrong(caplog: pytest.LogCaptureFixture) -> None:
    full_width = "".join(chr(ord(letter) + 0xFEE0) if letter.isalpha() else letter for letter in SECRET)  # the same under NFKC
    cyrillic = SECRET.replace("o", "о")
    for number, secret in enumerate((SECRET + "\0", "\0", SECRET.upper(), full_width, cyrillic, " " + SECRET, "x" * 1_000_000)):
        answer = Browser(f"203.0.113.{number}").sign_in(secret)
        assert answer.status_code == 401, secret[:40]
        assert secret not in answer.text
        assert secret not in caplog.text


def test_a04_a_body_that_is_no_form_is_refused() -> None:
    number = 0
    for content_type in ("application/json", "text/plain", "application/xml", "multipart/form-data", ""):
        for body in (json.dumps({"password": SECRET}), json.dumps([SECRET]), "\0", ""):
            number += 1
            browser = Browser(f"203.0.113.{number}")
            headers = {"X-CSRFToken": browser.form_token()}
            answer = browser.client.post("/login/", body, content_type=content_type, headers=headers)
            assert answer.status_code in (400, 401, 403), (content_type, body)
            assert SECRET not in answer.text
            assert not browser.is_signed_in


def test_a04_many_secrets_at_once_are_one_wrong_secret(stranger: Browser) -> None:
    assert stranger.sign_in("wrong", **{"password[]": SECRET}).status_code == 401
    assert stranger.post("/login/", {"password": [SECRET, "wrong"]}).status_code == 401


def test_a15_nobody_is_signed_in_by_a_foreign_page(stranger: Browser) -> None:
    assert stranger.client.post("/login/", {"password": SECRET}).status_code == 403
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        assert stranger.post("/login/", {"password": SECRET}, Origin=origin).status_code == 403
    assert not stranger.cookie


ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "https:evil.example",
    "https://evil.example/b/inbox/",
    "/\\evil.example",
    "\\\\evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "/b/inbox/\r\nSet-Cookie: x=1",
    "javascript:alert(1)",
    "/login/",
    "/login/?next=/sign-out/",
    "/sign-out/",
    "/sign%2Dout/",
    "/nowhere/",
    "b/inbox/",
    "/b/inbox/?" + "x" * 5_000,
    "",
    "\0",
)


def test_a20_after_sign_in_one_comes_only_to_a_page_of_ours(stranger: Browser) -> None:
    for target in ELSEWHERE:
        answer = stranger.sign_in(next=target)
        assert (answer.status_code, answer["Location"]) == (303, INBOX), target
        assert stranger.client.get("/login/", {"next": target})["Location"] == INBOX, target
    assert stranger.sign_in(next="/b/sent/?before=x")["Location"] == "/b/sent/?before=x"


def test_a20_the_sign_in_page_names_no_other_place(stranger: Browser) -> None:
    for target in ELSEWHERE:
        assert f'name="next" value="{INBOX}"' in stranger.client.get("/login/", {"next": target}).text, target


def test_a56_a_stranger_at_the_owners_own_address_does_not_lock_the_owner_out(owner: Browser) -> None:
    owner.post("/sign-out/")
    neighbour = Browser(OWNER)
    assert [neighbour.sign_in("wrong").status_code for _ in range(8)] == [401] * 5 + [429] * 3
    assert owner.sign_in().status_code == 303


def test_a56_a_stranger_elsewhere_does_not_lock_out_a_new_browser_of_the_owner() -> None:
    stranger = Browser(STRANGER)
    for _ in range(8):
        stranger.sign_in("wrong")
    assert Browser(OWNER).sign_in().status_code == 303


def test_a56_a_device_cookie_is_not_made_before_the_right_secret(stranger: Browser) -> None:
    stranger.sign_in("wrong")
    assert "device" not in stranger.client.cookies
