"""How much of the machine others used, so that their work is not held against a budget."""

import os
import time
from pathlib import Path

import psutil

from runtime.family import family
from tests.servers.orphans import ROOT

ELBOW_ROOM = 0.15
"""Share of the machine that others may use before times say nothing any more."""

_TICK = os.sysconf("SC_CLK_TCK")


class Others:
    """Measures from its making on; Linux alone tells, elsewhere the share is 0.

    Ours is the whole run below `ROOT`, which also takes in what a test orphans. A run without
    one, pytest by hand, counts the time of processes that it kills with their parent as others'.
    """

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._busy = _busy_seconds()
        self._own = own_seconds()

    def share(self) -> float:
        """Of all cores' time so far, what neither we nor anything below us used."""
        busy = _busy_seconds()
        if busy is None or self._busy is None:
            return 0.0
        capacity = (time.monotonic() - self._began) * (os.cpu_count() or 1)
        theirs = (busy - self._busy) - (own_seconds() - self._own)
        return max(0.0, theirs / max(capacity, 1.0))


def in_words(share: float) -> str:
    """Whether times are held against their budgets, and why."""
    are = "held" if share <= ELBOW_ROOM else "told, not held"
    return f"Others used {share:.0%} of the machine: times are {are}."


def own_seconds() -> float:
    """What the run used so far; a process that ended counts with the one that waited for it."""
    total = 0.0
    for member in family(int(os.environ.get(ROOT, os.getpid()))):
        try:
            used = member.cpu_times()
        except psutil.Error:
            continue  # ended just now
        total += used.user + used.system + used.children_user + used.children_system
    return total


def _busy_seconds() -> float | None:
    try:
        first = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    except OSError:
        return None
    user, nice, system, _idle, _iowait, irq, softirq, steal = (int(n) for n in first[1:9])
    return (user + nice + system + irq + softirq + steal) / _TICK
