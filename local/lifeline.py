"""A child that does not outlive its parent, whatever ended the parent.

The parent keeps the writing end of the child's standard input open and writes nothing. When the parent is gone, even by
`kill -9`, the kernel closes that end and the child reads the end of the file. No signal, no prctl: it works everywhere.
"""

import os
import sys
import threading
from collections.abc import Callable


def end_with_parent(farewell: Callable[[], None] = lambda: None) -> None:
    """Watch the lifeline from a thread of its own; `farewell` is called before the process ends at once."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        farewell()
        os._exit(1)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
