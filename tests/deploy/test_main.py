"""Whatever happens, the person at the terminal reads one sentence, and the exit code says whether it is done."""

import pytest
from botocore.exceptions import ClientError
from dns.exception import Timeout

from deploy import __main__ as command
from deploy.trouble import CannotDeploy
from deploy.work import Work

WORDS = ["DOMAIN=example.org", "REGION=eu-west-1", "ALERTS=me@elsewhere.example"]


def let(monkeypatch: pytest.MonkeyPatch, trouble: BaseException | None) -> None:
    def run(_work: Work) -> None:
        if trouble:
            raise trouble

    monkeypatch.setitem(command.VERBS, "deploy", (run, 1))


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    let(monkeypatch, None)
    assert command.main(WORDS) == 0


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (CannotDeploy("The domain is missing: write it."), "The domain is missing: write it."),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": "No"}}, "CreateBucket"),
            "AWS refused a step (An error occurred (AccessDenied) when calling the CreateBucket operation: No): mend that",
        ),
        (
            Timeout(),  # type: ignore[no-untyped-call]
            "The DNS does not answer: The DNS operation timed out. Check the network, or name a resolver with POSTAMT_RESOLVER",
        ),
        (FileNotFoundError(2, "No such file or directory", "pyvenv.cfg"), "pyvenv.cfg cannot be used: No such file or directory."),
        (KeyboardInterrupt(), "Ended. Run this again; it goes on where it ended."),
    ],
    ids=["missing", "refused", "dns", "file", "interrupted"],
)
def test_trouble_is_one_sentence(
    trouble: BaseException, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    let(monkeypatch, trouble)
    assert command.main(WORDS) == 1
    assert sentence in capsys.readouterr().err


def test_a_resolver_that_is_none_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("POSTAMT_RESOLVER", "nonsense")
    assert command.main(WORDS) == 1
    assert "POSTAMT_RESOLVER is nonsense, which is no address and port" in capsys.readouterr().err


def test_a_word_without_meaning_ends_before_anything_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["destroy"]) == 1
    assert "means nothing here" in capsys.readouterr().err
