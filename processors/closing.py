"""Closing dates: once a day, what only open dates keep is deleted and never written again."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import structlog

from processors.faults import TRANSIENT
from processors.projection import Projection

log = structlog.get_logger(__name__)

LOOK_SECONDS = 300.0
DELETE_SECONDS = 600
LOCK_SECONDS = 12  # over the writer role's transaction_timeout: the folds before it have ended
_LOCK = "metricx closing"


async def keep_closing(
    pool: "asyncpg.Pool[asyncpg.Record]", projections: "tuple[Projection[Any, Any], ...]"
) -> None:
    """Close dates soon after each UTC midnight, for as long as the worker runs."""
    while True:
        try:
            await close_dates(pool, projections, datetime.now(UTC))
        # Nothing is wrong yet: a date that stays open a while longer has the same sums.
        except TRANSIENT as error:
            log.warning("not closed", marker="[FOLD]", error=repr(error))
        except Exception:  # a defect; but nobody would start this look again
            log.exception("not closed", marker="[FOLD]")
        await asyncio.sleep(LOOK_SECONDS)


async def close_dates(
    pool: "asyncpg.Pool[asyncpg.Record]",
    projections: "tuple[Projection[Any, Any], ...]",
    now: datetime,
) -> date:
    """Move `open_from` forward to yesterday's UTC date, never back; the day that it is now.

    In the same transaction, rows of older dates leave the tables that keep open dates alone, in
    every version. Folds lock the day for sharing, so that none writes a date while it closes:
    they give up after their own lock_timeout, and begin again until it is done.
    """
    wanted = now.astimezone(UTC).date() - timedelta(days=1)
    async with pool.acquire() as connection, connection.transaction():
        held: date = await connection.fetchval("SELECT day FROM processing.open_from")
        # One worker is enough; the others look again in LOOK_SECONDS.
        if held >= wanted or not await connection.fetchval(
            "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))", _LOCK
        ):
            return held
        # A day of a large shop may take longer to delete than a fold is ever allowed. A timer that
        # runs is not set anew by another limit: none at all stops it first.
        await connection.execute(
            f"""
            SET LOCAL transaction_timeout = 0;
            SET LOCAL transaction_timeout = '{DELETE_SECONDS}s';
            SET LOCAL lock_timeout = '{LOCK_SECONDS}s';
            """
        )
        # Whoever shares a row lets others join it before the one who waits to change it: folds
        # that follow each other closely would keep it out for ever. For a table all stand in line.
        # The client waits a little longer than the server each time, which then says why it ended.
        await connection.execute(
            "LOCK TABLE processing.open_from IN EXCLUSIVE MODE", timeout=LOCK_SECONDS + 1
        )
        await connection.execute("UPDATE processing.open_from SET day = $1 WHERE day < $1", wanted)
        for schema, table in await _open_only(connection, projections):
            await connection.execute(
                f'DELETE FROM "{schema}"."{table}" WHERE day < $1',
                wanted,
                timeout=DELETE_SECONDS + 1,
            )
    log.info("closed", marker="[FOLD]", open_from=wanted.isoformat())
    return wanted


async def _open_only(
    connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]",
    projections: "tuple[Projection[Any, Any], ...]",
) -> list[tuple[str, str]]:
    """Schema and name of the tables that keep open dates alone, of every version there is."""
    found: list[tuple[str, str]] = []
    for projection in projections:
        for table in projection.open_only:
            rows = await connection.fetch(
                """
                SELECT schemaname FROM pg_tables
                WHERE tablename = $1 AND schemaname ~ ('^' || $2 || '_v[0-9]+$')
                ORDER BY schemaname
                """,
                table.name,
                projection.name,
            )
            found += [(row["schemaname"], table.name) for row in rows]
    return found
