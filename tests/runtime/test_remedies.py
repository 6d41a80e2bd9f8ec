"""Every command says in one line what keeps it from working, and what to do; never a trace."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import make_url

from readmodels.roles import LOGINS
from runtime.cli import app
from runtime.embedded.ports import free_port
from runtime.errors import TopicMismatch
from runtime.settings import variable
from runtime.topics import create_topics
from tests.servers.databases import Database

_PROJECT = Path(__file__).parents[2]
_ENDS = ("migrate", "status", "up")
_WAITS = {
    "worker": "Kafka does not answer: waiting",
    "poller": "Kafka is away",
    "api": "Listener lost its connection",
    "swap": "PostgreSQL at 127.0.0.1:2, database metricx, cannot be used by metricx_owner",
}
"""Who can go on when the servers come, and what each says until then."""

Environment = Mapping[str, str]


@pytest.fixture
def nothing(tmp_path: Path) -> Environment:
    """No setting but where to keep things."""
    own = {name: each for name, each in os.environ.items() if not name.startswith("METRICX_")}
    return own | {
        "PYTHONPATH": str(_PROJECT),
        variable("data_dir"): str(tmp_path / "data"),
        variable("http.port"): str(free_port()),
    }


@pytest.fixture
def unreachable(nothing: Environment) -> Environment:
    """All that is needed is set, and nobody is there."""
    return {
        **nothing,
        variable("kafka.bootstrap"): "127.0.0.1:1",
        **{
            variable(f"postgres.{role}"): f"postgresql://metricx_{role}:pw@127.0.0.1:2/metricx"
            for role in LOGINS
        },
    }


@pytest.fixture
def servers(nothing: Environment, kafka_bootstrap: str, topic_prefix: str) -> Environment:
    """A Kafka that answers, without our topics."""
    return {
        **nothing,
        variable("kafka.bootstrap"): kafka_bootstrap,
        variable("kafka.topic_prefix"): topic_prefix,
    }


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Somebody else listens on it."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_every_command_is_tried_here() -> None:
    """But for the demo, which needs no setting, and what writes pages."""
    commands = {getattr(each.callback, "__name__", "") for each in app.registered_commands}
    assert commands - {"demo", "docs"} == {*_ENDS, *_WAITS}


@pytest.mark.parametrize("command", [*_WAITS, "migrate"])
def test_what_is_not_set_is_named(command: str, nothing: Environment, tmp_path: Path) -> None:
    """With an example of its value."""
    line = _one_line(command, nothing, tmp_path)
    assert line.startswith("metricx: METRICX_")
    assert "is not set." in line
    assert "Set it to " in line


def test_where_nothing_runs_status_says_what_to_start(nothing: Environment, tmp_path: Path) -> None:
    """And what it would need to look further; its exit code tells a script as much."""
    done = _ended("status", nothing, tmp_path)
    assert done.returncode == 1
    assert "No `metricx up` or `metricx demo` runs on" in done.stdout
    assert "start one" in done.stdout
    assert "METRICX_POSTGRES__AUDITOR is not set." in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("command", _ENDS)
def test_a_server_that_is_away_is_named(
    command: str, unreachable: Environment, tmp_path: Path
) -> None:
    """By its address and whom it should let in."""
    line = _one_line(command, unreachable, tmp_path)
    assert "Connect" in line or "bootstrap" in line
    assert "127.0.0.1:1" in line or "127.0.0.1:2, database metricx" in line
    assert "Is it running" in line
    assert "pw" not in line


@pytest.mark.parametrize("command", _WAITS)
def test_who_waits_for_a_server_says_so(
    command: str, unreachable: Environment, tmp_path: Path
) -> None:
    """Without a trace, until it is asked to stop."""
    process = subprocess.Popen(
        [sys.executable, "-m", "runtime", command],
        cwd=tmp_path,
        env=unreachable,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if _WAITS[command] in line:
                break
        process.terminate()
        rest = process.communicate(timeout=15)[0]
    finally:
        process.kill()
    assert lines, rest
    assert _WAITS[command] in lines[-1]
    assert "Traceback" not in "".join(lines)
    assert process.returncode == 0, rest


def test_a_wrong_password_is_told_apart(
    servers: Environment, database: Database, tmp_path: Path
) -> None:
    """Without saying which one was tried."""
    wrong = make_url(database.owner).set(password="mistaken")
    dsn = {variable("postgres.owner"): wrong.render_as_string(hide_password=False)}
    line = _one_line("migrate", {**servers, **dsn}, tmp_path)
    assert "password authentication failed" in line
    assert "Mend user and password in METRICX_POSTGRES__" in line
    assert "mistaken" not in line


def test_a_user_who_may_not_migrate_is_told_who_may(
    servers: Environment, database: Database, tmp_path: Path
) -> None:
    """As where no administrator has made roles."""
    line = _one_line("migrate", {**servers, variable("postgres.owner"): database.writer}, tmp_path)
    assert "PostgreSQL does not let metricx_writer do this" in line
    assert "Set METRICX_POSTGRES__SUPERUSER" in line


def test_status_before_migrate_says_so(
    servers: Environment, topics: str, empty_database: Database, tmp_path: Path
) -> None:
    """Kafka and PostgreSQL answer, and know nothing of us."""
    dsn = {variable("postgres.auditor"): empty_database.auditor}
    line = _one_line("status", {**servers, **dsn}, tmp_path)
    assert 'relation "processing.projection_offset" does not exist' in line
    assert "Run `metricx migrate` first." in line


def test_status_without_topics_says_so(
    servers: Environment, database: Database, tmp_path: Path
) -> None:
    """Kafka answers, and knows nothing of us."""
    dsn = {variable("postgres.auditor"): database.auditor}
    line = _one_line("status", {**servers, **dsn}, tmp_path)
    assert "lacks " in line
    assert "sync-runs" in line
    assert "Run `metricx migrate` first." in line


async def test_more_replicas_than_brokers_are_told_apart(
    kafka_bootstrap: str, topic_prefix: str
) -> None:
    """What a cluster takes, one broker does not."""
    with pytest.raises(TopicMismatch, match=r"METRICX_KAFKA__REPLICATION"):
        await create_topics(kafka_bootstrap, topic_prefix, replication=3)


def test_a_taken_port_is_named(unreachable: Environment, taken_port: int, tmp_path: Path) -> None:
    """Before the API has begun anything."""
    line = _one_line("api", {**unreachable, variable("http.port"): str(taken_port)}, tmp_path)
    assert f"127.0.0.1:{taken_port} cannot be listened on: Address already in use." in line
    assert "Set METRICX_HTTP__PORT" in line


@pytest.mark.parametrize("command", ["api", "up"])
def test_a_directory_that_cannot_be_made_is_named(
    command: str, unreachable: Environment, tmp_path: Path
) -> None:
    """Where secrets, logs and locks would lie."""
    (tmp_path / "file").write_text("")
    nowhere = {variable("data_dir"): str(tmp_path / "file" / "data")}
    line = _one_line(command, {**unreachable, **nowhere}, tmp_path)
    assert f"Nothing can be kept in {tmp_path / 'file' / 'data'}: Not a directory." in line
    assert "Set METRICX_DATA_DIR" in line


def _one_line(command: str, environment: Environment, folder: Path) -> str:
    """What it says before it ends with 1: what is wrong, and below it the remedy."""
    done = _ended(command, environment, folder)
    assert done.returncode == 1
    wrong, remedy = done.stderr.splitlines()
    assert wrong.startswith("metricx: ")
    assert "Traceback" not in done.stdout
    assert "[aiokafka]" not in done.stdout  # it would say the same, before
    return f"{wrong} {remedy.strip()}"


def _ended(
    command: str, environment: Environment, folder: Path
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "runtime", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
