"""Figures of a version that no worker writes any more say since when."""

from datetime import UTC, datetime, timedelta

import asyncpg

from accounts.database import engine
from readmodels.queries.standstill import standing_still_since
from tests.servers.databases import Database

NOW = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
_MOVED = (
    "INSERT INTO processing.projection_offset (projection, version, topic, partition, moved_at)"
    " VALUES ($1, $2, 'ad-metrics', $3, $4)"
)


async def _moved(database: Database, projection: str, version: int, minute: int) -> None:
    """Partition 0 of the version moved then, partition 1 ten minutes earlier."""
    writer = await asyncpg.connect(database.writer)
    for partition in (0, 1):
        at = NOW + timedelta(minutes=minute - 10 * partition)
        await writer.execute(_MOVED, projection, version, partition, at)
    await writer.close()


async def _since(database: Database) -> datetime | None:
    reader = engine(database.reader, pool_size=1)
    try:
        async with reader.connect() as db:
            return await standing_still_since(db)
    finally:
        await reader.dispose()


async def test_live_versions_stand_still_for_nobody(database: Database) -> None:
    """Before the first event, after it, and with an old version left over."""
    assert await _since(database) is None
    await _moved(database, "ad_windows", 1, 20)
    await _moved(database, "ad_windows", 0, 5)
    assert await _since(database) is None


async def test_a_version_that_is_being_filled_leaves_the_shown_one_behind(
    database: Database,
) -> None:
    """As of its own last move; of two projections, the one that stands longer."""
    await _moved(database, "ad_windows", 1, 5)
    await _moved(database, "ad_windows", 2, 7)
    assert await _since(database) == NOW + timedelta(minutes=5)
    await _moved(database, "ad_entities", 1, 3)
    await _moved(database, "ad_entities", 2, 8)
    assert await _since(database) == NOW + timedelta(minutes=3)


async def test_so_does_the_version_before_when_it_is_run_again(database: Database) -> None:
    """After a roll-back of the code the higher version is the one that stands still."""
    await _moved(database, "ad_windows", 1, 5)
    await _moved(database, "ad_windows", 0, 9)
    assert await _since(database) == NOW + timedelta(minutes=5)
