"""A reader's transaction: its workspace, one instant, and nothing left behind."""

import asyncio
import random
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import engine
from readmodels.queries.positions import position
from readmodels.queries.reading import reading
from tests.servers.databases import Database

WORKSPACE = text("SELECT current_setting('metricx.workspace_id', true)")


@pytest.fixture
async def reader(module_database: Database) -> AsyncIterator[AsyncEngine]:
    """A pool of two connections."""
    made = engine(module_database.reader, pool_size=2)
    yield made
    await made.dispose()


async def test_it_sees_its_workspace_and_one_instant(reader: AsyncEngine) -> None:
    """REPEATABLE READ, read-only."""
    workspace = uuid4()
    async with reading(reader, workspace) as db:
        assert await db.scalar(WORKSPACE) == str(workspace)
        assert await db.scalar(text("SHOW transaction_isolation")) == "repeatable read"
        assert await db.scalar(text("SHOW transaction_read_only")) == "on"


async def test_nothing_of_it_is_left_on_the_connection(reader: AsyncEngine) -> None:
    """Outside of a transaction there is no workspace."""
    async with reading(reader, uuid4()):
        pass
    async with reader.connect() as db:
        assert await db.scalar(WORKSPACE) in (None, "")


async def test_200_interleaved_readers_never_see_each_others_workspace(
    reader: AsyncEngine,
) -> None:
    """Over two connections, some cancelled, some failing, in any of their steps."""
    chance = random.Random(7)
    seen = 0

    async def read(workspace: UUID, fate: int) -> None:
        nonlocal seen
        async with reading(reader, workspace) as db:
            assert await db.scalar(WORKSPACE) == str(workspace)
            if fate == 1:
                await db.execute(text("SELECT 1 / 0"))
            await db.execute(text("SELECT pg_sleep(0.002)"))
            assert await db.scalar(WORKSPACE) == str(workspace)
            seen += 1

    tasks = [asyncio.create_task(read(uuid4(), chance.randrange(6))) for _ in range(200)]
    while not all(each.done() for each in tasks):
        await asyncio.sleep(chance.random() / 50)
        chance.choice(tasks).cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    allowed = (type(None), asyncio.CancelledError, DBAPIError)
    assert [end for end in ends if not isinstance(end, allowed)] == []
    assert seen > 50
    async with reading(reader, uuid4()) as db:
        assert await db.scalar(text("SELECT 1")) == 1


async def test_a_restarted_servers_connections_are_replaced(
    reader: AsyncEngine, module_database: Database
) -> None:
    """Both of the pool are dead; the next reader does not notice."""
    async with reading(reader, uuid4()), reading(reader, uuid4()):
        pass
    superuser = await asyncpg.connect(module_database.superuser)
    await superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE usename = 'metricx_reader' AND datname = current_database()"
    )
    await superuser.close()
    await asyncio.sleep(0.1)
    workspace = uuid4()
    async with reading(reader, workspace) as db:
        assert await db.scalar(WORKSPACE) == str(workspace)


async def test_a_position_is_that_of_the_versions_that_are_served(
    reader: AsyncEngine, module_database: Database
) -> None:
    """A version that is being rebuilt moves on its own, and no page waits for it."""
    superuser = await asyncpg.connect(module_database.superuser)
    await superuser.execute(
        "INSERT INTO processing.projection_offset (projection, version, topic, partition,"
        " next_offset) VALUES ('ad_windows', 1, 'ad-metrics', 0, 5),"
        " ('ad_windows', 99, 'ad-metrics', 0, 3), ('unknown', 1, 'ad-metrics', 0, 7)"
    )
    served = await superuser.fetchval(
        "SELECT version FROM processing.serving WHERE projection = 'ad_windows'"
    )
    await superuser.close()
    assert served == 1
    async with reading(reader, uuid4()) as db:
        assert await position(db) == {("ad_windows.v1", "ad-metrics", 0): 5}
