"""Abuse of the session's token and its cookie: A05 to A12."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jwt
from django.conf import settings as project
from pytest_django import Settings

from mailbox import sessions
from tests.unit.auth.conftest import INBOX, Browser, Clock

FOREIGN_KEY = "a-key-of-somebody-else-and-not-of-this-mailbox"
CLAIMS = ("iss", "aud", "exp", "iat", "sid", "gen", "auth_time")


def claims_of(owner: Browser) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(owner.cookie, project.POSTAMT_JWT_SECRET, ["HS256"], audience="webmail")
    return claims


def signed(claims: dict[str, Any], key: str = "", **header: Any) -> str:
    """Signed as PyJWT would, also where it would refuse the claims."""
    return jwt.PyJWS().encode(json.dumps(claims).encode(), key or project.POSTAMT_JWT_SECRET, "HS256", headers={"typ": "JWT", **header})


def by_hand(header: dict[str, Any], claims: dict[str, Any], signature: str = "") -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims))
    return ".".join((*parts, signature))


def is_accepted(browser: Browser, token: str) -> bool:
    browser.cookie = token
    page, fragment = browser.get("/help/shortcuts/"), browser.get("/help/shortcuts/", X_Fragment="1")
    assert (page.status_code, fragment.status_code) in {(200, 200), (303, 401)}
    return bool(page.status_code == 200)


def test_a_token_signed_here_again_is_accepted(owner: Browser) -> None:
    """What the tests below change is therefore what is refused."""
    claims = claims_of(owner)
    assert set(claims) == set(CLAIMS)
    assert is_accepted(owner, signed(claims))


def test_a05_a_token_chooses_no_algorithm(owner: Browser) -> None:
    claims, signature = claims_of(owner), owner.cookie.rpartition(".")[2]
    for algorithm in ("none", "None", "nOnE", "NONE", "", "HS384", "hs256", "RS256", None, 1):
        for given in ("", signature):
            assert not is_accepted(owner, by_hand({"alg": algorithm, "typ": "JWT"}, claims, given)), algorithm


def test_a05_a_token_of_two_parts_or_without_signature_is_none(owner: Browser) -> None:
    header, payload, signature = owner.cookie.split(".")
    for token in (
        f"{header}.{payload}",
        f"{header}.{payload}.",
        f"{header}..{signature}",
        f".{payload}.{signature}",
        f"{header}.{payload}.{signature}.{signature}",
        f"{header}.{payload}.{signature[:-4]}",
        "...",
        ".",
        "x" * 100_000,
        "[" * 5_000,
        base64.urlsafe_b64encode(b"[" * 300).decode() + f".{payload}.{signature}"[:190],
    ):
        assert not is_accepted(owner, token), token[:80]


def test_a06_a_tokens_header_brings_no_key(owner: Browser) -> None:
    claims = claims_of(owner)
    for header in (
        {"kid": "../../dev/null"},
        {"kid": "' UNION SELECT 'key"},
        {"kid": "https://evil.example/key"},
        {"kid": 1},
        {"jwk": {"kty": "oct", "k": "Zm9yZWlnbg"}},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/certificate"},
        {"crit": ["exp"]},
        {"b64": False},
    ):
        assert not is_accepted(owner, by_hand({"alg": "HS256", "typ": "JWT"} | header, claims, "c2lnbmF0dXJl")), header
    for header in ({"kid": "../../dev/null"}, {"jku": "https://evil.example/keys"}, {"jwk": {"kty": "oct", "k": "Zm9yZWlnbg"}}):
        for key in (FOREIGN_KEY, "\0" * 32, "-----BEGIN PUBLIC KEY-----".ljust(40), "https://evil.example/keys".ljust(40)):
            assert not is_accepted(owner, signed(claims, key, **header)), header


def test_a07_a_claim_that_is_not_as_we_write_it_is_refused(owner: Browser) -> None:
    claims = claims_of(owner)
    wrong: dict[str, list[Any]] = {
        "exp": [None, -1, 1e309, float("nan"), 10**30, "soon", [1], True, 9999999999, str(claims["exp"]), float(claims["exp"])],
        "iat": [None, -1, 1e309, "now", [1], True, str(claims["iat"]), float(claims["iat"])],
        "auth_time": [None, -1, 0, "now", True, str(claims["auth_time"]), float(claims["auth_time"])],
        "sid": [None, 1, ["x"], {}],
        "gen": [None, "", "another", 1],
        "nbf": [claims["iat"] + 600, 1, "later"],
        "admin": [True],
    }
    for claim, values in wrong.items():
        for value in values:
            assert not is_accepted(owner, signed(claims | {claim: value})), (claim, value)


def test_a07_a_claim_that_is_missing_is_refused(owner: Browser) -> None:
    claims = claims_of(owner)
    for missing in CLAIMS:
        assert not is_accepted(owner, signed({claim: value for claim, value in claims.items() if claim != missing})), missing


def test_a07_a_token_is_refused_when_it_expired_and_when_it_comes_from_the_future(owner: Browser, clock: Clock) -> None:
    claims = claims_of(owner)
    clock.pass_by(900)
    assert not is_accepted(owner, signed(claims))
    now = int(time.time())
    assert not is_accepted(owner, signed(claims | {"auth_time": now, "iat": now + 30, "exp": now + 930}))
    assert is_accepted(owner, signed(claims | {"auth_time": now, "iat": now + 3, "exp": now + 903}))


def test_a07_a_token_that_lives_longer_than_ours_is_refused(owner: Browser) -> None:
    claims = claims_of(owner)
    assert not is_accepted(owner, signed(claims | {"exp": claims["iat"] + 3_600}))
    assert not is_accepted(owner, signed(claims | {"auth_time": claims["auth_time"] + 3_600}))


def test_a08_a_token_of_another_issuer_or_for_another_audience_is_refused(owner: Browser) -> None:
    claims = claims_of(owner)
    wrong: dict[str, list[Any]] = {
        "iss": ["other", "Postamt", ["postamt"], ""],
        "aud": ["api", ["webmail"], ["api", "webmail"], "Webmail", {"webmail": 1}, ""],
    }
    for claim, values in wrong.items():
        for value in values:
            assert not is_accepted(owner, signed(claims | {claim: value})), (claim, value)


def test_a08_what_signs_everything_else_signs_no_session(owner: Browser) -> None:
    claims = claims_of(owner)
    assert project.SECRET_KEY != project.POSTAMT_JWT_SECRET
    assert not is_accepted(owner, signed(claims, project.SECRET_KEY))
    assert not is_accepted(owner, signed(claims, FOREIGN_KEY))


def test_a09_a_use_in_time_renews_and_a_late_one_does_not(owner: Browser, clock: Clock) -> None:
    clock.pass_by(14 * 60 + 59)
    assert owner.get(INBOX).status_code == 200
    clock.pass_by(15 * 60 + 1)
    assert owner.get(INBOX).status_code == 303


def test_a09_many_uses_at_once_all_count(owner: Browser, clock: Clock) -> None:
    clock.pass_by(14 * 60 + 50)
    token = owner.cookie

    def use(_number: int) -> tuple[int, bool]:
        browser = Browser()
        browser.cookie = token
        return browser.get(INBOX).status_code, browser.cookie != token

    with ThreadPoolExecutor(4) as tabs:
        assert set(tabs.map(use, range(8))) == {(200, True)}


def test_a09_a_stolen_cookie_cannot_be_renewed_for_ever(owner: Browser, clock: Clock) -> None:
    thief = Browser("192.0.2.66")
    thief.cookie = owner.cookie
    minutes = 0
    while thief.get("/help/shortcuts/").status_code == 200:
        clock.pass_by(14 * 60)
        minutes += 14
    assert 12 * 60 <= minutes < 12 * 60 + 14


def test_a10_a_copy_of_the_cookie_is_worth_nothing_after_sign_out(owner: Browser, clock: Clock) -> None:
    copy = owner.cookie
    clock.pass_by(120)
    owner.get(INBOX)
    renewed_copy = owner.cookie
    owner.post("/sign-out/")
    assert renewed_copy != copy
    assert not is_accepted(owner, copy)
    assert not is_accepted(owner, renewed_copy)


def test_a10_signing_out_ends_one_session_and_no_other(owner: Browser) -> None:
    other = Browser()
    other.sign_in()
    owner.post("/sign-out/")
    assert other.is_signed_in


def test_a10_new_secrets_end_every_session(owner: Browser, settings: Settings) -> None:
    sessions.end_all()
    assert not owner.is_signed_in
    owner.sign_in()
    settings.POSTAMT_JWT_SECRET = "the-next-token-secret-of-more-than-32-characters"
    assert not owner.is_signed_in


def test_a11_cookies_are_for_this_server_alone_and_no_script_reads_them(stranger: Browser) -> None:
    answer = stranger.sign_in()
    assert set(answer.cookies) >= {"session", "device"}
    for cookie in answer.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Strict", "/", "")


def test_a11_two_cookies_of_one_name_are_read_the_same_way_each_time(owner: Browser) -> None:
    for cookies in (
        f"session={owner.cookie}; session=x",
        f"session=x; session={owner.cookie}",
        'session="; session=;=;,',
        "session=a=b; =; ;",
    ):
        statuses = {owner.get(INBOX, Cookie=cookies).status_code for _ in range(3)}
        assert statuses in ({200}, {303}), cookies


def test_a12_pages_take_the_cookie_alone(owner: Browser, stranger: Browser) -> None:
    token = owner.cookie
    assert stranger.get(f"{INBOX}?session={token}&token={token}&access_token={token}").status_code == 303
    assert stranger.get(INBOX, Authorization=f"Bearer {token}").status_code == 303
    assert stranger.get(INBOX, X_Session=token).status_code == 303
    assert stranger.post("/compose/", {"session": token}).status_code == 401


def test_a12_our_scripts_keep_no_token() -> None:
    for script in Path("static").glob("*.js"):
        text = script.read_text()
        assert "Authorization" not in text
        assert "setItem" not in text or script.name == "compose.js", "what is typed is all that is kept"
