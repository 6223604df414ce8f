"""CDK's command line, with a script in its place: what it is told, and the one sentence when it fails."""

from pathlib import Path

import pytest

from deploy import cdk
from deploy.account import Account
from deploy.cdk import BOOTSTRAPPED, Cdk, reason_in
from deploy.trouble import CannotDeploy

CONTEXT = {"postamt": "{}", "mx": "no"}


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The lines the command line was given. It fails when it is to deploy a stack called `Broken`."""
    told, script = tmp_path / "told", tmp_path / "cdk"
    script.write_text(
        f'#!/bin/sh\necho "$*" >> {told}\ncase "$2" in Broken) echo "4:11 | CREATE_FAILED | AWS::S3::Bucket | no"; exit 1;; esac\n'
    )
    script.chmod(0o755)
    monkeypatch.setattr(cdk, "CLI", script)
    monkeypatch.setattr(cdk, "LOGS", tmp_path / "log")
    return told


def test_it_works(told: Path, account: Account, tmp_path: Path) -> None:
    made = Cdk(account, tmp_path / "out")
    made.deploy("StorageStack", CONTEXT)
    made.deploy("EmailStack", CONTEXT)
    synth, storage, email = told.read_text().splitlines()
    assert synth.startswith("synth --quiet")
    assert "--context=postamt={} --context=mx=no" in synth
    assert storage.startswith(f"deploy StorageStack --exclusively --require-approval=never --app={tmp_path / 'out'}")
    assert email.startswith("deploy EmailStack")


def test_templates_are_made_anew_when_they_would_be_others(told: Path, account: Account, tmp_path: Path) -> None:
    made = Cdk(account, tmp_path / "out")
    made.deploy("EmailStack", CONTEXT)
    made.deploy("EmailStack", CONTEXT | {"mx": "yes"})
    assert [line.split()[0] for line in told.read_text().splitlines()] == ["synth", "deploy", "synth", "deploy"]


def test_a_failure_is_one_sentence_that_names_the_resource_and_the_log(told: Path, account: Account, tmp_path: Path) -> None:
    with pytest.raises(CannotDeploy, match=r"CDK did not get through \(.*CREATE_FAILED \| AWS::S3::Bucket \| no\); .*deploy-Broken\.log"):
        Cdk(account, tmp_path / "out").deploy("Broken", CONTEXT)


def test_a_region_is_bootstrapped_once(told: Path, account: Account) -> None:
    made = Cdk(account)
    assert made.bootstrap("us-east-1")
    account.client("ssm", "us-east-1").put_parameter(Name=BOOTSTRAPPED, Value="30", Type="String")
    assert not made.bootstrap("us-east-1")
    (line,) = told.read_text().splitlines()
    assert line.startswith(f"bootstrap aws://{account.number}/us-east-1")


def test_the_reason_is_the_first_failure_else_the_last_words() -> None:
    assert reason_in("starting\n1 CREATE_FAILED a\n2 CREATE_FAILED b\nbye\n") == "1 CREATE_FAILED a"
    assert reason_in("starting\nlast words\n\n") == "last words"
    assert reason_in("") == "it said nothing"
