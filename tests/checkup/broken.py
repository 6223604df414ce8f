"""How a test breaks one thing and mends it again: in the account, or in an answer where the local AWS does not let it break."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from tests.checkup.world import World

Break = Callable[[World], AbstractContextManager[None]]


@contextmanager
def answer(world: World, service: str, operation: str, change: Callable[[dict[str, Any]], object], region: str = "") -> Iterator[None]:
    """The answers of one operation, changed on their way back."""
    client = world.deployed.client(service, region)
    event = f"after-call.{service}.{operation}"

    def on_answer(parsed: dict[str, Any], **_rest: Any) -> None:
        change(parsed)

    client.meta.events.register(event, on_answer)
    yield
    client.meta.events.unregister(event, on_answer)
