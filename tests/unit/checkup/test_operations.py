"""docs/OPERATIONS.md names only what exists: targets of make, commands of manage.py with their options, calls of AWS, its own headings."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name
from django.core.management import get_commands, load_command_class

from cdk_infra.deployment import Deployment
from postamt.checkup.lines import LINES

PROJECT = Path(__file__).resolve().parent.parent.parent.parent
DOCUMENT = (PROJECT / "docs" / "OPERATIONS.md").read_text()
MAKEFILE = (PROJECT / "Makefile").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL)
SPANS = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", DOCUMENT, flags=re.DOTALL))
HIGH_LEVEL = {"s3 ls", "logs tail", "configure"}  # of the AWS command line itself, not of a service
DEPLOYMENT = Deployment("123456789012", "eu-west-1", ("example.org",), "me@elsewhere.example")


def commands(program: str) -> list[list[str]]:
    """The words after `program`, of each time it is named to be typed."""
    return [list(words) for words in dict.fromkeys(map(tuple, named(program)))]


def named(program: str) -> Iterator[list[str]]:
    lines = [line for block in BLOCKS for line in block.splitlines()] + SPANS
    for line in lines:
        inner = re.search(r"\$\((.*?)\)", line)
        words = shlex.split(inner[1] if inner else line, comments=True) if line.count("'") % 2 == 0 else []
        if words[:1] == [program] and len(words) > 1:
            yield words[1:]


def test_it_works() -> None:
    assert {"check", "show_dns", "credentials", "reindex", "empty_trash"} <= {words[0] for words in commands("manage.py")}
    assert {"deploy", "undeploy", "secret"} <= {words[0] for words in commands("make")}


@pytest.mark.parametrize("words", commands("make"), ids=" ".join)
def test_what_make_is_told_is_a_target(words: list[str]) -> None:
    assert re.search(rf"^{words[0]}:", MAKEFILE, re.MULTILINE)
    assert all(re.fullmatch(r"(DOMAIN|REGION|ALERTS|TAKE_MX)=\S+", word) for word in words[1:])


@pytest.mark.parametrize("words", commands("manage.py"), ids=" ".join)
def test_what_manage_py_is_told_it_understands(words: list[str]) -> None:
    command = load_command_class(get_commands()[words[0]], words[0])
    command.create_parser("manage.py", words[0]).parse_args(words[1:])


@pytest.mark.parametrize("words", [words for words in commands("aws") if not HIGH_LEVEL & {words[0], " ".join(words[:2])}], ids=" ".join)
def test_what_aws_is_asked_it_has(words: list[str]) -> None:
    service = "s3" if words[0] == "s3api" else words[0]
    model = botocore.session.get_session().get_service_model(service)
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(operations[words[1]]).input_shape
    assert shape is not None
    known = {"output", "query", "region"} | {xform_name(name, "-") for name in shape.members}
    assert {word.removeprefix("--") for word in words[2:] if word.startswith("--")} <= known


def test_links_lead_to_headings_that_are_there() -> None:
    headings = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.+)$", DOCUMENT, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", DOCUMENT)) <= headings


def test_every_alarm_that_may_ring_is_told_of() -> None:
    named = {name.removesuffix("…") for name in SPANS if name.startswith("postamt-")}
    for alarm in DEPLOYMENT.alarms:
        assert any(alarm == name or (name.endswith("-") and alarm.startswith(name)) for name in named), alarm


def test_lines_of_the_check_are_called_by_their_names() -> None:
    names = {line.name for line in LINES}
    assert {name for name in SPANS if name in names} >= {"mx", "rule-set", "role-sender", "bucket-policy", "certificate", "origin", "page"}
    mentioned = set(re.findall(r"the line `([a-z-]+)`", DOCUMENT)) | set(re.findall(r"`([a-z-]+)` FAIL", DOCUMENT))
    assert mentioned <= names
