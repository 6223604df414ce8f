"""The security page: who signed in, whose password was wrong, and the end of every session."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from mailbox.browsers import UNKNOWN, in_words
from mailbox.store import sign_ins
from mailbox.store.sign_ins import SignIn
from tests.settings import SECRET
from tests.unit.auth.conftest import OWNER, STRANGER, Browser, Clock
from tests.unit.in_memory import Mailbox
from tests.unit.pages.seen import all_words, words

pytestmark = pytest.mark.usefixtures("mailbox")

PAGE = "/settings/security/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"
CHROME = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0"


def listed(page: str) -> list[str]:
    """The lines of both lists."""
    first, second = words(page, "card")
    return [first, second]


def test_it_works() -> None:
    browser = Browser(User_Agent=FIREFOX)
    browser.sign_in()
    admitted, refused = listed(browser.get(PAGE).text)
    assert admitted.startswith(f"Firefox on Linux from {OWNER}, this session")
    assert refused == "Nobody’s."


def test_a_wrong_password_is_listed_with_where_it_came_from(owner: Browser, stranger: Browser) -> None:
    stranger.sign_in("wrong")
    _, refused = listed(owner.get(PAGE).text)
    assert refused.startswith(f"{UNKNOWN} from {STRANGER}")


def test_a_strangers_tries_do_not_push_the_owners_own_sign_ins_out(owner: Browser) -> None:
    for _ in range(60):
        sign_ins.record("refused", SignIn(timezone.now(), STRANGER, UNKNOWN))
    admitted, refused = listed(owner.get(PAGE).text)
    assert f"from {OWNER}, this session" in admitted
    assert refused.count(STRANGER) == sign_ins.SHOWN


def test_a_paused_client_writes_no_more_history(owner: Browser, stranger: Browser) -> None:
    for _ in range(9):
        stranger.sign_in("wrong")
    _, refused = listed(owner.get(PAGE).text)
    assert refused.count(STRANGER) == 5


def test_what_is_older_than_90_days_is_not_shown_and_has_an_end_in_the_table(owner: Browser, mailbox: Mailbox) -> None:
    long_ago = timezone.now() - timedelta(days=91)
    sign_ins.record("admitted", SignIn(long_ago, "192.0.2.1", "Firefox on Linux"))
    assert "192.0.2.1" not in owner.get(PAGE).text
    kept = [item for (pk, _), item in mailbox.items().items() if pk.startswith("a#sign-ins#")]
    assert all(int(item["expires"]["N"]) for item in kept)


def test_no_secret_token_or_session_id_is_kept(owner: Browser, stranger: Browser, mailbox: Mailbox) -> None:
    stranger.sign_in("typed-by-mistake")
    kept = str([item for (pk, _), item in mailbox.items().items() if pk.startswith("a#sign-ins#")])
    assert "typed-by-mistake" not in kept
    assert SECRET not in kept
    assert owner.cookie not in kept
    assert {name for (pk, _), item in mailbox.items().items() if pk.startswith("a#sign-ins#") for name in item} == {
        "pk",
        "sk",
        "address",
        "browser",
        "expires",
    }


def test_behind_cloudfront_the_address_is_the_viewers(settings: Settings) -> None:
    settings.POSTAMT_ORIGIN_SECRET = "origin-secret"
    browser = Browser("192.0.2.9", X_Origin_Secret="origin-secret", CloudFront_Viewer_Address="2001:db8::7:52100", User_Agent=SAFARI)
    browser.sign_in()
    assert "Safari on iPhone from 2001:db8::7, this session" in all_words(browser.get(PAGE).text)


def test_a45_what_a_client_calls_itself_is_never_repeated(owner: Browser) -> None:
    hostile = Browser(STRANGER, User_Agent="<script>alert(1)</script> Firefox/1 \u202e")
    hostile.sign_in("wrong")
    page = owner.get(PAGE).text
    assert "alert(1)" not in page
    assert f"Firefox from {STRANGER}" in all_words(page)


def test_signing_out_everywhere_ends_every_session_here_too(owner: Browser, clock: Clock) -> None:
    phone = Browser("192.0.2.44")
    phone.sign_in()
    clock.pass_by(120)  # so that the session would be renewed by this request
    answer = owner.post("/settings/security/sign-out/")
    assert (answer.status_code, answer["Location"]) == (303, "/login/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies["session"].value == ""
    assert not owner.is_signed_in
    assert not phone.is_signed_in
    assert phone.sign_in().status_code == 303
    assert phone.is_signed_in


def test_a_stranger_cannot_end_the_sessions(owner: Browser, stranger: Browser) -> None:
    assert stranger.post("/settings/security/sign-out/").status_code == 401
    assert owner.is_signed_in


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (FIREFOX, "Firefox on Linux"),
        (CHROME, "Chrome on Android"),
        (SAFARI, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        ("curl/8.5", "curl"),
        ("", UNKNOWN),
        ("\x00" * 9, UNKNOWN),
    ],
)
def test_a_browser_is_named_in_words(user_agent: str, expected: str) -> None:
    assert in_words(user_agent) == expected
