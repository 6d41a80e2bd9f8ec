"""The supervisor on real processes."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from runtime.errors import HistoryGone, NotStarted
from runtime.launch import Launch
from runtime.supervisor import Process, Supervisor
from tests.runtime.children import DEAF, HAS_A_CHILD, child, stays, until


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    """One whose processes are gone when the test is over."""
    supervisor = Supervisor(tmp_path / "log")
    yield supervisor
    await supervisor.stop()


async def test_stages_start_in_order_and_stop_in_reverse(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    """The second stage begins when the first is ready, and ends before it."""
    notes = tmp_path / "notes"
    await supervisor.start(stays("server", notes))
    await supervisor.start(stays("worker", notes))
    await supervisor.stop()
    assert notes.read_text().splitlines() == [
        "server started",
        "worker started",
        "worker ended",
        "server ended",
    ]


async def test_a_killed_process_runs_again(supervisor: Supervisor, tmp_path: Path) -> None:
    """Each kill -9 costs one restart."""
    await supervisor.start(stays("worker", tmp_path / "notes"))
    for kills in (1, 2):
        os.kill(await until(supervisor, "worker", restarts=kills - 1), signal.SIGKILL)
        await until(supervisor, "worker", restarts=kills)


async def test_a_restarted_process_waits_longer_each_time(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    """Half a second, then a whole one: what crashes at once must not eat the machine."""
    await supervisor.start(stays("worker", tmp_path / "notes"))
    began = time.monotonic()
    for kills in (1, 2):
        os.kill(await until(supervisor, "worker", restarts=kills - 1), signal.SIGKILL)
        await until(supervisor, "worker", restarts=kills)
    assert time.monotonic() - began >= 1.5


async def test_the_code_of_lost_history_is_not_started_again(supervisor: Supervisor) -> None:
    """Starting again would not help; the remedy is told instead."""
    ends = "import sys, time; print('I am up', flush=True); time.sleep(0.3); sys.exit(78)"
    await supervisor.start(child("worker", ends, final_codes={78: "Bring back Kafka's data."}))
    error = await asyncio.wait_for(supervisor.failed, 10)
    assert isinstance(error, HistoryGone)
    assert error.exit_code == 78
    assert "Bring back Kafka's data." in str(error)
    assert supervisor.states[0].state == "ended"


async def test_what_ends_while_starting_is_told_with_its_last_words(
    supervisor: Supervisor,
) -> None:
    """The reason stands in the error, not only in a file."""
    with pytest.raises(NotStarted, match="port is taken"):
        await supervisor.start(child("api", "raise SystemExit('the port is taken')"))


async def test_what_is_never_ready_is_an_error_not_a_hang(supervisor: Supervisor) -> None:
    """A gate has a time."""
    sleeps = child("api", "import time; time.sleep(600)", ready_within_seconds=0.5)
    with pytest.raises(NotStarted, match="was not ready"):
        await supervisor.start(sleeps)


async def test_what_fails_to_start_leaves_no_other_one_starting(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    """A server that still prepares would be started when all else has been stopped."""
    prepared = asyncio.Event()
    notes = tmp_path / "notes"
    fails = child("api", "raise SystemExit('the port is taken')")
    with pytest.raises(NotStarted):
        await supervisor.start(fails, _slow(stays("server", notes), prepared))
    await supervisor.stop()
    await _would_be_seen(prepared, notes)


async def test_what_is_still_starting_is_not_started_after_the_stop(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    """Whoever waits for the start is told that it was given up."""
    prepared = asyncio.Event()
    notes = tmp_path / "notes"
    starting = asyncio.create_task(supervisor.start(_slow(stays("server", notes), prepared)))
    await asyncio.sleep(0.1)
    await supervisor.stop()
    await _would_be_seen(prepared, notes)
    with pytest.raises(asyncio.CancelledError):
        await starting


def _slow(process: Process, prepared: asyncio.Event) -> Process:
    """The same after a second of preparation, as of a new PostgreSQL."""
    loop = asyncio.get_running_loop()

    def launch() -> Launch:
        time.sleep(1)
        loop.call_soon_threadsafe(prepared.set)
        return process.launch()

    return replace(process, launch=launch)


async def _would_be_seen(prepared: asyncio.Event, notes: Path) -> None:
    """Nobody started, though there was time to."""
    await asyncio.wait_for(prepared.wait(), 5)
    await asyncio.sleep(0.5)
    assert await asyncio.to_thread(notes.exists) is False


async def test_a_deaf_process_is_killed_in_time(supervisor: Supervisor) -> None:
    """SIGTERM is ignored; the end comes after the process's own patience."""
    await supervisor.start(child("worker", DEAF))
    began = time.monotonic()
    await supervisor.stop()
    assert time.monotonic() - began < 3


async def test_a_paused_process_is_stopped_too(supervisor: Supervisor, tmp_path: Path) -> None:
    """One that got SIGSTOP could not answer SIGTERM."""
    notes = tmp_path / "notes"
    await supervisor.start(stays("worker", notes))
    os.kill(await until(supervisor, "worker", restarts=0), signal.SIGSTOP)
    await supervisor.stop()
    assert "worker ended" in notes.read_text()


async def test_lines_are_kept_by_process(supervisor: Supervisor, tmp_path: Path) -> None:
    """What a process says lies in a file of its name."""
    await supervisor.start(child("api", DEAF))
    assert (tmp_path / "log" / "api.log").read_text() == "I am up\n"


async def test_a_very_long_line_stops_nobody(supervisor: Supervisor) -> None:
    """A megabyte without an end of line is no reason to lose the process."""
    long = "print('x' * 1_000_000); print('I am up', flush=True); import time; time.sleep(600)"
    await supervisor.start(child("api", long))
    assert supervisor.states[0].state == "ready"


_SUPERVISE = """
import asyncio, pathlib, sys
from runtime.supervisor import Supervisor
from tests.runtime.children import HAS_A_CHILD, DEAF, child

async def main():
    supervisor = Supervisor(pathlib.Path(sys.argv[1]))
    await supervisor.start(child("a", DEAF), child("b", HAS_A_CHILD))
    print(*(state.pid for state in supervisor.states), flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def test_a_killed_supervisor_leaves_no_process(tmp_path: Path) -> None:
    """The kernel ends what it started, deaf or not."""
    supervisor = subprocess.Popen(
        [sys.executable, "-c", _SUPERVISE, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout is not None
    children = [psutil.Process(int(pid)) for pid in supervisor.stdout.readline().split()]
    assert len(children) == 2
    supervisor.kill()
    supervisor.wait()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]


async def test_killing_takes_grandchildren_along(supervisor: Supervisor, tmp_path: Path) -> None:
    """What a process started dies with it."""
    await supervisor.start(child("b", HAS_A_CHILD))
    said = (tmp_path / "log" / "b.log").read_text()
    grandchild = psutil.Process(int(said.split()[1]))
    supervisor.kill()
    _, alive = psutil.wait_procs([grandchild], timeout=5)
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]
