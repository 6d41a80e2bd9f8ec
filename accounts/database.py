"""Engines by role, and the transaction that names its workspace."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

from sqlalchemy import bindparam, func, make_url, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

WORKSPACE_SETTING = "metricx.workspace_id"
USER_SETTING = "metricx.user_id"

_set_scope = select(
    func.set_config(WORKSPACE_SETTING, bindparam("workspace"), True),
    func.set_config(USER_SETTING, bindparam("user"), True),
)


def engine(
    dsn: str,
    *,
    pool_size: int = 5,
    application_name: str = "metricx",
    command_timeout_seconds: float = 15,
    settings: Mapping[str, str] | None = None,
) -> AsyncEngine:
    """A bounded pool for a `postgresql://` DSN; it connects when first used.

    A call that waits longer than its deadline is cancelled on the server, too. `settings` are
    PostgreSQL's, for every connection.
    """
    return create_async_engine(
        make_url(dsn).set(drivername="postgresql+asyncpg"),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        connect_args={
            "timeout": 5,
            "command_timeout": command_timeout_seconds,
            "server_settings": {
                "application_name": application_name,
                "jit": "off",
                **(settings or {}),
            },
        },
    )


@asynccontextmanager
async def transaction(
    engine: AsyncEngine,
    *,
    workspace_id: UUID | None = None,
    user_id: UUID | None = None,
    snapshot: bool = False,
) -> AsyncGenerator[AsyncConnection]:
    """A transaction that sees this workspace and this user's own rows; without them, no rows.

    Commits at the end, rolls back on any exception or cancellation. `snapshot` makes it read-only
    and REPEATABLE READ: all its queries see one instant.
    """
    async with AsyncExitStack() as held:
        scope = {"workspace": str(workspace_id or ""), "user": str(user_id or "")}
        connection = await _opened(engine, scope, snapshot=snapshot)
        held.push_async_exit(connection)
        yield connection
        await connection.commit()


async def enter_workspace(db: AsyncConnection, workspace_id: UUID) -> None:
    """The transaction sees this workspace from here on: the one that a lookup has named."""
    await db.execute(select(func.set_config(WORKSPACE_SETTING, str(workspace_id), True)))


async def _opened(
    engine: AsyncEngine, scope: dict[str, str], *, snapshot: bool, retry: bool = True
) -> AsyncConnection:
    """A connection whose transaction has begun, with its scope set.

    Setting the scope is also the probe for a connection that died in the pool (a restarted
    server): the pool then drops all of its age, and a second try opens a new one.
    """
    connection = await engine.connect()
    try:
        if snapshot:
            await connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        await connection.execute(_set_scope, scope)
    except BaseException as error:
        await connection.close()
        if retry and isinstance(error, DBAPIError) and error.connection_invalidated:
            return await _opened(engine, scope, snapshot=snapshot, retry=False)
        raise
    return connection
