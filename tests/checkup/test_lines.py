"""Each line of the check: it passes where all is well, and fails alone where the one thing is broken that it looks at."""

import pytest

from postamt.checkup.line import Line, results
from postamt.checkup.lines import LINES
from tests.checkup.breaks import BREAKS
from tests.checkup.broken import answer
from tests.checkup.world import SECRETS, World

NOTES = {"sandbox"}  # what it finds is to be known, and is no failure


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
    assert todo
    assert not any(secret in str(failed) for secret in SECRETS.values())


def test_every_break_is_of_a_line() -> None:
    assert set(BREAKS) | NOTES == {line.name for line in LINES}
