"""`POST /api/auth`, and what its token is worth: an hour of the API, and nothing else."""

import time
from typing import Any

import jwt
import pytest
from django.conf import settings as project
from pytest_django import Settings

from mailbox import sessions
from tests.settings import SECRET
from tests.unit.api.conftest import Browser, Clock, Program
from tests.unit.auth.conftest import INBOX

LIST = "/api/emails"


def status(program: Program, token: str) -> int:
    return int(program.get(LIST, Authorization=f"Bearer {token}").status_code)


def test_it_works(nobody: Program) -> None:
    answer = nobody.knock()
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert set(answer.json()) == {"token", "token_type", "expires_at", "expires_in"}
    nobody.token = answer.json()["token"]
    assert nobody.get(LIST).status_code == 200


def test_the_token_is_for_the_api_and_lives_an_hour(program: Program) -> None:
    claims = jwt.decode(program.token, project.POSTAMT_JWT_SECRET, ["HS256"], audience="api")
    assert set(claims) == {"iss", "aud", "exp", "iat", "auth_time", "sid", "gen"}
    assert claims["exp"] - claims["iat"] == 3_600


def test_no_cookie_is_set(nobody: Program) -> None:
    answers = [nobody.knock("wrong"), nobody.knock()]
    nobody.token = answers[-1].json()["token"]
    answers += [nobody.get(LIST), nobody.get("/api/emails/incoming-absent"), nobody.get("/api/openapi.json")]
    assert not [answer for answer in answers if answer.cookies]


def test_a_wrong_secret_is_401_and_says_how_one_gets_in(nobody: Program) -> None:
    answer = nobody.knock("wrong")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="postamt"')
    assert answer.json() == {"title": "Unauthorized", "status": 401, "detail": "That is not the secret.", "field": "secret"}


def test_wrong_secrets_are_counted_together_with_those_of_the_page(stranger: Browser) -> None:
    program = Program("203.0.113.99")  # the stranger's own address
    for _ in range(3):
        assert stranger.sign_in("wrong").status_code == 401
    assert [program.knock("wrong").status_code for _ in range(2)] == [401, 401]
    paused = program.knock()
    assert (paused.status_code, 0 < int(paused["Retry-After"]) <= 900) == (429, True)
    assert stranger.sign_in().status_code == 429
    assert Program("203.0.113.100").knock().status_code == 200


def test_the_right_secret_clears_the_counter(nobody: Program) -> None:
    for _ in range(3):
        assert [nobody.knock("wrong").status_code for _ in range(4)] == [401] * 4
        assert nobody.knock().status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", ""])
def test_what_another_site_can_send_without_asking_is_no_try(nobody: Program, kind: str) -> None:
    """Else any page that the owner visits could use up his tries."""
    for _ in range(8):
        assert nobody.post("/api/auth", {"secret": "wrong"}, Content_Type=kind).status_code == 415
    assert nobody.knock().status_code == 200


@pytest.mark.parametrize("secret", ["", 1, None, ["x"], {"x": 1}, True, "x" * 1_001])
def test_a04_a_secret_that_can_be_none_is_400_and_no_try(nobody: Program, secret: object) -> None:
    for _ in range(6):
        answer = nobody.knock(secret)
        assert (answer.status_code, answer.json()["field"]) == (400, "secret")
    assert nobody.knock().status_code == 200


def test_a04_a_secret_of_strange_letters_is_only_wrong(nobody: Program) -> None:
    for secret in (f"{SECRET}\0", f" {SECRET}", "ａ-login-secret-for-tests-only", "📮"):
        assert nobody.knock(secret).status_code == 401


def test_signing_in_stands_in_the_history_as_what_it_was(owner: Browser) -> None:
    program = Program("192.0.2.5", User_Agent="curl/8.5")
    program.knock("wrong")
    program.knock()
    page = owner.get("/settings/security/").text
    assert page.count("curl, over the API") == 2
    assert page.count("192.0.2.5") == 2


def test_the_secret_and_the_token_are_in_no_log(nobody: Program, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        nobody.knock("wrong-secret-of-somebody")
        nobody.sign_in().get(LIST)
    logged = "".join(str(vars(record)) for record in caplog.records if not record.name.startswith("botocore"))
    assert SECRET not in logged
    assert "wrong-secret-of-somebody" not in logged
    assert nobody.token not in logged


def test_a_token_ends_after_an_hour_however_often_it_is_used(program: Program, clock: Clock) -> None:
    for _ in range(5):
        clock.pass_by(11 * 60)
        assert program.get(LIST).status_code == 200
    clock.pass_by(5 * 60)
    answer = program.get(LIST)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="postamt", error="invalid_token"')


def test_signing_out_everywhere_ends_tokens_too(owner: Browser, program: Program) -> None:
    owner.post("/settings/security/sign-out/")
    assert program.get(LIST).status_code == 401
    assert program.sign_in().get(LIST).status_code == 200


def test_a10_new_secrets_end_tokens(program: Program, settings: Settings) -> None:
    settings.POSTAMT_JWT_SECRET = "the-next-token-secret-of-more-than-32-characters"
    assert program.get(LIST).status_code == 401


def test_a12_the_api_takes_the_bearer_token_alone(owner: Browser, program: Program, nobody: Program) -> None:
    assert owner.get(LIST).status_code == 401
    assert owner.client.post(LIST, "{}", content_type="application/json").status_code == 401
    assert nobody.get(f"{LIST}?token={program.token}&access_token={program.token}").status_code == 401
    assert nobody.get(LIST, Cookie=f"session={program.token}; token={program.token}").status_code == 401
    for header in (program.token, f"Basic {program.token}", f"Token {program.token}", "Bearer", "Bearer ", f"Bearer {program.token} x"):
        assert nobody.get(LIST, Authorization=header).status_code == 401, header
    assert nobody.get(LIST, Authorization=f"bearer {program.token}").status_code == 200


def test_a12_each_audience_refuses_the_other(owner: Browser, program: Program, nobody: Program) -> None:
    assert status(nobody, owner.cookie) == 401
    assert owner.is_signed_in
    owner.cookie = program.token
    assert owner.get(INBOX).status_code == 303
    assert owner.get(INBOX, Authorization=f"Bearer {program.token}").status_code == 303


def test_a07_a_token_that_is_not_as_we_write_it_is_refused(nobody: Program) -> None:
    now, generation = int(time.time()), sessions.begin().generation
    claims: dict[str, Any] = {
        "iss": "postamt",
        "aud": "api",
        "sid": "s",
        "gen": generation,
        "auth_time": now,
        "iat": now,
        "exp": now + 3_600,
    }

    def signed(**changed: object) -> str:
        return jwt.encode(claims | changed, project.POSTAMT_JWT_SECRET, "HS256")

    assert status(nobody, signed()) == 200
    for changed in (
        {"exp": now + 3_601},
        {"exp": now + 60},
        {"auth_time": now - 60},
        {"iat": now + 60, "auth_time": now + 60, "exp": now + 3_660},
        {"aud": "webmail"},
        {"gen": "another"},
        {"sid": 1},
        {"admin": True},
    ):
        assert status(nobody, signed(**changed)) == 401, changed
    assert status(nobody, jwt.encode(claims, project.SECRET_KEY, "HS256")) == 401
    assert status(nobody, jwt.encode(claims, "", "none")) == 401
