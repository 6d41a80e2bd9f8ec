"""Connections: an ad account that a workspace has linked, and what pollers may know of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import RowMapping, case, func, literal, select, update
from sqlalchemy.dialects.postgresql import INTERVAL, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.database import transaction
from accounts.tables.linked import connections
from accounts.tables.lookups import pollable_connections

SHORTEST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=1)

_FAILS_NOT: dict[str, Any] = dict.fromkeys(("reason", "next_step", "failing_since", "retry_at"))


class ConnectionState(StrEnum):
    """Whether pollers serve it; how fresh it is, the read models say."""

    ACTIVE = "active"
    PAUSED = "paused"
    FAILING = "failing"  # the platform refuses its token; tried again from time to time
    DISCONNECTED = "disconnected"  # history is kept


@dataclass(frozen=True, slots=True)
class Connection:
    """A linked account; `zone` and `currency` are None until the platform has said them.

    `reason` and the three after it say why it fails, what a person can do (None: nothing), since
    when, and when its next piece may be taken; all are None in any other state. `token_id` is the
    consent that it is read by, None once it is disconnected.
    """

    workspace_id: UUID
    connection_id: UUID
    provider: str
    account_id: str
    label: str
    state: ConnectionState
    zone: str | None
    currency: str | None
    created_at: datetime
    reason: str | None
    next_step: str | None
    failing_since: datetime | None
    retry_at: datetime | None
    token_id: UUID | None
    disconnected_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pollable:
    """A connection as the scheduler sees it, of any workspace."""

    workspace_id: UUID
    connection_id: UUID
    provider: str
    account_id: str
    zone: str | None
    currency: str | None
    is_demo: bool
    created_at: datetime


async def pollable(control: AsyncEngine) -> list[Pollable]:
    """All active and failing connections of all workspaces, oldest first."""
    found = pollable_connections()
    async with transaction(control) as db:
        rows = await db.execute(select(found).order_by(found.c.created_at, found.c.connection_id))
        return [Pollable(**row) for row in rows.mappings()]


async def connection_of(db: AsyncConnection, connection_id: UUID) -> Connection | None:
    """A connection; None if the transaction's workspace has no such connection."""
    query = select(connections).where(connections.c.connection_id == connection_id)
    row = (await db.execute(query)).mappings().one_or_none()
    return _connection(row) if row else None


async def connect(
    db: AsyncConnection,
    workspace_id: UUID,
    *,
    provider: str,
    account_id: str,
    label: str,
    zone: str | None = None,
    currency: str | None = None,
    connection_id: UUID | None = None,
    token_id: UUID | None = None,
) -> UUID:
    """The id of the workspace's connection to this account, made if there is none.

    One that is there keeps its state and its token: see `read_by`.
    """
    await db.execute(
        insert(connections)
        .values(
            workspace_id=workspace_id,
            connection_id=connection_id or uuid4(),
            provider=provider,
            account_id=account_id,
            label=label,
            state=ConnectionState.ACTIVE.value,
            zone=zone,
            currency=currency,
            token_id=token_id,
        )
        .on_conflict_do_nothing(index_elements=["workspace_id", "provider", "account_id"])
    )
    query = select(connections.c.connection_id).where(
        connections.c.provider == provider, connections.c.account_id == account_id
    )
    return (await db.execute(query)).scalar_one()


async def read_by(
    db: AsyncConnection,
    connection_id: UUID,
    token_id: UUID,
    *,
    zone: str | None = None,
    currency: str | None = None,
) -> UUID | None:
    """It is read by this token from now on, whatever it failed by; the token before, if another.

    One that was disconnected is taken up again with its history; one that is paused stays so.
    """
    own = connections.c.connection_id == connection_id
    before = await db.scalar(select(connections.c.token_id).where(own).with_for_update())
    paused = ConnectionState.PAUSED.value
    await db.execute(
        update(connections)
        .where(own)
        .values(
            token_id=token_id,
            state=case((connections.c.state == paused, paused), else_=ConnectionState.ACTIVE.value),
            zone=func.coalesce(zone, connections.c.zone),
            currency=func.coalesce(currency, connections.c.currency),
            disconnected_at=None,
            **_FAILS_NOT,
        )
    )
    return before if before != token_id else None


async def disconnect(db: AsyncConnection, connection_id: UUID) -> Connection | None:
    """The connection as it was until now; None if there is none, or it was disconnected before.

    What was read of it stays. What is under way of it ends by itself, and nothing is taken again.
    """
    own = connections.c.connection_id == connection_id
    locked = (await db.execute(select(connections).where(own).with_for_update())).mappings()
    if (row := locked.one_or_none()) is None:
        return None
    before = _connection(row)
    if before.state is ConnectionState.DISCONNECTED:
        return None
    await db.execute(
        update(connections)
        .where(own)
        .values(
            state=ConnectionState.DISCONNECTED.value,
            token_id=None,
            disconnected_at=func.now(),
            **_FAILS_NOT,
        )
    )
    return before


async def linked_to(db: AsyncConnection, provider: str) -> dict[str, UUID]:
    """Connections by the account that they read; those that were disconnected are left out."""
    query = select(connections.c.account_id, connections.c.connection_id).where(
        connections.c.provider == provider,
        connections.c.state != ConnectionState.DISCONNECTED.value,
    )
    return {row.account_id: row.connection_id for row in await db.execute(query)}


async def learn(
    control: AsyncEngine,
    workspace_id: UUID,
    connection_id: UUID,
    *,
    zone: str | None,
    currency: str | None,
) -> None:
    """What the platform says of the account; None leaves what is known."""
    async with transaction(control, workspace_id=workspace_id) as db:
        await db.execute(
            update(connections)
            .where(connections.c.connection_id == connection_id)
            .values(
                zone=func.coalesce(zone, connections.c.zone),
                currency=func.coalesce(currency, connections.c.currency),
            )
        )


async def mark_failing(
    db: AsyncConnection, connection_id: UUID, *, reason: str, next_step: str | None
) -> datetime | None:
    """It fails as a whole; when it may be tried again, or None if it is paused or disconnected.

    The pause is as long as it has been failing, a minute at least and an hour at most: so it
    doubles from one try to the next.
    """
    since = func.coalesce(connections.c.failing_since, func.now())
    pause = func.least(
        func.greatest(func.now() - since, literal(SHORTEST_RETRY, INTERVAL)),
        literal(LONGEST_RETRY, INTERVAL),
    )
    failing = (
        update(connections)
        .where(
            connections.c.connection_id == connection_id,
            connections.c.state.in_((ConnectionState.ACTIVE.value, ConnectionState.FAILING.value)),
        )
        .values(
            state=ConnectionState.FAILING.value,
            reason=reason,
            next_step=next_step,
            failing_since=since,
            retry_at=func.now() + pause,
        )
        .returning(connections.c.retry_at)
    )
    return (await db.execute(failing)).scalar_one_or_none()


async def mark_working(db: AsyncConnection, connection_id: UUID) -> None:
    """It fails no longer: all its due pieces may be taken. Any other state stays."""
    await db.execute(
        update(connections)
        .where(
            connections.c.connection_id == connection_id,
            connections.c.state == ConnectionState.FAILING.value,
        )
        .values(state=ConnectionState.ACTIVE.value, **_FAILS_NOT)
    )


def _connection(row: RowMapping) -> Connection:
    values: dict[str, Any] = {**row, "state": ConnectionState(row["state"])}
    return Connection(**values)
