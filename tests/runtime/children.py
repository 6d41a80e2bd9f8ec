"""Small processes for the supervisor to look after."""

import asyncio
import sys
from pathlib import Path

from runtime.launch import Launch
from runtime.supervisor import Process, Supervisor

STAYS = """
import pathlib, signal, sys, time
name, notes = sys.argv[1], pathlib.Path(sys.argv[2])
def end(*_):
    with notes.open("a") as file:
        file.write(f"{name} ended\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
with notes.open("a") as file:
    file.write(f"{name} started\\n")
print("I am up", flush=True)
while True:
    time.sleep(0.05)
"""

DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("I am up", flush=True)
time.sleep(600)
"""

HAS_A_CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(f"child {child.pid}", flush=True)
print("I am up", flush=True)
child.wait()
"""


def child(name: str, code: str, *arguments: str, **options: object) -> Process:
    """A process that runs this Python, ready when it says so."""
    process = Process(
        name=name,
        launch=lambda: Launch(argv=[sys.executable, "-c", code, *arguments]),
        ready_line=b"I am up",
        ready_within_seconds=20,
        stop_within_seconds=1,
    )
    return Process(**{**vars(process), **options})  # pyright: ignore[reportArgumentType]


def stays(name: str, notes: Path) -> Process:
    """One that writes its start and its graceful end into `notes`."""
    return child(name, STAYS, name, str(notes))


async def until(supervisor: Supervisor, name: str, *, restarts: int, within: float = 15.0) -> int:
    """The pid of the process once it is ready after so many restarts."""
    async with asyncio.timeout(within):
        while True:
            state = next(state for state in supervisor.states if state.name == name)
            if state.state == "ready" and state.restarts >= restarts and state.pid:
                return state.pid
            await asyncio.sleep(0.02)
