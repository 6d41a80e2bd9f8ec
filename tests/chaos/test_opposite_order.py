"""Two transactions write the same two thousand keys, drawn in opposite order: no deadlock."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any
from unittest.mock import patch

import asyncpg
import pytest

from processors.tx import Tx
from readmodels.tables.ad_windows import ad_delivery
from tests.chaos.mutants import MUTANTS
from tests.servers.databases import Database

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]

ROWS = 2_000
ROUNDS = 30
WORKSPACE = "00000000-0000-0000-0000-000000000001"


async def test_rows_in_opposite_order_never_deadlock(database: Database) -> None:
    """Sorted by their key before they are written, both ask for the same rows first."""
    await _collide(database)


async def test_unsorted_rows_deadlock(database: Database) -> None:
    """The mutant writes rows as they come, and PostgreSQL kills one of the two."""
    with patch.object(Tx, "replace", Tx.replace):  # put back whatever the mutant does
        MUTANTS["rows_unsorted"]()
        try:
            with pytest.raises(asyncpg.DeadlockDetectedError):
                await _collide(database)
        finally:
            patch.stopall()


async def _collide(database: Database) -> None:
    forth = [_row(number) for number in range(ROWS)]
    ways: list[Callable[[], list[Any]]] = [lambda: forth, lambda: forth[::-1]]
    connections = [await _connect(database) for _ in ways]
    try:
        for _ in range(ROUNDS):
            await asyncio.gather(
                *(_write(each, way()) for each, way in zip(connections, ways, strict=True))
            )
    finally:
        for connection in connections:
            connection.terminate()


async def _write(connection: Any, rows: list[Any]) -> None:
    async with connection.transaction():
        await Tx(connection).replace(ad_delivery, rows)


async def _connect(database: Database) -> Any:
    return await asyncpg.connect(
        database.writer, server_settings={"search_path": "ad_windows_v1", "lock_timeout": "0"}
    )


def _row(number: int) -> tuple[Any, ...]:
    ids = (f"c-{number % 7}", f"s-{number % 70}", f"a-{number:04}")
    return (WORKSPACE, "ad", date(2026, 3, 1), "meta", "act_1", *ids, "USD", number, 1, 1, 1)
