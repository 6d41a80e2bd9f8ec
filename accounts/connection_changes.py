"""What people change of a connection: its name, whether it is read, and when.

Each takes a connection from `hold`, in the transaction that holds it.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Update, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.audit import Actor, record
from accounts.connection_list import STANDING
from accounts.connections import Connection, ConnectionState, connection_of
from accounts.poll_work import arm
from accounts.tables.linked import connections


async def hold(db: AsyncConnection, connection_id: UUID) -> Connection | None:
    """As `connection_of`, but nobody else changes it until this transaction ends."""
    own = connections.c.connection_id
    await db.execute(select(own).where(own == connection_id).with_for_update())
    return await connection_of(db, connection_id)


async def pause(db: AsyncConnection, connection: Connection, actor: Actor) -> None:
    """No piece of it is taken from now on; what is under way is read to its end.

    Only of one that is active or failing; one that is paused stays so.
    """
    if connection.state not in (ConnectionState.ACTIVE, ConnectionState.FAILING):
        return
    await db.execute(
        _update(connection).values(
            state=ConnectionState.PAUSED.value,
            reason=None,
            next_step=None,
            failing_since=None,
            retry_at=None,
        )
    )
    await _record(db, connection, actor, "paused")


async def resume(db: AsyncConnection, connection: Connection, actor: Actor) -> None:
    """Its due pieces are taken again. Only of one that is paused; any other stays as it is."""
    if connection.state is not ConnectionState.PAUSED:
        return
    await db.execute(_update(connection).values(state=ConnectionState.ACTIVE.value))
    await _record(db, connection, actor, "resumed")


async def rename(db: AsyncConnection, connection: Connection, actor: Actor, label: str) -> None:
    """People call it this. The log tells that it was renamed, not to what: people write that."""
    if connection.label == label:
        return
    await db.execute(_update(connection).values(label=label))
    await _record(db, connection, actor, "renamed")


async def ask_for_sync(
    db: AsyncConnection, connection: Connection, actor: Actor, *, put_off: Collection[str] = ()
) -> None:
    """Its standing pieces are due now, save those that its platform has put off.

    One that is failing may be tried at once.
    """
    if connection.state is ConnectionState.FAILING:
        await db.execute(_update(connection).values(retry_at=func.now()))
    await arm(db, connection.connection_id, STANDING, but=put_off)
    await _record(db, connection, actor, "sync-asked")


def _update(connection: Connection) -> Update:
    return update(connections).where(connections.c.connection_id == connection.connection_id)


async def _record(db: AsyncConnection, connection: Connection, actor: Actor, happened: str) -> None:
    action, target = f"connection.{happened}", connection.connection_id
    await record(db, connection.workspace_id, actor, action, target)
