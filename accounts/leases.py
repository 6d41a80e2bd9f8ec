"""Leases: a piece of poll work in one poller's hands, for a while.

A lease that ran out is free to be taken; whoever held it learns so by LeaseLost, for each lease
has an id of its own. Only the row is guarded: what a late poller published is a duplicate.
"""

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal, select, update
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.connections import (
    Connection,
    ConnectionState,
    connection_of,
    mark_failing,
    mark_working,
)
from accounts.database import enter_workspace, transaction
from accounts.errors import LeaseLost
from accounts.tables.linked import poll_work
from accounts.tables.lookups import take_poll_work

FIRST_BACKOFF, LONGEST_BACKOFF = timedelta(seconds=5), timedelta(minutes=15)

_LONGEST_ERROR = 500

_FREE: dict[str, Any] = {
    "lease_id": None,
    "lease_owner": None,
    "lease_until": None,
    "again_at": None,
}


@dataclass(frozen=True, slots=True)
class Lease:
    """One piece in one poller's hands, with the connection it is read by."""

    lease_id: UUID
    connection: Connection
    piece: str
    kind: str
    reason: str
    day_from: date | None
    day_to: date | None
    attempts: int  # this one included, since it last went well
    lease_until: datetime


async def take(
    control: AsyncEngine,
    owner: str,
    *,
    lease_seconds: float,
    providers: Collection[str] = ("meta",),
    per_connection: int = 4,
) -> Lease | None:
    """The most urgent due piece of any workspace, leased to `owner`; None if nothing is due.

    No connection has more than `per_connection` pieces under way, give or take one when two
    pollers ask at the same instant.
    """
    span = timedelta(seconds=lease_seconds)
    async with transaction(control) as db:
        query = select(take_poll_work(owner, span, sorted(providers), per_connection))
        taken = (await db.execute(query)).mappings().one_or_none()
        if taken is None:
            return None
        await enter_workspace(db, taken["workspace_id"])
        return await _lease(db, taken["lease_id"], taken["connection_id"])


async def renew(control: AsyncEngine, lease: Lease, *, lease_seconds: float) -> None:
    """The lease runs from now. LeaseLost if it is no longer ours."""
    until = func.clock_timestamp() + _interval(timedelta(seconds=lease_seconds))
    async with _transaction(control, lease) as db:
        await _write(db, lease, lease_until=until)


async def done(control: AsyncEngine, lease: Lease, *, cursor: Any) -> None:
    """Read whole, and all of it acknowledged by Kafka. Due again if it was asked for meanwhile.

    A connection that was failing when the piece was taken works again; one that has failed since
    does not, for its token may have died behind this read.
    """
    again_at = poll_work.c.again_at
    async with _transaction(control, lease) as db:
        await _write(
            db,
            lease,
            cursor=cursor,
            state=case((again_at.is_(None), "done"), else_="due"),
            due_at=func.coalesce(again_at, poll_work.c.due_at),
            done_at=func.now(),
            attempts=0,
            last_error=None,
            **_FREE,
        )
        if lease.connection.state is ConnectionState.FAILING:
            await mark_working(db, lease.connection.connection_id)


async def postpone(control: AsyncEngine, lease: Lease, *, due_at: datetime, error: str) -> None:
    """Put back until a known time, e.g. the end of a throttle; its cursor is kept."""
    async with _transaction(control, lease) as db:
        await _put_back(db, lease, literal(due_at, poll_work.c.due_at.type), error)


async def fail(control: AsyncEngine, lease: Lease, *, error: str) -> datetime:
    """Put back for twice as long at each attempt, up to a quarter of an hour; cursor kept.

    Returns when it is due again.
    """
    async with _transaction(control, lease) as db:
        return await _fail(db, lease, error)


async def fail_connection(
    control: AsyncEngine, lease: Lease, *, error: str, next_step: str | None
) -> datetime:
    """Put the piece back and mark its connection as failing: no other piece would go better.

    Returns when the next piece of the connection may be taken, which then is its only one.
    """
    async with _transaction(control, lease) as db:
        due_at = await _fail(db, lease, error)
        retry_at = await mark_failing(
            db, lease.connection.connection_id, reason=error[:_LONGEST_ERROR], next_step=next_step
        )
        return max(due_at, retry_at or due_at)


def backoff(attempts: int) -> timedelta:
    """How long to wait after this many attempts, the failed one included."""
    doublings = min(attempts - 1, 30)
    return min(FIRST_BACKOFF * 2**doublings, LONGEST_BACKOFF)


async def _fail(db: AsyncConnection, lease: Lease, error: str) -> datetime:
    return await _put_back(db, lease, func.now() + _interval(backoff(lease.attempts)), error)


async def _put_back(
    db: AsyncConnection, lease: Lease, due_at: ColumnElement[Any], error: str
) -> datetime:
    return await _write(
        db,
        lease,
        due_at=due_at,
        failed_at=func.now(),
        last_error=error[:_LONGEST_ERROR],
        **_FREE,
    )


async def _lease(db: AsyncConnection, lease_id: UUID, connection_id: UUID) -> Lease | None:
    held = poll_work.c
    query = select(
        held.lease_id,
        held.piece,
        held.kind,
        held.reason,
        held.day_from,
        held.day_to,
        held.attempts,
        held.lease_until,
    ).where(held.lease_id == lease_id)
    row = (await db.execute(query)).mappings().one()
    connection = await connection_of(db, connection_id)
    return Lease(connection=connection, **row) if connection else None


def _transaction(
    control: AsyncEngine, lease: Lease
) -> AbstractAsyncContextManager[AsyncConnection]:
    return transaction(control, workspace_id=lease.connection.workspace_id)


async def _write(db: AsyncConnection, lease: Lease, **values: Any) -> datetime:
    """When the piece is due afterwards; LeaseLost, and nothing written, if it is not ours."""
    ours = update(poll_work).where(
        poll_work.c.connection_id == lease.connection.connection_id,
        poll_work.c.piece == lease.piece,
        poll_work.c.lease_id == lease.lease_id,
    )
    written = await db.execute(ours.values(**values).returning(poll_work.c.due_at))
    if (due_at := written.scalar_one_or_none()) is None:
        raise LeaseLost(f"{lease.piece} of {lease.connection.connection_id}")
    return due_at


def _interval(span: timedelta) -> ColumnElement[Any]:
    return literal(span, INTERVAL)
