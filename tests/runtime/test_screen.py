"""The terminal, and who reads along."""

import subprocess
import sys
from pathlib import Path

_PROJECT = Path(__file__).parents[2]

_PRINTS = """
import sys
from runtime.screen import console
out = console()
out.print("first")
sys.stdin.readline()
out.print("second")
out.print("third")
print("went on", file=sys.stderr)
"""


def test_whoever_stops_reading_ends_no_command() -> None:
    """As in `metricx up | head`; it is said once, where somebody may still read."""
    command = subprocess.Popen(
        [sys.executable, "-c", _PRINTS],
        cwd=_PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert command.stdout is not None
    assert command.stdin is not None
    assert command.stderr is not None
    assert command.stdout.readline() == "first\n"
    command.stdout.close()
    command.stdin.write("go on\n")
    command.stdin.close()
    told = command.stderr.read().splitlines()
    assert command.wait(10) == 0
    assert told == ["metricx: nobody reads this output; the rest of it is left out.", "went on"]
