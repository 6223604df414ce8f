"""SQS as durable as on AWS: a message that was accepted is on disk before the answer, and one that was being handled comes again.

Queues are filed under their URL, port included, and the state folder must survive a change of port: hence a port that never changes.
"""

import time
from typing import Any

from ministack.core import persistence
from ministack.services import sqs

READS = frozenset({"GetQueueUrl", "GetQueueAttributes", "ListQueues", "ListQueueTags"})
PORT = "4566"


def save_before_answering() -> None:
    original = sqs.handle_request

    async def handle_request(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
        answer = await original(method, path, headers, body, query)
        if headers.get("x-amz-target", "").rpartition(".")[2] not in READS:
            persistence.save_state("sqs", sqs.get_state())
        return answer

    sqs.handle_request = handle_request


def hand_out_again() -> None:
    """Whoever was handling a message when the emulator ended has ended too: it need not wait for its visibility timeout."""
    original = sqs.load_persisted_state

    def load_persisted_state(data: Any) -> None:
        original(data)
        for _name, queue in sqs._queues.all_items():
            for message in queue["messages"]:
                if message["receive_count"]:
                    message["visible_at"] = min(message["visible_at"], time.time())

    sqs.load_persisted_state = load_persisted_state


def install() -> None:
    sqs.DEFAULT_PORT = PORT
    save_before_answering()
    hand_out_again()
