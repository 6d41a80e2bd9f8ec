"""What an installation keeps beside its servers' data."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.data_lock import data_lock
from runtime.embedded.ports import free_port, is_free, kept_port
from runtime.errors import AlreadyRunning
from runtime.kept import KeptSecrets, write_whole


def test_a_secret_is_the_same_at_every_start(tmp_path: Path) -> None:
    """And another name has another one."""
    file = tmp_path / "secrets.json"
    made = KeptSecrets(file).get("key")
    assert KeptSecrets(file).get("key") == made
    assert KeptSecrets(file).get("other") != made


def test_what_is_kept_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    """Mode 0600 from the first byte on, whatever the umask."""
    before = os.umask(0)
    try:
        write_whole(tmp_path / "demo.json", {"a": 1})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
    assert json.loads((tmp_path / "demo.json").read_text()) == {"a": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["demo.json"]


_HOLD = """
import pathlib, sys, time
from runtime.data_lock import data_lock
with data_lock(pathlib.Path(sys.argv[1]), "demo") as lock:
    lock.tell("http://127.0.0.1:8000")
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_supervisor_is_told_who_runs(tmp_path: Path) -> None:
    """Command, address and process; and when that one is killed, the directory is free."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    try:
        holder.stdout.readline()
        with (
            pytest.raises(AlreadyRunning, match=rf"metricx demo.*127\.0\.0\.1:8000.*{holder.pid}"),
            data_lock(tmp_path, "up"),
        ):
            pass
    finally:
        holder.kill()
        holder.wait()
    with data_lock(tmp_path, "up"):
        pass


def test_a_kept_port_is_given_up_when_somebody_took_it(tmp_path: Path) -> None:
    """The same one at each start, while it can be had."""
    import socket

    port = kept_port(tmp_path / "port")
    assert kept_port(tmp_path / "port") == port
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)
        assert kept_port(tmp_path / "port") != port


def test_ports_lie_below_those_that_connections_are_given() -> None:
    """Else a client's connection could sit on the port of a server that is being restarted."""
    assert all(port < 32_768 for port in (free_port() for _ in range(20)))
