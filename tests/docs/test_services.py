"""The processes of compose.yaml, each with its own environment alone, on real servers."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import make_url

from runtime.embedded.ports import free_port
from runtime.settings import PREFIX
from tests.docs import compose
from tests.servers.pair import Pair

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]


class Services:
    """Our services, with the addresses of a Kafka and a PostgreSQL that are really there."""

    def __init__(self, pair: Pair) -> None:
        self.port = free_port()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._superuser = make_url(pair.postgres.dsn())
        self._kafka = pair.kafka.bootstrap
        self._services = compose.own_services()

    def run(self, name: str) -> "subprocess.Popen[bytes]":
        """Start one as Compose would."""
        self.running[name] = subprocess.Popen(
            [sys.executable, "-m", "runtime", name],
            cwd=compose.PROJECT,
            env=self._environment(self._services[name]["environment"]),
        )
        return self.running[name]

    def stop(self, name: str) -> int:
        """Its exit code, if it ends in the time that it is given."""
        grace = self._services[name]["stop_grace_period"].removesuffix("s")
        self.running[name].send_signal(signal.SIGTERM)
        return self.running[name].wait(float(grace))

    def ask(self, path: str, body: dict[str, Any] | None = None, cookie: str = "") -> Any:
        """The API's answer, and its cookie."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json", "cookie": cookie}
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, data, headers)
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return json.load(answer), (answer.headers["set-cookie"] or "").partition(";")[0]

    def wait_until_ready(self) -> None:
        """As the health check asks."""
        deadline = time.monotonic() + 60
        while True:
            try:
                self.ask("/ready")
                return
            except (OSError, urllib.error.URLError):
                assert time.monotonic() < deadline
                time.sleep(0.2)

    def close(self) -> None:
        """End what still runs."""
        for each in self.running.values():
            each.kill()
            each.wait()

    def _environment(self, named: dict[str, Any]) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return inherited | {name: self._moved(name, str(each)) for name, each in named.items()}

    def _moved(self, name: str, value: str) -> str:
        if name == f"{PREFIX}POSTGRES__SUPERUSER":
            return self._superuser.render_as_string(hide_password=False)
        if name == f"{PREFIX}HTTP__PORT":
            return str(self.port)
        server = f"@{self._superuser.host}:{self._superuser.port}/"
        return value.replace("kafka:9092", self._kafka).replace("@postgres:5432/", server)


@pytest.fixture
def services(own_servers: Callable[[], Pair]) -> Iterator[Services]:
    """On servers of this test's own, since it gives the roles passwords of its own."""
    made = Services(own_servers())
    yield made
    made.close()


def test_an_installation_comes_up_takes_a_sign_up_and_stops(services: Services) -> None:
    """`migrate` first, then all others; each ends in its grace period, as the paper says."""
    assert services.run("migrate").wait(60) == 0
    assert services.run("swap").wait(60) == 0
    for name in ("worker", "poller", "api"):
        services.run(name)
    services.wait_until_ready()

    me, cookie = services.ask(
        "/auth/register", {"email": "ada@example.com", "password": "correct horse"}
    )
    assert me["workspace"]["role"] == "owner"
    dashboard, _ = services.ask("/dashboard/unified", cookie=cookie)
    assert dashboard["state"] == "needs-setup"

    time.sleep(2)
    assert all(services.running[name].poll() is None for name in ("worker", "poller", "api"))
    assert {name: services.stop(name) for name in ("api", "poller", "worker")} == {
        "api": 0,
        "poller": 0,
        "worker": 0,
    }
