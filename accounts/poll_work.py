"""Poll work: what is still to be read from a platform, one row a piece.

A piece is due, then leased to one poller (`leases.py`), then done or due again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.database import transaction
from accounts.tables.linked import poll_work


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to read: a kind of figures over a span of days, or entities."""

    piece: str  # unique in its connection, e.g. "hours/2026-11-01/2026-11-07"
    kind: str
    reason: str  # "backfill", "today", "restate", "asked", …
    day_from: date | None = None
    day_to: date | None = None  # inclusive
    due_at: datetime | None = None  # None: now
    priority: int = 0  # the higher is taken first


@dataclass(frozen=True, slots=True)
class PieceState:
    """A piece as the scheduler and the progress display see it."""

    piece: str
    kind: str
    reason: str
    day_from: date | None
    day_to: date | None
    state: str  # "due" or "done"; a leased piece is due
    priority: int
    due_at: datetime
    lease_until: datetime | None
    attempts: int
    cursor: Any
    done_at: datetime | None  # when it last went well
    failed_at: datetime | None
    last_error: str | None


async def enqueue(
    control: AsyncEngine, workspace_id: UUID, connection_id: UUID, pieces: Sequence[Piece]
) -> None:
    """These pieces are due when they say so; known ones are armed again, their cursor kept.

    A piece that waits keeps the earlier time and the higher priority. One that is leased stays
    with its poller and is due again after it: what is asked for now comes after what it reads.
    """
    if not pieces:
        return
    rows = insert(poll_work).values(
        [
            {
                "workspace_id": workspace_id,
                "connection_id": connection_id,
                "piece": piece.piece,
                "kind": piece.kind,
                "day_from": piece.day_from,
                "day_to": piece.day_to,
                "reason": piece.reason,
                "priority": piece.priority,
                "due_at": piece.due_at or func.now(),
            }
            for piece in sorted(pieces, key=lambda piece: piece.piece)
        ]
    )
    old, new = poll_work.c, rows.excluded
    armed = rows.on_conflict_do_update(
        index_elements=["workspace_id", "connection_id", "piece"],
        set_={
            **_armed(new.due_at),
            "kind": new.kind,
            "reason": new.reason,
            "day_from": new.day_from,
            "day_to": new.day_to,
            "priority": case(
                (_WAITS, func.greatest(old.priority, new.priority)), else_=new.priority
            ),
        },
    )
    async with transaction(control, workspace_id=workspace_id) as db:
        await db.execute(armed)


async def arm(
    db: AsyncConnection,
    connection_id: UUID,
    reasons: Collection[str],
    *,
    but: Collection[str] = (),
) -> None:
    """Its known pieces of these reasons are due now, as by `enqueue`, save those in `but`."""
    await db.execute(
        update(poll_work)
        .where(
            poll_work.c.connection_id == connection_id,
            poll_work.c.reason.in_(sorted(reasons)),
            poll_work.c.piece.not_in(sorted(but)),
        )
        .values(_armed(func.now()))
    )


async def pieces_of(db: AsyncConnection, connection_id: UUID) -> list[PieceState]:
    """All pieces of a connection of the transaction's workspace, by name."""
    columns = [poll_work.c[field.name] for field in fields(PieceState)]
    query = select(*columns).where(poll_work.c.connection_id == connection_id)
    rows = await db.execute(query.order_by(poll_work.c.piece))
    return [PieceState(**row) for row in rows.mappings()]


async def free(db: AsyncConnection, connection_id: UUID) -> None:
    """What waits after a failure is due at once: what it failed by was mended."""
    await db.execute(
        update(poll_work)
        .where(
            poll_work.c.connection_id == connection_id,
            poll_work.c.state == "due",
            poll_work.c.lease_id.is_(None),
            poll_work.c.attempts > 0,
        )
        .values(due_at=func.now(), attempts=0)
    )


async def forget(
    control: AsyncEngine, workspace_id: UUID, connection_id: UUID, pieces: Collection[str]
) -> None:
    """Remove these pieces, but none that is leased."""
    async with transaction(control, workspace_id=workspace_id) as db:
        await db.execute(
            delete(poll_work).where(
                poll_work.c.connection_id == connection_id,
                poll_work.c.piece.in_(sorted(pieces)),
                poll_work.c.lease_id.is_(None),
            )
        )


_LEASED = poll_work.c.lease_id.is_not(None)
_WAITS = (poll_work.c.state == "due") & ~_LEASED


def _armed(due_at: ColumnElement[datetime]) -> dict[str, Any]:
    """What becomes of a known piece that is asked for at this time."""
    old = poll_work.c
    return {
        "state": "due",
        "due_at": case(
            (_LEASED, old.due_at), (_WAITS, func.least(old.due_at, due_at)), else_=due_at
        ),
        "again_at": case((_LEASED, func.least(old.again_at, due_at))),
    }
