"""One transaction of a projection: sorted multi-row writes and the reads that go before them."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import asyncpg
from sqlalchemy import ARRAY, String, Table
from sqlalchemy.dialects import postgresql

Row = tuple[Any, ...]

_DIALECT = postgresql.dialect()


class Tx:
    """A transaction whose search path is the projection's own schema.

    Opened by the projector alone. Rows are tuples in the order of the table's columns.
    """

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
        self._connection = connection

    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """The rows that a query returns."""
        return await self._connection.fetch(sql, *arguments)

    async def execute(self, sql: str, *arguments: object) -> None:
        """A statement whose rows nobody needs."""
        await self._connection.execute(sql, *arguments)

    async def find(self, table: Table, keys: Iterable[Row]) -> list[asyncpg.Record]:
        """The rows with these primary keys; each key is asked for once."""
        wanted = sorted(set(keys))
        if not wanted:
            return []
        return await self._connection.fetch(find_statement(table), *columns_of(table, wanted))

    async def replace(self, table: Table, rows: Iterable[Row]) -> None:
        """Insert rows, or put them in the place of those with the same primary key."""
        # Sorted by primary key, which stands first in every table: else two workers deadlock.
        keys = len(table.primary_key.columns)
        ordered = sorted(rows, key=lambda row: row[:keys])
        if ordered:
            await self._connection.execute(replace_statement(table), *columns_of(table, ordered))


def columns_of(table: Table, rows: Sequence[Row]) -> list[list[Any]]:
    """The rows column by column, as a statement made from `unnest` takes them."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    for i, column in enumerate(list(table.columns)[: len(columns)]):
        if isinstance(column.type, ARRAY):
            # `unnest` would flatten an array of arrays, so that each travels as text.
            literal = _words if _holds_words(column) else _numbers
            columns[i] = [None if each is None else literal(each) for each in columns[i]]
    return columns


def keyed(table: Table, columns: int, alias: str = "k") -> str:
    """`unnest(...) AS k(...)` over the first `columns` of a table's columns, $1 and on."""
    chosen = list(table.columns)[:columns]
    arrays = ", ".join(f"${i}::{_type(column)}[]" for i, column in enumerate(chosen, 1))
    names = ", ".join(f'"{column.name}"' for column in chosen)
    return f"unnest({arrays}) AS {alias}({names})"


@cache
def replace_statement(table: Table) -> str:
    """An upsert of many rows; its parameters are `columns_of`."""
    names = [column.name for column in table.columns]
    key = [column.name for column in table.primary_key.columns]
    if names[: len(key)] != key:
        raise ValueError(f"the primary key of {table.name} must be its first columns")
    arrays = [
        f"${i}::{'text' if isinstance(column.type, ARRAY) else _type(column)}[]"
        for i, column in enumerate(table.columns, 1)
    ]
    selected = [
        f'"{column.name}"::{_type(column)}'
        if isinstance(column.type, ARRAY)
        else f'"{column.name}"'
        for column in table.columns
    ]
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in names[len(key) :])
    action = f"UPDATE SET {changed}" if changed else "NOTHING"
    return (
        f'INSERT INTO "{table.name}" ({_quoted(names)}) SELECT {", ".join(selected)}'
        f" FROM unnest({', '.join(arrays)}) AS r({_quoted(names)})"
        f" ON CONFLICT ({_quoted(key)}) DO {action}"
    )


@cache
def find_statement(table: Table) -> str:
    """Many rows by primary key."""
    width = len(table.primary_key.columns)
    return f'SELECT t.* FROM {keyed(table, width)} JOIN "{table.name}" t ON {same(table, width)}'


def same(table: Table, columns: int) -> str:
    """The condition that a row `t` of the table has the first columns of a `keyed` row `k`."""
    chosen = list(table.columns)[:columns]
    return " AND ".join(f't."{column.name}" = k."{column.name}"' for column in chosen)


def _holds_words(column: Any) -> bool:
    return isinstance(column.type.item_type, String)


def _numbers(values: Sequence[int]) -> str:
    """A PostgreSQL array literal."""
    return "{" + ",".join(map(str, values)) + "}"


def _words(values: Sequence[str]) -> str:
    """The same, quoted: `null` would be none, and an empty word nothing."""
    escaped = [word.replace("\\", "\\\\").replace('"', '\\"') for word in values]
    return "{" + ",".join(f'"{word}"' for word in escaped) + "}"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _type(column: Any) -> str:
    return column.type.compile(dialect=_DIALECT)
