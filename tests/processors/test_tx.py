"""Rows travel as arrays of text: whatever a word is made of, it comes back as it was."""

import asyncpg
from sqlalchemy import Column, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT

from processors.tx import Row, Tx
from tests.servers.databases import Database

named = Table(
    "named",
    MetaData(),
    Column("n", Integer, primary_key=True),
    Column("words", ARRAY(Text)),
    Column("numbers", ARRAY(BIGINT)),
)
WORDS = ["null", "NULL", "", " ", 'a"b', "a\\b", "{}", ",", "a,b", "\\", '"', "é ❄", "\n", "1"]
ROWS: list[Row] = [
    (1, WORDS, [0, -1, 2**63 - 1, -(2**63)]),
    (2, [], []),
    (3, None, None),
    *((10 + n, [word], [n]) for n, word in enumerate(WORDS)),
]


async def test_arrays_come_back_as_they_were(database: Database) -> None:
    """Words that mean something in an array's text, numbers at their limits, and none at all."""
    pool = await asyncpg.create_pool(database.writer, min_size=1, max_size=1)
    async with pool, pool.acquire() as connection, connection.transaction():
        await connection.execute(
            "CREATE TEMPORARY TABLE named (n int PRIMARY KEY, words text[], numbers bigint[])"
        )
        tx = Tx(connection)
        await tx.replace(named, ROWS)
        found = await tx.find(named, [(row[0],) for row in ROWS])
    assert sorted((tuple(row) for row in found), key=lambda row: row[0]) == ROWS
