"""The sandbox's clock: the machine's, shifted, or held still."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.journal import Journal


@dataclass(frozen=True, slots=True)
class Held:
    """Time stands still at an instant."""

    at: int  # unix seconds


@dataclass(frozen=True, slots=True)
class Running:
    """Time passes as the machine's does, shifted by whole seconds."""

    offset_seconds: int


class Clock:
    """Virtual now in whole unix seconds; what was set outlives a restart."""

    def __init__(self, journal: Journal, machine: Callable[[], float] = time.time) -> None:
        self._journal = journal
        self._machine = machine
        self._state: Held | Running = Running(0)
        for record in journal.records("clock"):
            held = record.get("held_at")
            self._state = Held(held) if held is not None else Running(record["offset_seconds"])

    def now(self) -> int:
        """The instant that every figure is as of."""
        match self._state:
            case Held(at):
                return at
            case Running(offset):
                return int(self._machine()) + offset

    @property
    def held(self) -> bool:
        """Whether time stands still."""
        return isinstance(self._state, Held)

    @property
    def offset_seconds(self) -> int:
        """How far virtual now is ahead of the machine's time."""
        return self.now() - int(self._machine())

    def hold(self, at: int | None) -> None:
        """Stand still at an instant, or at now."""
        held_at = self.now() if at is None else at
        self._journal.append({"kind": "clock", "held_at": held_at})
        self._state = Held(held_at)

    def go(self, at: int | None) -> None:
        """Run on from an instant, or with the machine's time."""
        offset = 0 if at is None else at - int(self._machine())
        self._journal.append({"kind": "clock", "offset_seconds": offset})
        self._state = Running(offset)
