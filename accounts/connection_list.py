"""What control tables say of a workspace's connections: tokens' ends and poll work beside each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, and_, case, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.connections import Connection, ConnectionState
from accounts.tables.linked import connections, poll_work
from accounts.tables.vault import tokens

STANDING = ("today", "entities")
"""Reasons of the pieces that are read again and again, from which figures stay fresh."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is still to be read of a connection."""

    backfill_pieces: int  # all of its first read
    backfill_done: int
    due_at: datetime | None  # of the first piece that waits
    retry_at: datetime | None  # of the first that waits since its last attempt failed
    standing_read_at: datetime | None  # the longest ago that a standing piece was read


@dataclass(frozen=True, slots=True)
class Linked:
    """A connection, until when it may be read, and its work."""

    connection: Connection
    consented_until: datetime | None  # None: without end, or it has no token
    token_issued_at: datetime | None
    work: Work


@dataclass(frozen=True, slots=True)
class Pending:
    """A consent of which no account was chosen yet."""

    provider: str
    token_id: UUID
    since: datetime


async def linked_connections(db: AsyncConnection) -> list[Linked]:
    """All of the transaction's workspace, oldest first; disconnected ones, too."""
    rows = await db.execute(_LINKED.order_by(_OWN.created_at, _OWN.connection_id))
    return [_linked(row) for row in rows.mappings()]


async def linked_connection(db: AsyncConnection, connection_id: UUID) -> Linked | None:
    """One of them; None if the transaction's workspace has no such connection."""
    rows = await db.execute(_LINKED.where(_OWN.connection_id == connection_id))
    row = rows.mappings().one_or_none()
    return _linked(row) if row else None


async def pending_consents(db: AsyncConnection) -> list[Pending]:
    """Living tokens that no connection uses, the newest of each provider."""
    used = select(_OWN.token_id).where(_OWN.token_id.is_not(None))
    query = (
        select(tokens.c.provider, tokens.c.token_id, tokens.c.issued_at)
        .ext(distinct_on(tokens.c.provider))
        .where(tokens.c.dead_at.is_(None), tokens.c.token_id.not_in(used))
        .order_by(tokens.c.provider, tokens.c.issued_at.desc(), tokens.c.token_id)
    )
    return [Pending(*row) for row in await db.execute(query)]


_OWN, _WORK = connections.c, poll_work.c
_WAITS = and_(
    _WORK.state == "due", or_(_WORK.lease_until.is_(None), _WORK.lease_until <= func.now())
)
_FAILED = or_(_WORK.done_at.is_(None), _WORK.failed_at > _WORK.done_at)
_of_backfill = _WORK.reason == "backfill"
_work = (
    select(
        _WORK.connection_id,
        func.count().filter(_of_backfill).label("backfill_pieces"),
        func.count().filter(_of_backfill, _WORK.state == "done").label("backfill_done"),
        func.min(_WORK.due_at).filter(_WAITS).label("due_at"),
        func.min(_WORK.due_at)
        .filter(_WAITS, _WORK.failed_at.is_not(None), _FAILED)
        .label("work_retry_at"),
        func.min(_WORK.done_at)
        .filter(_WORK.state == "done", _WORK.reason.in_(STANDING))
        .label("standing_read_at"),
    )
    .group_by(_WORK.connection_id)
    .subquery()
)
# An access token that can be renewed ends without anybody noticing; what renews it does not.
_CONSENTED_UNTIL = case(
    (tokens.c.refresh_token.is_not(None), tokens.c.refresh_expires_at), else_=tokens.c.expires_at
)
_LINKED = select(
    *connections.c,
    _CONSENTED_UNTIL.label("consented_until"),
    tokens.c.issued_at.label("token_issued_at"),
    func.coalesce(_work.c.backfill_pieces, 0).label("backfill_pieces"),
    func.coalesce(_work.c.backfill_done, 0).label("backfill_done"),
    *(_work.c.due_at, _work.c.work_retry_at, _work.c.standing_read_at),
).select_from(
    connections.join(tokens, _OWN.token_id == tokens.c.token_id, isouter=True).join(
        _work, _OWN.connection_id == _work.c.connection_id, isouter=True
    )
)


def _linked(row: RowMapping) -> Linked:
    own: dict[str, Any] = {column.name: row[column.name] for column in connections.c}
    own["state"] = ConnectionState(own["state"])
    return Linked(
        Connection(**own),
        row["consented_until"],
        row["token_issued_at"],
        Work(
            row["backfill_pieces"],
            row["backfill_done"],
            row["due_at"],
            row["work_retry_at"],
            row["standing_read_at"],
        ),
    )
