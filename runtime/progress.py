"""How the live projections get on: how far, how fast, and what of it needs somebody."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from runtime.positions import Ends, Position, Reach

PATIENCE_SECONDS = 5.0
"""A partition with events to pass that has passed none for so long stands still."""

FRESH_DEAD_HOURS = 24
"""Dead letters stay for ever; those of the last day are news."""

_LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Progress:
    """What was seen of the live versions."""

    ends: Ends
    positions: Sequence[Position]
    still: Sequence[Position]  # with events to pass, and passing none
    fresh_dead: Mapping[str, int]  # by projection
    shown: Mapping[str, int]  # the version that readers see

    def sums(self) -> dict[tuple[str, str], list[int]]:
        """Events passed, behind and refused, by projection and topic."""
        sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        for at in self.positions:
            moved = (at.next_offset, at.behind(self.ends), at.dead)
            for index, count in enumerate(moved):
                sums[f"{at.projection} v{at.version}", at.topic.value][index] += count
        return dict(sums)

    def amiss(self) -> list[str]:
        """A line for each thing that somebody should look at, with what to look at."""
        return [*self._standing_still(), *self._refused(), *self._not_shown()]

    def _standing_still(self) -> list[str]:
        behind: defaultdict[str, int] = defaultdict(int)
        for at in self.still:
            behind[at.projection] += at.behind(self.ends)
        return [
            f"{projection} stands still, {events:,} events behind. Does a worker run? Its log says"
            " what it waits for."
            for projection, events in behind.items()
        ]

    def _refused(self) -> list[str]:
        return [
            f"{projection} refused {count:,} events in the last {FRESH_DEAD_HOURS} hours;"
            " processing.dead_letter says why."
            for projection, count in self.fresh_dead.items()
        ]

    def _not_shown(self) -> list[str]:
        live = {at.projection: at.version for at in self.positions}
        return [
            f"Readers see {projection} v{shown}, which stands still; workers fill"
            f" v{live[projection]}, which `metricx up` and `metricx swap` show when it is level."
            for projection, shown in self.shown.items()
            if live.get(projection, shown) != shown
        ]


async def look(reach: Reach, patience_seconds: float = PATIENCE_SECONDS) -> Progress:
    """What is to be seen now; takes `patience_seconds` if a partition does not move."""
    ends = await reach.ends()
    first = await reach.positions()
    still = [at for at in first if at.behind(ends)]
    waited, now = 0.0, first
    while still and waited < patience_seconds:
        await asyncio.sleep(_LOOK_SECONDS)
        waited += _LOOK_SECONDS
        now = await reach.positions()
        still = [at for at in still if at in now]
    since = datetime.now(UTC) - timedelta(hours=FRESH_DEAD_HOURS)
    return Progress(ends, now, still, await reach.dead_since(since), await reach.shown())
