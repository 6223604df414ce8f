"""One step of a deployment: what it is called, what it does, and a function that does it and answers with a sentence on what it found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.work import Work


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    does: str
    run: Callable[[Work], str]


def take(steps: Sequence[Step], work: Work) -> None:
    """One after the other; what a step raises ends them all."""
    for step in steps:
        work.progress.step(step.title, step.does)
        work.progress.say(step.run(work))
