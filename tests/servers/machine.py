"""How much of the machine others used, so that their work is not held against a budget."""

import os
import time
from pathlib import Path

ELBOW_ROOM = 0.15
"""Share of the machine that others may use before times say nothing any more."""

_TICK = os.sysconf("SC_CLK_TCK")


class Others:
    """Measures from its making on; Linux alone tells, elsewhere the share is 0."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._busy = _busy_seconds()
        self._own = _own_seconds()

    def share(self) -> float:
        """Of all cores' time so far, what neither we nor our ended children used."""
        busy = _busy_seconds()
        if busy is None or self._busy is None:
            return 0.0
        capacity = (time.monotonic() - self._began) * (os.cpu_count() or 1)
        theirs = (busy - self._busy) - (_own_seconds() - self._own)
        return max(0.0, theirs / max(capacity, 1.0))


def _busy_seconds() -> float | None:
    try:
        first = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    except OSError:
        return None
    user, nice, system, _idle, _iowait, irq, softirq, steal = (int(n) for n in first[1:9])
    return (user + nice + system + irq + softirq + steal) / _TICK


def _own_seconds() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
