"""What a person is told of mail that came in while the indexer was changed. That it is listed: tests/deploy/test_whole_road.py."""

import subprocess
from typing import Any

import pytest

from deploy.left_out import list_left_out
from deploy.trouble import CannotDeploy
from deploy.work import Work

TOO_LONG = subprocess.TimeoutExpired("manage.py", 600)
DONE = "Indexed {} messages. Nothing is left to do.\n"


def let(monkeypatch: pytest.MonkeyPatch, said: str, code: int = 0, trouble: str = "", end: Exception | None = None) -> list[list[str]]:
    commands: list[list[str]] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command[1:])
        assert options["env"]["POSTAMT_BUCKET"].startswith("postamt-")
        if end:
            raise end
        return subprocess.CompletedProcess(command, code, said, trouble)

    monkeypatch.setattr("deploy.left_out.subprocess.run", run)
    return commands


def test_it_works(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = let(monkeypatch, f"1000 messages, up to incoming/x\n{DONE.format(1200)}")
    assert list_left_out(work) == "Mails that were left out and are listed now: 1200."
    assert commands == [["manage.py", "reindex", "--missing"]]


def test_none_is_said_too(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    let(monkeypatch, DONE.format(0))
    assert list_left_out(work) == "No mail was left out."


def test_a_large_mailbox_keeps_no_deployment_waiting(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    let(monkeypatch, "", end=TOO_LONG)
    assert "`manage.py reindex --missing` goes on where this ended" in list_left_out(work)


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [("Traceback\nCommandError: The mailbox is not reachable (SlowDown).\n", "SlowDown"), ("", "does not say why")],
)
def test_what_fails_is_said_with_its_reason(trouble: str, reason: str, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    let(monkeypatch, "", 1, trouble)
    with pytest.raises(CannotDeploy, match=rf"could not be listed, though none is lost \(.*{reason}.*\): mend that and run this again"):
        list_left_out(work)
