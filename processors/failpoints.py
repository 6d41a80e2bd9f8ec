"""Named places in the way of a chunk at which a test may kill the worker."""

import os
import signal
from collections import Counter
from typing import Literal

Place = Literal["before_tx", "after_rows", "after_offset", "after_commit", "in_ack"]
PLACES: tuple[Place, ...] = ("before_tx", "after_rows", "after_offset", "after_commit", "in_ack")

_passed: Counter[str] = Counter()
_armed: dict[str, int] = {}


def arm(setting: str | None) -> None:
    """Kill this process with SIGKILL when it passes a place: `"after_rows:3"` the third time.

    None or empty arms nothing. No setting and no command arms one: tests call this themselves.
    """
    _armed.clear()
    _passed.clear()
    if setting:
        place, _, nth = setting.partition(":")
        if place not in PLACES:
            raise ValueError(f"no fail-point {place!r}; there are {', '.join(PLACES)}")
        _armed[place] = int(nth or 1)


def pass_by(place: Place) -> None:
    """Die here if this is the time that was asked for."""
    if not _armed:
        return
    _passed[place] += 1
    if _armed.get(place) == _passed[place]:
        os.kill(os.getpid(), signal.SIGKILL)
