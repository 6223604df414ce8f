"""What Lambda does with an unpacked zip, in a process of its own: `python -I -S fresh_process.py FOLDER HANDLER < EVENTS`.

EVENTS is a JSON list. Nothing but FOLDER and the standard library can be imported. Prints one JSON object: the answer to each event, the
CPU seconds until the first was answered, and the files that Python had to compile.
"""

import importlib
import json
import sys
import time
from typing import Any

compiled: list[str] = []


class Context:
    """What the functions are told of their invocation; none of ours asks."""

    aws_request_id = "fresh"
    memory_limit_in_mb = 1024


def note_compilation(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "compile" and str(arguments[1]).endswith(".py"):
        compiled.append(str(arguments[1]))


def main(folder: str, handler: str) -> None:
    events = json.load(sys.stdin)
    sys.path.insert(0, folder)
    sys.addaudithook(note_compilation)
    module, _, name = handler.rpartition(".")
    took: list[float] = []
    answers: list[Any] = []
    start = time.process_time()
    function = getattr(importlib.import_module(module), name)
    for event in events:
        answers.append(function(event, Context()))
        took.append(time.process_time() - start)
    print(json.dumps({"answers": answers, "cpu": took[0], "compiled": compiled}))


if __name__ == "__main__":
    main(*sys.argv[1:])
