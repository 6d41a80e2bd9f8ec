"""Orphans a process that uses a second of the machine; says what the run used meanwhile."""

import subprocess
import sys
import time

import psutil

from tests.servers.machine import own_seconds

BURNS = "import time\nwhile time.process_time() < 1.0: pass"
_HAS_A_CHILD = """
import subprocess, sys
print(subprocess.Popen([sys.executable, "-c", sys.argv[1]]).pid, flush=True)
sys.stdin.read()
"""


def main() -> None:
    """Kill the parent at once, wait for the end of the child."""
    before = own_seconds()
    parent = subprocess.Popen(
        [sys.executable, "-c", _HAS_A_CHILD, BURNS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    orphan = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    while psutil.pid_exists(orphan):
        time.sleep(0.05)
    print(own_seconds() - before)


if __name__ == "__main__":
    main()
