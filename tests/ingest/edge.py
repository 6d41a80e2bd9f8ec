"""An HTTP edge without HTTP: visitors come, each is accepted or refused in time."""

import asyncio
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID, uuid4

from ingest.errors import NotAccepted
from ingest.publisher import Publisher
from schemas.sync import SyncRequested
from tests.ingest.asked import asked


@dataclass
class Edge:
    """Visitors that accept one event after the other, each for a workspace of its own."""

    publisher: Publisher
    visitors: int = 4
    pause_seconds: float = 0.02
    accepted: dict[UUID, list[UUID]] = field(default_factory=dict[UUID, list[UUID]])
    refused: list[SyncRequested] = field(default_factory=list[SyncRequested])
    longest_seconds: float = 0
    _visits: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])
    _open: bool = True

    def open(self) -> None:
        """Let visitors in."""
        self._visits = [asyncio.create_task(self._visit()) for _ in range(self.visitors)]

    async def close(self) -> None:
        """Let those inside finish."""
        self._open = False
        await asyncio.gather(*self._visits)

    @property
    def all_accepted(self) -> set[UUID]:
        """The events that were answered with a 2xx."""
        return {event for events in self.accepted.values() for event in events}

    async def _visit(self) -> None:
        workspace = uuid4()
        number = 0
        while self._open:
            event = asked(str(number), workspace)
            number += 1
            began = monotonic()
            try:
                await self.publisher.accept(event)
                self.accepted.setdefault(workspace, []).append(event.event_id)
            except NotAccepted:
                self.refused.append(event)
            self.longest_seconds = max(self.longest_seconds, monotonic() - began)
            await asyncio.sleep(self.pause_seconds)
