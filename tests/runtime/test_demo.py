"""`metricx demo` from its start to its end, as a person meets it."""

import json
import stat
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from tests.servers.demo import RunningDemo

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def life() -> Iterator[RunningDemo]:
    """One demo for this file: the tests tell its life in order."""
    from tests.servers.places import run_directory

    demo = RunningDemo(run_directory() / "life-of-a-demo", days=5)
    yield demo
    demo.close()


def test_it_says_where_everything_is_once_it_is_filled(life: RunningDemo) -> None:
    """URL, both log-ins, Kafka, PostgreSQL and the sandbox; for its owner alone."""
    described = life.start()
    assert described["url"] == f"http://127.0.0.1:{life.port}"
    assert described["owner"]["email"] == "owner@defanglabs.com"
    assert described["viewer"]["email"] == "viewer@defanglabs.com"
    assert described["kafka"].startswith("127.0.0.1:")
    assert described["sandbox"]["meta"].endswith("/meta")
    assert stat.S_IMODE(life.described.stat().st_mode) == 0o600
    said = life.said()
    assert described["url"] in said
    assert described["owner"]["password"] in said


def test_its_api_is_ready(life: RunningDemo) -> None:
    """demo.json is written when /ready is 200."""
    with urllib.request.urlopen(f"http://127.0.0.1:{life.port}/ready") as answer:
        assert json.load(answer)["status"] == "ready"


async def test_all_days_are_there(life: RunningDemo) -> None:
    """The auditor sees every day of the shop's history, up to today."""
    connection = await asyncpg.connect(json.loads(life.described.read_text())["postgres"])
    days = await connection.fetchval("select count(distinct day) from readmodels.ad_day")
    await connection.close()
    assert days >= 5


def test_one_beside_it_says_so_and_ends(life: RunningDemo) -> None:
    """Exit code 1, and where the other one is."""
    beside = RunningDemo(life.data)
    assert beside.popen().wait(20) == 1
    assert f"runs already on {life.data} at http://127.0.0.1:{life.port}" in life.said()


def test_a_taken_port_is_an_error(life: RunningDemo, own_data: Callable[[], Path]) -> None:
    """The one that was asked for, not another one silently."""
    other = RunningDemo(own_data(), port=life.port)
    assert other.popen().wait(20) == 1
    assert f"Port {life.port} is taken" in other.said()


def test_ctrl_c_ends_it_within_15_seconds(life: RunningDemo) -> None:
    """With everything that it started, exit code 0, and demo.json gone."""
    processes = [psutil.Process(pid) for pid in life.pids().values()]
    assert len(processes) == 6
    assert life.interrupt() < 15
    assert life.process is not None
    assert life.process.returncode == 0
    assert not [one for one in processes if one.is_running()]
    assert not life.described.exists()


def test_a_later_one_keeps_data_and_passwords(life: RunningDemo) -> None:
    """And says them again."""
    known = json.loads((life.data / "secrets.json").read_text())["demo"]
    assert life.start()["owner"]["password"] == known


def test_a_killed_one_leaves_nothing_and_the_next_one_starts(life: RunningDemo) -> None:
    """kill -9 of the supervisor ends Kafka, PostgreSQL and all the others."""
    processes = [psutil.Process(pid) for pid in life.pids().values()]
    assert life.process is not None
    life.process.kill()
    life.process.wait()
    _, alive = psutil.wait_procs(processes, timeout=10)
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]
    life.start()
    assert life.interrupt() < 15
