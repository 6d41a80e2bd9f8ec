"""What every engine is timed by: from its first record to the commit that covers the last one."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

PATIENCE_SECONDS = 240.0
POLL_SECONDS = 0.02


@dataclass
class Race:
    """One run of an engine over a preloaded topic."""

    records: int
    seconds: float
    totals: Mapping[str, object]
    track: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]])

    @property
    def per_second(self) -> float:
        """Records per second over the whole run."""
        return self.records / self.seconds

    @property
    def warm_per_second(self) -> float:
        """Records per second over the second half, when compilers and caches are warm."""
        half = next(((at, done) for at, done in self.track if done >= self.records / 2), None)
        end = self.track[-1]
        if half is None or half[0] >= end[0]:
            return self.per_second
        return (end[1] - half[1]) / (end[0] - half[0])


async def until_committed(
    records: int, position: Callable[[], Awaitable[int]], alive: Callable[[], bool]
) -> list[tuple[float, int]]:
    """Watch the committed position until it covers all records; (epoch seconds, position)."""
    track: list[tuple[float, int]] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        done = await position()
        track.append((time.time(), done))
        if done >= records:
            return track
        if not alive() or time.monotonic() > deadline:
            raise RuntimeError(f"stopped at {done} of {records} records")
        await asyncio.sleep(POLL_SECONDS)
