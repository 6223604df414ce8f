"""A process of the post office: started with a lifeline, stopped politely, killed when it does not listen."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.environment import PROJECT


class Child:
    """One supervised process. `name` is what a person reads when it ends by itself."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self._command = list(command)
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".old"))
        with self.log.open("ab") as log:
            # stdin is the lifeline (local/lifeline.py). A session of its own: Ctrl-C reaches the supervisor alone,
            # which stops its children in the right order.
            self._process = subprocess.Popen(
                self._command,
                cwd=PROJECT,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def exit_code(self) -> int | None:
        """None while it runs or was never started."""
        return self._process.poll() if self._process else None

    def wait(self) -> int:
        """For one that has something to do and then ends: its exit code."""
        return self._process.wait() if self._process else 0

    def request_stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def stop(self, patience: float = 3.0) -> None:
        """Returns when the process is gone: after SIGTERM, or after SIGKILL when `patience` seconds did not do."""
        if self._process is None:
            return
        self.request_stop()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        self._process = None
