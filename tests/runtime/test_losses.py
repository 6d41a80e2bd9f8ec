"""What a supervisor cannot write down stops none of its processes."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from runtime.errors import NotWritable
from runtime.supervisor import Supervisor
from tests.runtime.children import child, stays, until

TALKS = """
import pathlib, sys, time
print("I am up", flush=True)
for _ in range(2_000):
    print("x" * 200)
pathlib.Path(sys.argv[1]).write_text("all said")
time.sleep(600)
"""
"""Says more than a pipe holds that nobody reads."""

SECOND_FAILS = """
import pathlib, sys, time
tries = pathlib.Path(sys.argv[1])
tries.write_text(tries.read_text() + "x" if tries.exists() else "x")
if tries.read_text() == "xx":
    sys.exit("not this time")
print("I am up", flush=True)
time.sleep(600)
"""

Make = Callable[..., Supervisor]


class Disk:
    """Takes all that is written, until it is full."""

    full = False

    def write(self, *_: object) -> None:
        """As whoever is told of states and lines writes them down."""
        if self.full:
            raise NotWritable("Nothing can be kept.", "Make room.")


@pytest.fixture
def disk() -> Disk:
    """With room."""
    return Disk()


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    """Supervisors whose processes are gone when the test is over."""
    made: list[Supervisor] = []

    def new(**options: Callable[..., None]) -> Supervisor:
        made.append(Supervisor(tmp_path / "log", **options))
        return made[-1]

    yield new
    for supervisor in made:
        supervisor.kill()
        await supervisor.stop()


async def test_a_process_runs_again_though_its_state_cannot_be_written(
    make: Make, disk: Disk, tmp_path: Path
) -> None:
    """What looks after it outlives a full disk."""
    supervisor = make(on_change=disk.write)
    await supervisor.start(stays("worker", tmp_path / "notes"))
    disk.full = True
    os.kill(await until(supervisor, "worker", restarts=0), signal.SIGKILL)
    await until(supervisor, "worker", restarts=1)


async def test_every_stage_is_stopped_though_no_state_can_be_written(
    make: Make, disk: Disk, tmp_path: Path
) -> None:
    """Servers, which are stopped last, are asked to end like all others."""
    notes = tmp_path / "notes"
    supervisor = make(on_change=disk.write)
    await supervisor.start(stays("server", notes))
    await supervisor.start(stays("worker", notes))
    disk.full = True
    await supervisor.stop()
    assert notes.read_text().splitlines()[2:] == ["worker ended", "server ended"]


async def test_a_process_is_read_though_nothing_can_be_shown(
    make: Make, disk: Disk, tmp_path: Path
) -> None:
    """As when whoever read along has gone; else it would wait for its pipe for ever."""
    supervisor = make(echo=disk.write)
    disk.full = True
    await supervisor.start(child("api", TALKS, str(tmp_path / "said")))
    await _until_all_said(tmp_path / "said")
    assert (tmp_path / "log" / "api.log").stat().st_size > 400_000


async def test_a_process_is_read_though_its_log_is_full(make: Make, tmp_path: Path) -> None:
    """It is shown as before, and the loss is told once, not with each line."""
    shown: list[bytes] = []
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "api.log").symlink_to("/dev/full")
    supervisor = make(echo=lambda _name, line: shown.append(line))
    with capture_logs() as told:
        await supervisor.start(child("api", TALKS, str(tmp_path / "said")))
        await _until_all_said(tmp_path / "said")
        await supervisor.stop()
    assert len(shown) == 2_001
    [loss] = [line for line in told if "left out" in line["event"]]
    assert loss["what"] == "the log of api"
    assert "No space left on device" in loss["error"]


async def test_a_process_is_tried_again_though_its_log_was_removed(
    make: Make, tmp_path: Path
) -> None:
    """What it said last is told where there is a file; the second try of three is never ready."""
    counted = tmp_path / "tries"
    supervisor = make()
    tries = child("api", SECOND_FAILS, str(counted), ready_within_seconds=5)
    await supervisor.start(tries)
    (tmp_path / "log" / "api.log").unlink()
    os.kill(await until(supervisor, "api", restarts=0), signal.SIGKILL)
    await until(supervisor, "api", restarts=2)


async def _until_all_said(file: Path) -> None:
    await asyncio.to_thread(_until_there, file, time.monotonic() + 10)


def _until_there(file: Path, deadline: float) -> None:
    while not file.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
