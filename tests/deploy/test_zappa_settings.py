"""zappa_settings.json filled in: whole stages, safe values, secrets by their place alone, and every event a function takes."""

import json
import string
from pathlib import Path
from typing import Any

import pytest

from cdk_infra.deployment import Deployment
from deploy.trouble import CannotDeploy
from deploy.zappa import call_zappa, layout_in, runtime_of, silent
from deploy.zappa_settings import STAGES, TEMPLATE, Stage, filled, names_of, write_settings

NAMES = Deployment("000000000000", "eu-west-1", ("example.org",), "me@elsewhere.example")


@pytest.fixture
def stages(tmp_path: Path) -> dict[str, Stage]:
    return write_settings(NAMES, runtime_of(), build=tmp_path)


def test_it_works(tmp_path: Path) -> None:
    """The file that Zappa reads has the three stages, each whole, and no placeholder is left."""
    stages = write_settings(NAMES, "python3.12", build=tmp_path)
    written = (tmp_path / "zappa_settings.json").read_text()
    assert json.loads(written) == stages
    assert set(stages) == set(STAGES)
    assert "${" not in written
    assert {stage["runtime"] for stage in stages.values()} == {"python3.12"}
    assert {f"postamt-{stage}" for stage in stages} == set(NAMES.functions)


def test_a_placeholder_that_nothing_is_known_for_is_named() -> None:
    names = {**names_of(NAMES, "python3.11"), "BUCKET": ""}
    with pytest.raises(CannotDeploy, match=r"asks for \$\{BUCKET\}"):
        filled(TEMPLATE.read_text(), names)


def test_what_the_stages_share_is_no_stage(stages: dict[str, Stage], tmp_path: Path) -> None:
    """Neither of what is filled in nor of the file in the repository, whose region is a placeholder."""
    layout_in(tmp_path, "base").mkdir(parents=True)
    with pytest.raises(CannotDeploy, match="define stage 'base'"):
        call_zappa(["package", "base"], {}, layout_in(tmp_path, "base"), silent)
    assert "$" in json.loads(TEMPLATE.read_text())["base"]["aws_region"]


def test_no_stage_has_an_unsafe_value(stages: dict[str, Stage]) -> None:
    wanted = {
        "debug": False,
        "log_level": "INFO",
        "manage_roles": False,
        "keep_warm": False,
        "touch": False,
        "xray_tracing": False,
        "use_precompiled_packages": False,
        "slim_handler": False,
    }
    for stage in stages.values():
        assert {name: stage[name] for name in wanted} == wanted
        assert "function_url_enabled" not in stage
        assert stage["callbacks"] == {"zip": "deploy.package.prune", "post": "deploy.beyond_zappa.complete"}


def test_each_function_has_its_own_entry_and_role(stages: dict[str, Stage]) -> None:
    given = {name: (stage["lambda_handler"], stage["role_name"], stage["apigateway_enabled"]) for name, stage in stages.items()}
    assert given == {
        "production": ("postamt.lambdas.web", NAMES.role("web"), True),
        "indexer": ("postamt.lambdas.indexer", NAMES.role("indexer"), False),
        "sender": ("postamt.lambdas.sender", NAMES.role("sender"), False),
    }


def test_secrets_are_named_by_their_place_and_to_the_web_alone(stages: dict[str, Stage]) -> None:
    variables = {name: stage["aws_environment_variables"] for name, stage in stages.items()}
    secret = {name: value for name, value in variables["production"].items() if name.endswith("_SECRET")}
    assert secret == {
        "POSTAMT_AUTH_SECRET": f"ssm:{NAMES.auth_secret}",
        "POSTAMT_JWT_SECRET": f"ssm:{NAMES.jwt_secret}",
        "POSTAMT_ORIGIN_SECRET": f"ssm:{NAMES.origin_secret}",
    }
    assert not [name for stage in ("indexer", "sender") for name in variables[stage] if "SECRET" in name]
    assert "environment_variables" not in stages["production"]  # Zappa would write those into the zip


def test_only_a_local_aws_is_named_to_the_functions(tmp_path: Path) -> None:
    stages = write_settings(NAMES, "python3.11", "http://127.0.0.1:4566", tmp_path)
    assert {stage["aws_environment_variables"]["AWS_ENDPOINT_URL"] for stage in stages.values()} == {"http://127.0.0.1:4566"}
    stages = write_settings(NAMES, "python3.11", build=tmp_path)
    assert not [stage for stage in stages.values() if "AWS_ENDPOINT_URL" in stage["aws_environment_variables"]]


def sources_of(stage: Stage) -> list[dict[str, Any]]:
    return [event["event_source"] for event in stage["events"] if "event_source" in event]


def test_the_indexer_hears_of_the_bucket_once_and_without_a_filter(stages: dict[str, Stage]) -> None:
    """Zappa ignores filters, and a second entry for a bucket replaces the first."""
    (bucket,) = [source for source in sources_of(stages["indexer"]) if source["arn"].startswith("arn:aws:s3")]
    assert bucket == {"arn": f"arn:aws:s3:::{NAMES.bucket}", "events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]}


def test_every_topic_and_queue_has_its_function(stages: dict[str, Stage]) -> None:
    topics = {source["arn"] for source in sources_of(stages["indexer"]) if source["arn"].startswith("arn:aws:sns")}
    assert topics == {NAMES.topic_arn(NAMES.receipts_topic), NAMES.topic_arn(NAMES.events_topic)}
    assert sources_of(stages["sender"]) == [{"arn": NAMES.queue_arn(NAMES.queue), "batch_size": 1, "enabled": True}]
    assert "events" not in stages["production"]


def test_the_clock_asks_for_nothing_that_is_not_there(stages: dict[str, Stage]) -> None:
    schedules = [event["expression"] for event in stages["indexer"]["events"] if "expression" in event]
    assert schedules == ["rate(1 day)"]


def test_every_value_of_the_file_is_used() -> None:
    """No name is computed that no placeholder asks for."""
    asked = {name for _, name, braced, _ in string.Template.pattern.findall(TEMPLATE.read_text()) for name in (name or braced,)}
    assert asked == set(names_of(NAMES, "python3.11"))
