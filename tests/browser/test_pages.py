"""A real browser logs in, sees true totals, sees them move, and outlives an API restart."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.embedded.node import node_environment, npm
from tests.servers.demo import RunningDemo

_PROJECT = Path(__file__).parents[2]


@pytest.mark.browser
@pytest.mark.timeout(400)
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
