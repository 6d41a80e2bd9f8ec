"""`metricx api` in a process of its own, with the settings of a test."""

import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil

from readmodels.roles import LOGINS
from runtime.embedded.ports import free_port
from runtime.settings import variable
from tests.servers.databases import Database

_PROJECT = Path(__file__).parents[2]
_JSON = {"content-type": "application/json"}


@dataclass
class ApiProcess:
    """The process, where it listens, and the file to which it logs."""

    url: str
    process: psutil.Process
    log: Path

    def client(self, **headers: str) -> httpx2.AsyncClient:
        """As many connections as anybody asks for."""
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
        return httpx2.AsyncClient(
            base_url=self.url, timeout=60, headers={**_JSON, **headers}, limits=limits
        )


@contextmanager
def api_process(database: Database, data: Path, **settings: str) -> Generator[ApiProcess]:
    """Started and answering; killed at the end. `settings` by their path, `.` as `__`."""
    port = free_port()
    environment = {
        **os.environ,
        variable("data_dir"): str(data),
        variable("http.port"): str(port),
        **{variable(f"postgres.{role}"): getattr(database, role) for role in LOGINS},
        **{variable(name.replace("__", ".")): value for name, value in settings.items()},
    }
    log = data / "api.log"
    with log.open("wb") as output:
        started = subprocess.Popen(
            [sys.executable, "-m", "runtime", "api"],
            cwd=_PROJECT,
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        found = ApiProcess(f"http://127.0.0.1:{port}", psutil.Process(started.pid), log)
        deadline = time.monotonic() + 30
        while not _answers(found.url):
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield found
    finally:
        started.kill()
        started.wait()


def _answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/ready", timeout=1, trust_env=False).is_success
    except httpx2.HTTPError:
        return False
