"""Ports, state folder and secrets of a local post office."""

from pathlib import Path

import pytest

from local.environment import environment_of, office_of, read_environment, renew_secrets, secrets_of, write_environment


def test_it_works(tmp_path: Path) -> None:
    office = office_of({"POSTAMT_STATE": str(tmp_path)})
    assert (office.web_port, office.smtp_port, office.domain) == (8000, 2525, "postamt.localhost")
    assert office.state == tmp_path


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "8e3", "٣"])
def test_a_port_that_is_none_is_said_in_a_sentence(port: str) -> None:
    with pytest.raises(ValueError, match=r"POSTAMT_SMTP_PORT is .*, but a port is a number from 1 to 65535\."):
        office_of({"POSTAMT_SMTP_PORT": port})


def test_secrets_are_made_once_and_are_for_their_owner_only(tmp_path: Path) -> None:
    office = office_of({"POSTAMT_STATE": str(tmp_path)})
    made = secrets_of(office, {})
    assert secrets_of(office, {}) == made
    assert len(made.auth) >= 20
    assert len(made.jwt) == 64
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_renewed_secrets_are_the_ones_of_the_next_start(tmp_path: Path) -> None:
    office = office_of({"POSTAMT_STATE": str(tmp_path)})
    before, made = secrets_of(office, {}), renew_secrets(office)
    assert secrets_of(office, {}) == made
    assert not {made.auth, made.jwt, made.aws} & {before.auth, before.jwt, before.aws}


def test_a_login_secret_from_the_environment_wins_and_is_not_kept(tmp_path: Path) -> None:
    office = office_of({"POSTAMT_STATE": str(tmp_path)})
    assert secrets_of(office, {"POSTAMT_AUTH_SECRET": "from-the-environment"}).auth == "from-the-environment"
    assert "from-the-environment" not in (tmp_path / "secrets.json").read_text()


def test_commands_find_the_environment_of_the_post_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTAMT_STATE", str(tmp_path))
    assert read_environment() == {}
    office = office_of()
    write_environment(office, environment_of(office, secrets_of(office, {})))
    assert read_environment()["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert (tmp_path / "environment.json").stat().st_mode & 0o777 == 0o600
