"""A sandbox in a process of its own, and a plain client that reads everything from it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from sandbox.token import SANDBOX_TOKEN

Json = dict[str, Any]
HOURLY = "hourly_stats_aggregated_by_advertiser_time_zone"
WINDOWS = ("default", "1d_click", "7d_click", "28d_click", "1d_view", "1d_ev")
ROOT = Path(__file__).parents[2]


class Sandbox:
    """A running sandbox: its admin routes, and Meta's as a client sees them."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.http = httpx2.Client(base_url=self.url, timeout=20)

    def tell(self, path: str, **params: str) -> Json:
        """What an admin route answers."""
        response = self.http.get(f"/admin/{path}", params=params)
        assert response.status_code == 200, response.text
        return response.json()

    def order(self, path: str, **order: object) -> Json:
        """What an admin route answers to an order that it accepts."""
        response = self.http.post(f"/admin/{path}", json=order)
        assert response.status_code in (200, 201), response.text
        return response.json()

    def call(self, path: str, **params: str) -> httpx2.Response:
        """One call of the Graph API."""
        params = {"access_token": SANDBOX_TOKEN, **params}
        return self.http.get(f"/meta/v26.0/{path}", params=params)

    def read(self, path: str, **params: str) -> Json:
        """One call that must go well."""
        response = self.call(path, **params)
        assert response.status_code == 200, response.text
        return response.json()

    def rows(self, path: str, **params: str) -> list[Json]:
        """Every row of an edge, page after page."""
        rows, page = list[Json](), self.read(path, **params)
        while True:
            rows += page["data"]
            if "next" not in page.get("paging", {}):
                return rows
            page = self.read(path, **params, after=page["paging"]["cursors"]["after"])

    def insights(self, account_id: str, day: str, level: str, **params: str) -> list[Json]:
        """Every row of one day's insights, by all windows."""
        return self.rows(
            f"act_{account_id}/insights",
            **{
                "level": level,
                "fields": "campaign_id,adset_id,ad_id,spend,impressions,clicks,inline_link_clicks,"
                "actions,action_values",
                "time_range": json.dumps({"since": day, "until": day}),
                "time_increment": "1",
                "action_attribution_windows": json.dumps(WINDOWS),
                "limit": "400",
                **params,
            },
        )


@contextmanager
def running(state: Path, *arguments: str, hash_seed: str = "0") -> Generator[Sandbox]:
    """A sandbox over a state directory, killed at the end as a machine would."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--port", str(port), "--state", str(state), *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    sandbox = Sandbox(port)
    try:
        until = time.monotonic() + 15
        while not _answers(sandbox):
            assert process.poll() is None, process.communicate()[1].decode()
            assert time.monotonic() < until, "the sandbox did not come up"
            time.sleep(0.05)
        yield sandbox
    finally:
        sandbox.http.close()
        process.send_signal(signal.SIGKILL)
        process.communicate()


def _answers(sandbox: Sandbox) -> bool:
    try:
        return sandbox.http.get("/admin/health").status_code == 200
    except httpx2.TransportError:
        return False
