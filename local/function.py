"""What the zip of the local Lambda functions holds: this file alone. It runs the project from where it stands.

Ends with the emulator: a worker that is busy does not read its standard input, so a thread looks whether the parent is still there.
"""

import os
import sys
import threading
import time

sys.path.insert(0, os.environ["POSTAMT_PROJECT"])

from postamt.lambdas import indexer, sender

__all__ = ["indexer", "sender"]


def end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


threading.Thread(target=end_with_parent, args=(os.getppid(),), daemon=True).start()
