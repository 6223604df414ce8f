"""What a person writes behind `make deploy`, over what cdk.json says."""

import json
from pathlib import Path

import pytest

from deploy.asked import asked_for
from deploy.trouble import CannotDeploy

CHOSEN = {"domains": ["example.org"], "region": "eu-west-1", "alerts": "me@elsewhere.example"}


@pytest.fixture
def cdk_json(tmp_path: Path) -> Path:
    path = tmp_path / "cdk.json"
    path.write_text(json.dumps({"context": {"postamt": CHOSEN}}))
    return path


def test_it_works(cdk_json: Path) -> None:
    asked = asked_for(["DOMAIN=example.net", "REGION=us-east-1", "ALERTS=you@elsewhere.example"], cdk_json)
    assert asked.settings == {"domains": ["example.net"], "region": "us-east-1", "alerts": "you@elsewhere.example"}
    assert (asked.verb, asked.take_mx) == ("deploy", False)


def test_what_is_not_given_is_as_cdk_json_says(cdk_json: Path) -> None:
    assert asked_for(["undeploy", "DOMAIN=", "REGION="], cdk_json).settings == CHOSEN


def test_several_domains_are_given_with_commas_between(cdk_json: Path) -> None:
    assert asked_for(["DOMAIN=example.org,example.net"], cdk_json).settings["domains"] == ["example.org", "example.net"]


@pytest.mark.parametrize(("word", "taken"), [("TAKE_MX=yes", True), ("TAKE_MX=no", False), ("TAKE_MX=", False)])
def test_the_mx_is_taken_for_one_word_alone(word: str, taken: bool, cdk_json: Path) -> None:
    assert asked_for([word], cdk_json).take_mx == taken


@pytest.mark.parametrize("word", ["TAKE_MX=true", "TAKE_MX=Yes", "TAKE_MX=yes please"])
def test_another_word_about_the_mx_is_refused(word: str, cdk_json: Path) -> None:
    with pytest.raises(CannotDeploy, match="is neither yes nor no: write TAKE_MX=yes"):
        asked_for([word], cdk_json)


@pytest.mark.parametrize("word", ["destroy", "DOMIAN=example.org", "--yes"])
def test_a_word_without_meaning_ends_it(word: str, cdk_json: Path) -> None:
    with pytest.raises(CannotDeploy, match=r"means nothing here: write make deploy DOMAIN=example\.org"):
        asked_for([word], cdk_json)
