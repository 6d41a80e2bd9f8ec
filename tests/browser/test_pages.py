"""A real browser on a real demo; and at its end each row that the demo's poller led to."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runtime.embedded.node import node_environment, npm
from tests.oracle.lag import caught_up
from tests.oracle.verdict import assert_equals_oracle
from tests.security.personal_data import (
    beyond_what_is_allowed,
    in_files,
    in_tables,
    in_topics,
)
from tests.servers.demo import RunningDemo

_PROJECT = Path(__file__).parents[2]
_PREFIX = "metricx."

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def test_the_pages_hold_on_a_running_demo(running_demo: RunningDemo) -> None:
    """All specs of ui/e2e/stack pass; what they said is shown if one does not."""
    processes = running_demo.data / "processes.json"
    restart_api = [sys.executable, "-m", "tests.servers.restart", "api", str(processes)]
    environment = {
        **node_environment(os.environ),
        "METRICX_DEMO_JSON": str(running_demo.described),
        "RESTART_API_COMMAND": f"cd {shlex.quote(str(_PROJECT))} && {shlex.join(restart_api)}",
        "CI": "true",
    }
    done = subprocess.run(
        [*npm(), "run", "--silent", "e2e"],
        cwd=_PROJECT / "ui",
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    assert "skipped" not in done.stdout


async def test_those_who_signed_up_are_named_where_they_must_and_nowhere_else(
    running_demo: RunningDemo,
) -> None:
    """Neither in an event, a read model or a log, though they went through every page (S17)."""
    described = json.loads(running_demo.described.read_text())
    marks = ["@example.com"]
    found = await in_tables(described["postgres"], marks)
    assert "control.users.email: @example.com" in found
    assert beyond_what_is_allowed(found) == []
    assert await in_topics(described["kafka"], _PREFIX, marks) == []
    assert in_files(running_demo.data / "log", marks) == []


async def test_every_row_behind_the_pages_is_the_oracle_s(running_demo: RunningDemo) -> None:
    """What the real poller read of the simulated platform, through the real worker."""
    described = json.loads(running_demo.described.read_text())
    kafka, auditor = described["kafka"], described["postgres"]
    with _paused(running_demo.pids()["poller"]):
        await caught_up(kafka, _PREFIX, auditor, within=30)
        found = await assert_equals_oracle(kafka, _PREFIX, auditor)
    assert not found.dead
    # Meta has hours at every level; and a schedule asks nobody.
    empty = {view for view, rows in found.rows.items() if not rows}
    assert empty <= {"ad_delivery_day", "sync_request"}
    kinds = {type(fact).__name__ for fact in found.facts.values()}
    assert kinds >= {"Hours", "Day", "Coverage", "Entity", "Run"}
    levels = {row[1] for row in found.rows["ad_day"]}
    assert levels == {"account", "campaign", "adset", "ad"}


@contextmanager
def _paused(pid: int) -> Generator[None]:
    """No event is published meanwhile."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
