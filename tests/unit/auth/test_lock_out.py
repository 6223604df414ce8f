"""Who is counted with whom, and what a full counter means."""

import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_django import Settings

from mailbox import attempts
from mailbox.store import access
from tests.unit.auth.conftest import OWNER, STRANGER, Browser, Clock

pytestmark = pytest.mark.usefixtures("mailbox")


def fail(browser: Browser, times: int) -> list[int]:
    return [browser.sign_in("wrong").status_code for _ in range(times)]


def test_it_works(stranger: Browser) -> None:
    assert fail(stranger, 7) == [401] * 5 + [429] * 2


def test_the_page_says_when_to_try_again(stranger: Browser) -> None:
    fail(stranger, 5)
    answer = stranger.sign_in("wrong")
    assert 890 < int(answer["Retry-After"]) <= 900
    assert "Try again in 15 minutes" in answer.text


def test_the_right_secret_waits_too_and_then_opens(stranger: Browser, clock: Clock) -> None:
    fail(stranger, 5)
    assert stranger.sign_in().status_code == 429
    clock.pass_by(14 * 60)
    assert stranger.sign_in().status_code == 429
    clock.pass_by(61)
    assert stranger.sign_in().status_code == 303


def test_the_pause_starts_with_the_fifth_try(stranger: Browser, clock: Clock) -> None:
    fail(stranger, 4)
    clock.pass_by(14 * 60)
    fail(stranger, 1)
    clock.pass_by(14 * 60)
    assert stranger.sign_in().status_code == 429


def test_old_tries_are_forgotten(stranger: Browser, clock: Clock) -> None:
    fail(stranger, 4)
    clock.pass_by(15 * 60 + 1)
    assert fail(stranger, 6) == [401] * 5 + [429]


def test_the_right_secret_clears_the_counter(stranger: Browser) -> None:
    fail(stranger, 4)
    stranger.sign_in()
    assert fail(Browser(STRANGER), 5) == [401] * 5


def test_instances_that_count_at_once_count_together() -> None:
    now = int(time.time())
    with ThreadPoolExecutor(8) as instances:
        tallies = list(instances.map(lambda _: access.count_attempt("network#test", now, limit=5, window=900), range(24)))
    assert sorted(tally.tries for tally in tallies if tally.admitted) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", "unknown"),
        ("nonsense\n", "unknown"),
    ],
)
def test_a_client_is_an_ipv4_address_or_an_ipv6_site(address: str, network: str) -> None:
    assert network_counted(Browser(address)) == network


@pytest.mark.parametrize(
    ("viewer", "network"),
    [
        ("203.0.113.9:46532", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6:46532", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:3:4:5:6]:46532", "2001:db8:1:2::/64"),
        ("", OWNER),
    ],
)
def test_cloudfront_says_who_the_client_is(settings: Settings, viewer: str, network: str) -> None:
    settings.POSTAMT_ORIGIN_SECRET = "origin-secret"
    assert network_counted(Browser(X_Origin_Secret="origin-secret", CloudFront_Viewer_Address=viewer)) == network


@pytest.mark.parametrize(("viewer", "network"), [("203.0.113.9", "203.0.113.9"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")])
def test_what_our_function_at_cloudfront_says_counts_more_than_what_a_client_may_have_written(
    settings: Settings, viewer: str, network: str
) -> None:
    settings.POSTAMT_ORIGIN_SECRET = "origin-secret"
    browser = Browser(X_Origin_Secret="origin-secret", X_Viewer_Address=viewer, CloudFront_Viewer_Address="198.51.100.1:1")
    assert network_counted(browser) == network


def network_counted(browser: Browser) -> str:
    browser.sign_in("wrong")
    counters = [item.pk.removeprefix("a#attempts#network#") for item in access.Access.scan() if "#network#" in item.pk]
    assert len(counters) == 1
    return counters[0]


def test_the_counter_of_everybody_slows_and_alarms_but_refuses_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    clock.pass_by(attempts.PAUSE - clock.time() % attempts.PAUSE)  # else a window of the clock may end in the middle
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    with caplog.at_level(logging.ERROR):
        answers = [Browser(f"203.0.113.{n}").sign_in("wrong").status_code for n in range(attempts.ALARM_AT + 2)]
    assert set(answers) == {401}
    assert waits == [attempts.DELAY] * 3
    assert [record.__dict__["alarm"] for record in caplog.records if "alarm" in record.__dict__] == ["sign_in_flood"]
    assert Browser(OWNER).sign_in().status_code == 303


def test_a_known_browser_is_not_slowed(owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "ALARM_AT", 1)
    monkeypatch.setattr(time, "sleep", lambda _seconds: pytest.fail("slowed"))
    assert owner.sign_in().status_code == 303


def test_slowing_holds_no_more_than_two_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[float] = []

    def flood(seconds: float) -> None:
        waiting.append(seconds)
        attempts.slow_down(attempts.ALARM_AT)
        attempts.slow_down(attempts.ALARM_AT)

    monkeypatch.setattr(time, "sleep", flood)
    attempts.slow_down(attempts.ALARM_AT)
    assert len(waiting) == 3  # the second inside the first, and one more when the second was done


def test_a_device_cookie_of_ones_own_making_is_no_device(stranger: Browser) -> None:
    stranger.client.cookies["device"] = "made-up:signature"
    fail(stranger, 5)
    stranger.client.cookies["device"] = "another:signature"
    assert fail(stranger, 1) == [429]


def test_a_known_browser_has_its_own_limit(owner: Browser) -> None:
    assert fail(owner, 6) == [401] * 5 + [429]
    assert Browser(OWNER).sign_in().status_code == 303


def test_counters_end_by_themselves(stranger: Browser) -> None:
    fail(stranger, 1)
    kept = {item.pk: item.expires for item in access.Access.scan()}
    assert all(re.match(r"a#(attempts#|sign-ins#|auth)", pk) for pk in kept)
    assert all(expires > time.time() for pk, expires in kept.items() if pk != "a#auth")
