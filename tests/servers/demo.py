"""A demo of a test run's own: the real command, started and stopped as a person would."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runtime.embedded.ports import free_port
from runtime.settings import variable

_PROJECT = Path(__file__).parents[2]


@dataclass
class RunningDemo:
    """`metricx demo` on a data directory; `days` of history keep it quick."""

    data: Path
    days: int = 14
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def described(self) -> Path:
        """demo.json."""
        return self.data / "demo.json"

    def start(self, *, within_seconds: float = 120.0) -> dict[str, Any]:
        """Start it; what demo.json says once it is there. One that was killed leaves an old one."""
        self.described.unlink(missing_ok=True)
        self.process = self.popen()
        deadline = time.monotonic() + within_seconds
        while not self.described.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the demo did not start:\n{self.said()}")
            time.sleep(0.1)
        return json.loads(self.described.read_text())

    def popen(self) -> subprocess.Popen[bytes]:
        """The command, its output in `said`."""
        self.data.mkdir(exist_ok=True)
        with (self.data / "said").open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "runtime", "demo"],
                cwd=_PROJECT,
                env={
                    **os.environ,
                    "PORT": str(self.port),
                    variable("data_dir"): str(self.data),
                    variable("demo.days"): str(self.days),
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        """Everything that it printed so far."""
        return (self.data / "said").read_text()

    def pids(self) -> dict[str, int]:
        """The processes that it looks after, by name."""
        states = json.loads((self.data / "processes.json").read_text())
        return {state["name"]: state["pid"] for state in states if state["pid"]}

    def interrupt(self) -> float:
        """Ctrl-C; the seconds until it had ended."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        return time.monotonic() - began

    def close(self) -> None:
        """End it, whatever state it is in."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
