"""Signing in and out, as the owner meets it."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from mailbox import sessions
from tests.settings import SECRET
from tests.unit.auth.conftest import INBOX, OWNER, Browser, Clock

pytestmark = pytest.mark.usefixtures("mailbox")


def test_it_works(stranger: Browser) -> None:
    answer = stranger.sign_in()
    assert (answer.status_code, answer["Location"]) == (303, INBOX)
    assert stranger.get(INBOX).status_code == 200


def test_the_page_has_one_password_field_and_a_hidden_user_name(stranger: Browser) -> None:
    page = stranger.get("/login/").text
    assert page.count('type="password"') == 1
    assert 'autocomplete="current-password"' in page
    assert '<input type="text" name="username" value="postamt.localhost" autocomplete="username" hidden>' in page


def test_whoever_is_not_signed_in_is_asked_to_and_comes_back_to_where_he_was(stranger: Browser) -> None:
    sent_away = stranger.get("/search/?q=spring+list")
    assert (sent_away.status_code, sent_away["Location"]) == (303, "/login/?next=%2Fsearch%2F%3Fq%3Dspring%2Blist")
    page = stranger.get(sent_away["Location"])
    assert '<input type="hidden" name="next" value="/search/?q=spring+list">' in page.text
    assert stranger.sign_in(next="/search/?q=spring+list")["Location"] == "/search/?q=spring+list"


def test_whoever_is_signed_in_already_is_not_asked_again(owner: Browser) -> None:
    answer = owner.get("/login/?next=/b/sent/")
    assert (answer.status_code, answer["Location"]) == (303, "/b/sent/")


def test_a_wrong_secret_gets_one_sentence_that_tells_nothing(stranger: Browser) -> None:
    answer = stranger.sign_in("wrong")
    assert answer.status_code == 401
    assert "That did not match" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "wrong" not in answer.text.replace("wrong=", "")


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_secret_that_is_missing_or_short_fits_nothing_and_the_log_says_so(
    stranger: Browser, settings: Settings, caplog: pytest.LogCaptureFixture, secret: str
) -> None:
    settings.POSTAMT_AUTH_SECRET = secret
    assert stranger.sign_in(secret).status_code == 401
    assert "POSTAMT_AUTH_SECRET is missing or too short" in caplog.text


def test_without_a_token_secret_there_is_no_session_rather_than_a_forged_one(stranger: Browser, settings: Settings) -> None:
    settings.POSTAMT_JWT_SECRET = ""
    assert stranger.sign_in().status_code == 500
    stranger.cookie = "any.token.at-all"
    assert stranger.get(INBOX).status_code == 500


def test_a_fragment_is_answered_401_and_not_with_a_page(stranger: Browser) -> None:
    answer = stranger.get(INBOX, X_Fragment="1")
    assert (answer.status_code, answer["Content-Type"]) == (401, "text/plain; charset=utf-8")


def test_signing_out_ends_the_session_and_clears_what_the_browser_kept(owner: Browser) -> None:
    answer = owner.post("/sign-out/")
    assert (answer.status_code, answer["Location"]) == (303, "/login/")
    assert '"cache"' in answer["Clear-Site-Data"]
    assert answer.cookies["session"]["max-age"] == 0
    assert not owner.is_signed_in


def test_signing_out_twice_is_no_fault(owner: Browser) -> None:
    owner.post("/sign-out/")
    assert owner.post("/sign-out/").status_code == 303


def test_ending_all_sessions_ends_those_of_every_browser(owner: Browser) -> None:
    other = Browser()
    other.sign_in()
    sessions.end_all()
    assert not owner.is_signed_in
    assert not other.is_signed_in
    assert other.sign_in().status_code == 303


def test_a_session_ends_after_fifteen_quiet_minutes(owner: Browser, clock: Clock) -> None:
    clock.pass_by(14 * 60 + 58)
    assert owner.get(INBOX).status_code == 200
    clock.pass_by(14 * 60 + 58)
    assert owner.get(INBOX).status_code == 200
    clock.pass_by(15 * 60 + 1)
    assert owner.get(INBOX).status_code == 303


def test_a_session_ends_twelve_hours_after_sign_in_however_busy_it_is(owner: Browser, clock: Clock) -> None:
    for _ in range(12 * 5 - 1):
        clock.pass_by(12 * 60)
        assert owner.get(INBOX).status_code == 200
    clock.pass_by(12 * 60 + 1)
    assert owner.get(INBOX).status_code == 303


def test_what_the_page_does_by_itself_does_not_keep_a_session_alive(owner: Browser, clock: Clock) -> None:
    for _ in range(14):
        clock.pass_by(60)
        assert owner.get(INBOX, X_Background="1").status_code == 200
    clock.pass_by(61)
    assert owner.get(INBOX, X_Background="1").status_code == 303


def test_a_token_is_renewed_at_most_once_a_minute(owner: Browser, clock: Clock) -> None:
    first = owner.cookie
    clock.pass_by(50)
    owner.get(INBOX)
    assert owner.cookie == first
    clock.pass_by(15)
    owner.get(INBOX)
    assert owner.cookie != first


def test_the_device_cookie_outlives_the_session(owner: Browser) -> None:
    device = owner.client.cookies["device"].value
    answer = owner.post("/sign-out/")
    assert "device" not in answer.cookies
    owner.sign_in()
    assert owner.client.cookies["device"].value == device


def test_on_https_every_cookie_is_bound_to_the_host(settings: Settings) -> None:
    answer = https_sign_in(settings)
    for name in ("__Host-session", "__Host-device", "__Host-csrf"):
        assert cookie_words(answer, name) >= {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"}
        assert not any(word.startswith("Domain") for word in cookie_words(answer, name))


def https_sign_in(settings: Settings) -> Any:
    settings.HTTPS, settings.POSTAMT_ORIGIN_SECRET = True, "origin-secret"
    settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_SECURE = "__Host-csrf", True
    client = Client(REMOTE_ADDR=OWNER, headers={"X-Origin-Secret": "origin-secret"})
    client.get("/login/")
    answer = client.post("/login/", {"password": SECRET})
    answer.cookies["__Host-csrf"] = client.cookies["__Host-csrf"]
    return answer


def cookie_words(answer: Any, name: str) -> set[str]:
    return {word.strip() for word in answer.cookies[name].OutputString().split(";")}
