"""A reader's transaction in two round trips: each costs as much as a small query."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.database import WORKSPACE_SETTING

_BEGIN = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
    f"SELECT set_config('{WORKSPACE_SETTING}', '%s', true)"
)
_LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
_MOST_DEAD = 20  # connections of a pool that a restarted server has left


@asynccontextmanager
async def reading(engine: AsyncEngine, workspace_id: UUID) -> AsyncGenerator[AsyncConnection]:
    """All queries see one instant, and this workspace alone.

    Like `accounts.database.transaction(..., snapshot=True)`, but begun and scoped by one message.
    A connection whose transaction has not ended never goes back to the pool.
    """
    connection, driver = await _begun(engine, workspace_id)
    try:
        yield connection
        await driver.execute("COMMIT")
    finally:
        try:
            if driver.is_closed() or driver.is_in_transaction():
                await connection.invalidate()
        finally:
            await connection.close()


async def _begun(engine: AsyncEngine, workspace_id: UUID) -> tuple[AsyncConnection, Any]:
    """A connection with its transaction begun; those that died in the pool are thrown away."""
    begin = _BEGIN % UUID(int=workspace_id.int)  # a UUID and nothing else: it becomes SQL
    for _ in range(_MOST_DEAD):
        connection = await engine.connect()
        driver: Any = None
        try:
            # The driver's own BEGIN would come first, and alone.
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            driver = (await connection.get_raw_connection()).driver_connection
            await driver.execute(begin)
        except BaseException as error:
            is_dead = driver is not None and driver.is_closed()
            await connection.invalidate()
            await connection.close()
            if is_dead and isinstance(error, _LOST):
                continue
            raise
        return connection, driver
    raise ConnectionError("every connection of the pool was dead")
