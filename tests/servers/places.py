"""Where a test run keeps its data: `.metricx-test/run-<pid>`, gone when the run is over."""

import atexit
import os
import shutil
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[2] / ".metricx-test"


@cache
def run_directory() -> Path:
    """This run's own directory; those of runs that were killed are cleared away."""
    _ROOT.mkdir(exist_ok=True)
    for left in _ROOT.glob("run-*"):
        if not _is_alive(int(left.name.removeprefix("run-"))):
            shutil.rmtree(left, ignore_errors=True)
    mine = _ROOT / f"run-{os.getpid()}"
    mine.mkdir(exist_ok=True)
    atexit.register(shutil.rmtree, mine, ignore_errors=True)
    return mine


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
