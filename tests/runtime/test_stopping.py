"""`metricx worker`, `api` and `poller`: asked to stop, each ends with 0, whatever it was doing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from readmodels.roles import LOGINS
from runtime.embedded.ports import free_port
from runtime.settings import variable
from tests.servers.databases import Database

_PROJECT = Path(__file__).parents[2]
_AT_WORK = {"worker": "worker starts", "api": "Uvicorn running", "poller": "polling"}
"""What each says when it has begun."""

_INTERRUPTED = """
import os
from runtime import cli
cli._read = lambda: os.kill(os.getpid(), {asked})
cli.app()
"""

signals = pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])


@pytest.fixture
def environment(
    topics: str, kafka_bootstrap: str, database: Database, tmp_path: Path
) -> dict[str, str]:
    """All that the three need."""
    return {
        **os.environ,
        variable("data_dir"): str(tmp_path),
        variable("log.format"): "json",
        variable("http.port"): str(free_port()),
        variable("kafka.bootstrap"): kafka_bootstrap,
        variable("kafka.topic_prefix"): topics,
        **{variable(f"postgres.{role}"): getattr(database, role) for role in LOGINS},
    }


@signals
@pytest.mark.parametrize("command", _AT_WORK)
def test_who_is_asked_to_stop_ends_with_0(
    command: str, asked: signal.Signals, environment: dict[str, str]
) -> None:
    """uvicorn, for one, would raise the signal again once it has drained."""
    process = _start(command, environment)
    try:
        said = process.stdout
        assert said is not None
        assert any(_AT_WORK[command] in line for line in said)
        process.send_signal(asked)
        rest = process.communicate(timeout=15)[0]
    finally:
        process.kill()
    assert process.returncode == 0, rest


@signals
@pytest.mark.parametrize("command", _AT_WORK)
def test_who_has_not_yet_begun_ends_with_0_too(command: str, asked: signal.Signals) -> None:
    """The signal comes while it reads its settings."""
    code = _INTERRUPTED.format(asked=int(asked))
    done = subprocess.run(
        [sys.executable, "-c", code, command], cwd=_PROJECT, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def _start(command: str, environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "runtime", command],
        cwd=_PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
