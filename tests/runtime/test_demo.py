"""`metricx demo` from its start to its end, as a person meets it."""

import json
import stat
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import psutil
import pytest

from runtime.settings import Kafka
from tests.oracle.facts import Record
from tests.oracle.verdict import read_topics
from tests.runtime.absence import ask, leave_alone, set_back, spend_by_day
from tests.sandbox.running import Sandbox
from tests.servers.demo import RunningDemo
from tests.servers.machine import ELBOW_ROOM, Others

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

LATER_START_SECONDS = 20.0
_PREFIX = Kafka().topic_prefix


@dataclass
class Kept:
    """What the first life leaves behind."""

    password: str = ""
    records: list[Record] = field(default_factory=list[Record])
    runs: set[object] = field(default_factory=set[object])
    missed: list[date] = field(default_factory=list[date])


@pytest.fixture(scope="module")
def life() -> Iterator[RunningDemo]:
    """One demo for this file: the tests tell its life in order, which begins some days ago."""
    from tests.servers.places import run_directory

    demo = RunningDemo(run_directory() / "life-of-a-demo", days=8)
    demo.data.mkdir()
    set_back(demo)
    yield demo
    demo.close()


@pytest.fixture(scope="module")
def kept() -> Kept:
    """Filled in by the end of the first life."""
    return Kept()


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


async def test_it_was_filled_before_it_said_so(life: RunningDemo) -> None:
    """Every piece of history was read and became rows before demo.json was there."""
    told_at = datetime.fromtimestamp(life.described.stat().st_mtime, UTC)
    pieces = await ask(
        life,
        "SELECT reason, state, done_at FROM control.poll_work"
        " JOIN control.workspaces USING (workspace_id) WHERE name = 'Defang Labs'",
    )
    history = [piece for piece in pieces if piece["reason"] == "backfill"]
    assert len(history) > 20
    assert all(piece["state"] == "done" and piece["done_at"] < told_at for piece in history)
    assert all(piece["done_at"] for piece in pieces if piece["reason"] == "today")
    assert len(await spend_by_day(life)) == life.days - 2  # from its first day to the one it has


async def test_its_other_workspace_shows_what_a_dead_token_looks_like(life: RunningDemo) -> None:
    """The connection fails, says why, and what a person can do."""
    [connection] = await ask(
        life,
        "SELECT state, reason, next_step FROM control.connections"
        " JOIN control.workspaces USING (workspace_id) WHERE name = 'Northwind Traders'",
    )
    assert connection["state"] == "failing"
    assert connection["reason"].startswith("token-dead: Error validating access token")
    assert connection["next_step"] == "Connect the account again."


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


async def test_ctrl_c_ends_it_within_15_seconds(life: RunningDemo, kept: Kept) -> None:
    """With everything that it started, exit code 0, and demo.json gone."""
    described = json.loads(life.described.read_text())
    kept.password = described["owner"]["password"]
    kept.records = await read_topics(described["kafka"], _PREFIX)
    kept.runs = {row["run_id"] for row in await ask(life, "SELECT run_id FROM readmodels.sync_run")}
    processes = [psutil.Process(pid) for pid in life.pids().values()]
    assert len(processes) == 6
    assert life.interrupt() < 15
    assert life.process is not None
    assert life.process.returncode == 0
    assert not [one for one in processes if one.is_running()]
    assert not life.described.exists()


async def test_a_later_one_is_there_soon(life: RunningDemo, kept: Kept) -> None:
    """In 20 seconds, though some days have passed; held where the machine is ours."""
    kept.missed = await leave_alone(life)
    others, began = Others(), time.monotonic()
    life.start()
    took = time.monotonic() - began
    assert took < LATER_START_SECONDS or others.share() > ELBOW_ROOM


async def test_a_later_one_keeps_data_and_passwords(life: RunningDemo, kept: Kept) -> None:
    """Each event and each row of the first life is still there, and the same log-in."""
    described = json.loads(life.described.read_text())
    assert described["owner"]["password"] == kept.password
    assert len(kept.records) > 500
    now = {_place(record): record for record in await read_topics(described["kafka"], _PREFIX)}
    assert [record for record in kept.records if now.get(_place(record)) != record] == []
    runs = {row["run_id"] for row in await ask(life, "SELECT run_id FROM readmodels.sync_run")}
    assert kept.runs
    assert kept.runs <= runs


async def test_a_later_one_has_the_days_since(life: RunningDemo, kept: Kept) -> None:
    """Before it says where it is, each missed date holds what the shop's own books say."""
    meta = json.loads(life.described.read_text())["sandbox"]["meta"]
    sandbox = Sandbox(int(meta.rpartition(":")[2].removesuffix("/meta")))
    shop = sandbox.tell("health")["accounts"][0]["account_id"]
    span = {
        "account_id": shop,
        "from": kept.missed[0].isoformat(),
        "to": kept.missed[-1].isoformat(),
    }
    [account] = sandbox.tell("truth", **span, levels="account", hours="false")["accounts"]
    sandbox.http.close()
    truth = {date.fromisoformat(day["day"]): day["spend_micros"] for day in account["days"]}
    assert list(truth) == kept.missed
    assert all(truth.values())
    held = await spend_by_day(life)
    assert {day: held.get(day) for day in kept.missed} == truth


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


def _place(record: Record) -> tuple[str, int, int]:
    return record.topic, record.partition, record.offset
