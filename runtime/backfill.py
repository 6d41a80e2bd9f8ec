"""How far the first read of a connection has come, down to the rows that it becomes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import transaction
from accounts.poll_work import PieceState, pieces_of
from runtime.positions import Ends, Reach

_FILLS = {"backfill", "gap"}


@dataclass(frozen=True)
class Filled:
    """What is read, what is written, and what is under way."""

    pieces_done: int
    pieces: int
    reading: tuple[date, date] | None  # the days of one piece that is leased now
    today_is_read: bool  # since this start
    events: int  # passed by the projection that is furthest
    events_behind: int  # not passed by one of them

    @property
    def is_done(self) -> bool:
        """All that was missing is read, and every event of it has become rows."""
        all_read = 0 < self.pieces == self.pieces_done
        return all_read and self.today_is_read and self.events_behind == 0


class Backfill:
    """Measures one connection since the start of the processes."""

    def __init__(
        self,
        control: AsyncEngine,
        reach: Reach,
        *,
        workspace_id: UUID,
        connection_id: UUID,
        since: datetime,
    ) -> None:
        self._control = control
        self._reach = reach
        self._workspace_id, self._connection_id = workspace_id, connection_id
        self._since = since
        self._goal: Ends | None = None

    async def filled(self) -> Filled:
        """As it is now."""
        async with transaction(self._control, workspace_id=self._workspace_id) as db:
            pieces = await pieces_of(db, self._connection_id)
        fills = [piece for piece in pieces if piece.reason in _FILLS]
        done = sum(piece.state == "done" for piece in fills)
        today_is_read = self._is_read(piece for piece in pieces if piece.reason == "today")
        events, behind = await self._written(all_is_read=today_is_read and done == len(fills))
        return Filled(
            pieces_done=done,
            pieces=len(fills),
            reading=_days_of(fills),
            today_is_read=today_is_read,
            events=events,
            events_behind=behind,
        )

    def _is_read(self, pieces: Iterable[PieceState]) -> bool:
        ends = [piece.done_at for piece in pieces]
        return bool(ends) and all(end is not None and end > self._since for end in ends)

    async def _written(self, *, all_is_read: bool) -> tuple[int, int]:
        """Events passed, and how many are not; once all is read, the goal stands still.

        Today is read again all the time, so that Kafka's end would be reached only by chance.
        """
        ends = self._goal or await self._reach.ends()
        if all_is_read and self._goal is None:
            self._goal = ends
        furthest: dict[tuple[str, int], int] = {}
        behind: dict[tuple[str, int], int] = {}
        for position in await self._reach.positions():
            partition = (position.topic.value, position.partition)
            furthest[partition] = max(furthest.get(partition, 0), position.next_offset)
            behind[partition] = max(behind.get(partition, 0), position.behind(ends))
        return sum(furthest.values()), sum(behind.values())


def _days_of(pieces: list[PieceState]) -> tuple[date, date] | None:
    """The earliest of the days that are being read."""
    days = [
        (piece.day_from, piece.day_to)
        for piece in pieces
        if piece.lease_until is not None and piece.day_from and piece.day_to
    ]
    return min(days, default=None)
