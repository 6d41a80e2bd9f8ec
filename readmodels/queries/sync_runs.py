"""How the pollers' last attempts at each connection ended."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import lateral, literal_column, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.tables.linked import connections
from readmodels.semantic.views import sync_run


class LastRun(Struct, frozen=True):
    """The last attempt at any piece of a connection."""

    connection_id: UUID
    finished_at: datetime
    outcome: str  # "ok", "throttled" or "failed"
    rows: int
    events: int


class Throttle(Struct, frozen=True):
    """A piece that the platform has put off."""

    connection_id: UUID
    piece: str
    until: datetime


async def last_runs(db: AsyncConnection) -> dict[UUID, LastRun]:
    """By connection; one that no poller has tried has none."""
    found = [LastRun(*row) for row in await db.execute(_LAST)]
    return {each.connection_id: each for each in found}


async def throttles(db: AsyncConnection, now: datetime) -> list[Throttle]:
    """What is put off beyond `now`; not what was tried again before its time, however it ended."""
    query = _THROTTLED.where(_RUN.retry_at > now).order_by(_RUN.connection_id, _RUN.piece)
    return [Throttle(*row) for row in await db.execute(query)]


_RUN = sync_run.c
# Plans are made once, for whatever is bound: constants are spelled out, or no index would serve.
# One look into the index for each connection, however many runs there are.
_newest = lateral(
    select(_RUN.finished_at, _RUN.outcome, _RUN.rows, _RUN.events)
    .where(_RUN.connection_id == connections.c.connection_id)
    .order_by(_RUN.finished_at.desc(), _RUN.run_id.desc())
    .limit(literal_column("1"))
)
_LAST = select(
    connections.c.connection_id,
    *(_newest.c.finished_at, _newest.c.outcome, _newest.c.rows, _newest.c.events),
).select_from(connections.join(_newest, true()))

_later = sync_run.alias("later")
# Asked for each that is put off, and they are few; as NOT EXISTS it might be joined to all runs.
_tried_since = (
    select(_later.c.run_id)
    .where(
        _later.c.connection_id == _RUN.connection_id,
        _later.c.piece == _RUN.piece,
        _later.c.finished_at > _RUN.finished_at,
    )
    .limit(literal_column("1"))
    .correlate(sync_run)
    .scalar_subquery()
)
_THROTTLED = select(_RUN.connection_id, _RUN.piece, _RUN.retry_at).where(
    _RUN.outcome == literal_column("'throttled'"), _tried_since.is_(None)
)
