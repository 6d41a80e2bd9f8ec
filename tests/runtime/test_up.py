"""`metricx up` on servers of one's own, and what `metricx status` says of it."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from readmodels.roles import LOGINS
from runtime.embedded.ports import free_port
from runtime.settings import variable
from schemas.topics import Topic
from tests.servers.databases import Database

_PROJECT = Path(__file__).parents[2]


@pytest.mark.timeout(180)
def test_up_runs_on_servers_that_the_settings_name(
    kafka_bootstrap: str, topic_prefix: str, database: Database, own_data: Callable[[], Path]
) -> None:
    """No server is started, status tells well from amiss, and SIGTERM ends it with code 0."""
    environment = {
        **os.environ,
        variable("data_dir"): str(own_data()),
        variable("http.port"): str(free_port()),
        variable("kafka.bootstrap"): kafka_bootstrap,
        variable("kafka.topic_prefix"): topic_prefix,
        **{variable(f"postgres.{role}"): getattr(database, role) for role in LOGINS},
    }
    up = _up(environment)
    try:
        _wait_until_it_runs(up)
        status = _status(environment)
        assert status.returncode == 0, status.stdout + status.stderr
        for process in ("worker-1", "api", "poller", "ad_windows"):
            assert process in status.stdout
        assert "kafka " not in status.stdout
        asyncio.run(_poison(kafka_bootstrap, topic_prefix))
        deadline = time.monotonic() + 30
        while (status := _status(environment)).returncode == 0:
            assert time.monotonic() < deadline
        assert status.returncode == 1, status.stdout + status.stderr
        assert "ad_entities refused 1 events in the last 24 hours" in status.stdout
    finally:
        _stop(up)


@pytest.mark.faults
@pytest.mark.timeout(180)
def test_status_finds_the_servers_that_up_has_started(own_data: Callable[[], Path]) -> None:
    """With no setting at all; their addresses are for the owner's eyes, and gone at the end."""
    data = own_data()
    environment = {
        **{name: each for name, each in os.environ.items() if not name.startswith("METRICX_")},
        variable("data_dir"): str(data),
        variable("http.port"): str(free_port()),
    }
    up = _up(environment)
    try:
        _wait_until_it_runs(up)
        status = _status(environment)
        assert status.returncode == 0, status.stdout + status.stderr
        assert "ad_windows" in status.stdout
        assert stat.S_IMODE((data / "addresses.json").stat().st_mode) == 0o600
    finally:
        _stop(up)
    assert not (data / "addresses.json").exists()


def test_status_of_nothing_is_amiss(tmp_path: Path) -> None:
    """Exit code 1, and what is not running; what a killed supervisor wrote down misleads nobody."""
    left = {"name": "api", "state": "ready", "pid": 2**22 + 1, "restarts": 0, "since": "long ago"}
    (tmp_path / "processes.json").write_text(json.dumps([left]))
    status = subprocess.run(
        [sys.executable, "-m", "runtime", "status"],
        cwd=_PROJECT,
        env={**os.environ, variable("data_dir"): str(tmp_path), variable("http.port"): "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert status.returncode == 1
    assert "No `metricx up` or `metricx demo` runs" in status.stdout


def _up(environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "runtime", "up"],
        cwd=_PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def _wait_until_it_runs(up: "subprocess.Popen[str]") -> None:
    assert up.stdout is not None
    assert any("Ctrl-C stops it" in line for line in up.stdout)


def _stop(up: "subprocess.Popen[str]") -> None:
    up.send_signal(signal.SIGTERM)
    rest = up.communicate(timeout=20)[0]
    assert up.returncode == 0, rest


def _status(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "runtime", "status"],
        cwd=_PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


async def _poison(bootstrap: str, prefix: str) -> None:
    """An event that no projection can read."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        await producer.send_and_wait(Topic.AD_ENTITIES.physical(prefix), b"no event", partition=0)
