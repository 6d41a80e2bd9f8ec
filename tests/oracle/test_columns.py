"""The oracle compares every column of every view that there is."""

import asyncpg

from tests.oracle.rows import COLUMNS
from tests.servers.databases import Database


async def test_the_oracle_knows_every_column_of_every_view(database: Database) -> None:
    """In their order: a view, a column or a projection added tomorrow is missed here."""
    assert await _columns(database) == {view: list(names) for view, names in COLUMNS.items()}


async def test_a_view_that_the_oracle_does_not_know_is_noticed(database: Database) -> None:
    """The mutant: somebody serves one more."""
    connection = await asyncpg.connect(database.superuser)
    await connection.execute("CREATE VIEW readmodels.ad_week AS SELECT 1 AS spend_micros")
    await connection.close()
    assert (await _columns(database)).keys() - COLUMNS.keys() == {"ad_week"}


async def _columns(database: Database) -> dict[str, list[str]]:
    connection = await asyncpg.connect(database.auditor)
    rows = await connection.fetch(
        """
        SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) AS columns
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relnamespace = 'readmodels'::regnamespace AND NOT a.attisdropped
            AND c.relkind IN ('v', 'm', 'r', 'p', 'f')
        GROUP BY c.relname
        """
    )
    await connection.close()
    return {row["relname"]: row["columns"] for row in rows}
