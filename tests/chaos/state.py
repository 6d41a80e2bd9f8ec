"""Everything that projections keep, so that two runs can be compared bit for bit."""

from typing import Any

import asyncpg

from tests.integration.plant import Plant

State = dict[str, set[tuple[Any, ...]]]


async def state_of(plant: Plant) -> State:
    """Every row of every version's tables, but those that hold nothing but zeros.

    Left out is `processing`: it tells how events came, not what they said.
    """
    connection = await asyncpg.connect(plant.database.auditor)
    tables = await connection.fetch(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname ~ '_v[0-9]+$'"
    )
    found: State = {}
    for schema, table in tables:
        rows = await connection.fetch(f'SELECT * FROM "{schema}"."{table}"')
        found[f"{schema}.{table}"] = {_plain(row) for row in rows if not _is_zero(row)}
    await connection.close()
    return found


def _plain(row: asyncpg.Record) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in row.values())


def _is_zero(row: asyncpg.Record) -> bool:
    """Whether what came and went has left a row of zeros."""
    numbers = [value for value in row.values() if isinstance(value, int | list)]
    return bool(numbers) and not any(
        any(each) if isinstance(each, list) else each for each in numbers
    )
