"""Takes in processes whose parent was killed, so that the time they used is not lost.

The kernel adds an ended process's time to that of whoever waits for it. When a test kills a
supervisor, its Kafka would be waited for by init, and its time would look like somebody else's.
`python -m tests.servers.orphans -m MODULE …` runs a module below such a process.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from runtime.launch import die_with_parent

ROOT = "METRICX_TEST_ROOT"
"""The variable that names the process below which the whole run lies."""

_PR_SET_CHILD_SUBREAPER = 36


def run(command: Sequence[str]) -> int:
    """Run a command, wait for all that is orphaned below it too; the command's exit code."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    child = subprocess.Popen(
        command,
        env={**os.environ, ROOT: str(os.getpid())},
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the command, which obeys it
    while True:
        ended, status = os.wait()
        if ended == child.pid:
            return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(run([sys.executable, *sys.argv[1:]]))
