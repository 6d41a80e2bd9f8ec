"""`python -m tests.servers.restart NAME PROCESSES.json`: end a process; its supervisor mends it."""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any


def restart(name: str, processes: Path) -> None:
    """Send SIGTERM, and return when the process is ready again under another id."""
    before = _state(name, processes)["pid"]
    os.kill(before, signal.SIGTERM)
    for _ in range(600):
        now = _state(name, processes)
        if now["state"] == "ready" and now["pid"] != before:
            return
        time.sleep(0.1)
    raise SystemExit(f"{name} was not ready again within a minute")


def _state(name: str, processes: Path) -> dict[str, Any]:
    states = json.loads(processes.read_text())
    return next(state for state in states if state["name"] == name)


if __name__ == "__main__":
    restart(sys.argv[1], Path(sys.argv[2]))
