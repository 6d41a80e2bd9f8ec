"""A later version fills its own tables beside the served one and is shown once it is level."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Uuid, make_url
from sqlalchemy.ext.asyncio import create_async_engine

import readmodels.versions as versions
from tests.servers.databases import Database

counted = Table(
    "counted",
    MetaData(),
    Column("workspace_id", Uuid, primary_key=True),
    Column("n", Integer, nullable=False),
)
WORKSPACE = UUID("22222222-2222-4222-8222-222222222222")
VIEWS = {"counted": "SELECT workspace_id, n FROM {schema}.counted"}
OFFSET = (
    "INSERT INTO processing.projection_offset"
    " (projection, version, topic, partition, next_offset, applied)"
    " VALUES ('counts', $1, 'ad-metrics', $2, $3, $3)"
    " ON CONFLICT (projection, version, topic, partition) DO UPDATE"
    " SET next_offset = excluded.next_offset, applied = excluded.applied"
)


T = TypeVar("T")


async def _as_owner(database: Database, work: Callable[[Connection], T]) -> T:
    engine = create_async_engine(make_url(database.owner).set(drivername="postgresql+asyncpg"))
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


async def _make(database: Database, version: int) -> None:
    """The version's tables, with one row that says which version it is."""
    schema = f"counts_v{version}"
    await _as_owner(database, lambda owner: versions.create_version(owner, schema, [counted]))
    writer = await asyncpg.connect(database.writer)
    await writer.execute(
        f"INSERT INTO {schema}.counted VALUES ($1, $2) ON CONFLICT DO NOTHING", WORKSPACE, version
    )
    await writer.close()


async def _serve(database: Database, version: int) -> None:
    await _as_owner(
        database,
        lambda owner: versions.serve(owner, "counts", version, f"counts_v{version}", VIEWS),
    )


async def _reach(database: Database, version: int, partition: int, next_offset: int) -> None:
    writer = await asyncpg.connect(database.writer)
    await writer.execute(OFFSET, version, partition, next_offset)
    await writer.close()


async def _shown(database: Database) -> list[int]:
    """What a reader of the workspace sees through the view."""
    reader = await asyncpg.connect(database.reader)
    async with reader.transaction():
        await reader.execute("SELECT set_config('metricx.workspace_id', $1, true)", str(WORKSPACE))
        rows = await reader.fetch("SELECT n FROM readmodels.counted")
    await reader.close()
    return [row["n"] for row in rows]


async def test_a_version_is_level_only_on_every_partition(database: Database) -> None:
    """Behind on one of two is behind; one that it has not begun counts as 0."""
    for partition, end in enumerate((7, 3)):
        await _reach(database, 1, partition, end)
    await _reach(database, 2, 0, 9)
    assert await _as_owner(database, lambda o: versions.events_behind(o, "counts", 2, 1)) == 3
    await _reach(database, 2, 1, 3)
    assert await _as_owner(database, lambda o: versions.events_behind(o, "counts", 2, 1)) == 0


async def test_views_show_the_version_that_is_served(database: Database) -> None:
    """The same view reads other tables after the swap, and the book says which."""
    await _make(database, 1)
    await _serve(database, 1)
    await _make(database, 2)
    assert await _shown(database) == [1]
    await _serve(database, 2)
    assert await _shown(database) == [2]
    assert await _as_owner(database, lambda owner: versions.served(owner, "counts")) == 2


async def test_making_a_version_twice_changes_nothing(database: Database) -> None:
    """`metricx migrate` runs at every start."""
    await _make(database, 1)
    await _make(database, 1)
    await _serve(database, 1)
    assert await _shown(database) == [1]
