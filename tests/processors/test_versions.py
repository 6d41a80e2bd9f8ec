"""A version's tables are whole: what is declared of a table stands in PostgreSQL."""

import asyncpg
from sqlalchemy import Column, Connection, Index, Integer, MetaData, Table, Uuid, make_url
from sqlalchemy.ext.asyncio import create_async_engine

import readmodels.versions as versions
from processors.projection import registered
from tests.servers.databases import Database

told = Table(
    "told",
    MetaData(),
    Column("workspace_id", Uuid, primary_key=True),
    Column("n", Integer, nullable=False),
    Index("told_n", "n"),
    comment="Said once.",
    postgresql_with={"fillfactor": "50"},
)


async def test_a_table_comes_with_its_comment_its_indexes_and_its_options(
    database: Database,
) -> None:
    """And a second run, as at every start, finds all there."""

    def create(owner: Connection) -> None:
        versions.create_version(owner, "told_v3", [told])

    engine = create_async_engine(make_url(database.owner).set(drivername="postgresql+asyncpg"))
    for _ in range(2):
        async with engine.begin() as owner:
            await owner.run_sync(create)
    await engine.dispose()
    connection = await asyncpg.connect(database.auditor)
    [found] = await connection.fetch(
        """
        SELECT obj_description(oid, 'pg_class') AS comment, reloptions,
            ARRAY(SELECT indexrelid::regclass::text FROM pg_index
                WHERE indrelid = c.oid AND NOT indisprimary) AS indexes
        FROM pg_class c WHERE oid = 'told_v3.told'::regclass
        """
    )
    await connection.close()
    assert found["comment"] == "Said once."
    assert found["reloptions"] == ["fillfactor=50"]
    assert found["indexes"] == ["told_v3.told_n"]


async def test_an_index_that_was_declared_later_is_made_on_the_table_that_is_there(
    database: Database,
) -> None:
    """At the next start: its rows need no second reading."""
    bare = Table("bare", MetaData(), Column("workspace_id", Uuid, primary_key=True))
    engine = create_async_engine(make_url(database.owner).set(drivername="postgresql+asyncpg"))

    def create(owner: Connection) -> None:
        versions.create_version(owner, "told_v3", [bare])

    async with engine.begin() as owner:
        await owner.run_sync(create)
    Index("bare_late", bare.c.workspace_id)
    async with engine.begin() as owner:
        await owner.run_sync(create)
    await engine.dispose()
    connection = await asyncpg.connect(database.auditor)
    assert await connection.fetchval("SELECT to_regclass('told_v3.bare_late')::text")
    await connection.close()


async def test_every_table_of_a_projection_says_what_it_holds(database: Database) -> None:
    """In PostgreSQL, where whoever looks at it reads it."""
    connection = await asyncpg.connect(database.auditor)
    silent = [
        f"{projection.schema}.{table.name}"
        for projection in registered()
        for table in projection.tables
        if not table.comment
        or table.comment
        != await connection.fetchval(
            "SELECT obj_description($1::text::regclass, 'pg_class')",
            f"{projection.schema}.{table.name}",
        )
    ]
    await connection.close()
    assert silent == []
