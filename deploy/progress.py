"""How a person follows a deployment: the steps by number, and under each what it found or did. Never a secret."""

import sys
from typing import TextIO


class Progress:
    def __init__(self, total: int, out: TextIO | None = None) -> None:
        self._total = total
        self._number = 0
        self._out = out or sys.stdout

    def step(self, title: str, does: str) -> None:
        self._number += 1
        self._write(f"[{self._number}/{self._total}] {title}: {does}")

    def say(self, sentence: str) -> None:
        for line in sentence.splitlines():
            self._write(f"    {line}".rstrip())

    def _write(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()
