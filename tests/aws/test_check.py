"""Each line of the check: it passes where all is well, and fails alone where the one thing is broken that it looks at."""

from collections.abc import Iterator

import pytest

from postamt.checkup.line import Line, results
from postamt.checkup.lines import LINES
from tests.aws.check_breaks import BREAKS, answer
from tests.aws.check_world import SECRETS, World, healthy_world
from tests.deploy.local_aws import LocalAws

NOTES = {"sandbox"}  # what it finds is to be known, and is no failure


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    aws = LocalAws(tmp_path_factory.mktemp("check"))
    aws.start()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_ENDPOINT_URL", aws.endpoint)
            with healthy_world(aws) as world:
                yield world
    finally:
        aws.stop()


def failures(world: World) -> dict[str, str]:
    return {result.name: f"{result.says} {result.todo}" for result in results(LINES, world.deployed) if not result.ok}


def test_it_works(world: World) -> None:
    assert failures(world) == {}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
def test_a_line_fails_alone_when_its_one_thing_is_broken_and_says_what_to_do(world: World, line: Line) -> None:
    if line.name in NOTES:
        with answer(world, "sesv2", "GetAccount", lambda parsed: parsed.update(ProductionAccessEnabled=False)):
            assert failures(world) == {}
            assert "--sandbox-request" in line.look(world.deployed).todo
        return
    with BREAKS[line.name](world):
        failed = failures(world)
        todo = line.look(world.deployed).todo
    assert list(failed) == [line.name], failed
    assert todo.endswith((".", "."))
    assert not any(secret in str(failed) for secret in SECRETS.values())


def test_every_break_is_of_a_line() -> None:
    assert set(BREAKS) | NOTES == {line.name for line in LINES}
