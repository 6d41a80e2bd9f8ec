"""Connections and what pollers learn of them."""

from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.connections import connect, connection_of, learn, pollable
from accounts.database import transaction
from accounts.tables.linked import connections
from tests.accounts.conftest import NewConnection


async def test_connecting_the_same_account_again_is_the_same_connection(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """Its id is kept: read models and poll work hang on it."""
    workspace_id, connection_id = await new_connection()
    async with transaction(control, workspace_id=workspace_id) as db:
        again = await connect(db, workspace_id, provider="meta", account_id="1", label="Renamed")
        found = await db.scalars(select(connections.c.connection_id))
        assert found.all() == [connection_id] == [again]


async def test_two_workspaces_may_connect_one_account(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """An agency and its client both read it; neither sees the other's connection."""
    (mine, my_connection), (_, other_connection) = await new_connection(), await new_connection()
    async with transaction(control, workspace_id=mine) as db:
        assert (await connection_of(db, my_connection)) is not None
        assert (await connection_of(db, other_connection)) is None


async def test_a_connection_can_not_be_made_in_another_workspace(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """The row must be of the transaction's workspace, whatever the statement says."""
    (mine, _), (other, _) = await new_connection(), await new_connection()
    try:
        async with transaction(control, workspace_id=mine) as db:
            await connect(db, other, provider="meta", account_id="2", label="Smuggled")
    except Exception as error:
        refused = str(error)
    else:
        refused = ""
    assert "row-level security" in refused


async def test_what_the_platform_says_is_learnt_and_silence_forgets_nothing(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """Zone and currency come from the first read of the account; each keeps its last value."""
    workspace_id, connection_id = await new_connection()
    zone, currency = "Asia/Kolkata", "INR"
    await learn(control, workspace_id, connection_id, zone=zone, currency=None)
    await learn(control, workspace_id, connection_id, zone=None, currency=currency)
    async with transaction(control, workspace_id=workspace_id) as db:
        found = await connection_of(db, connection_id)
    assert found is not None
    assert (found.zone, found.currency) == (zone, currency)


async def test_the_scheduler_sees_active_connections_of_all_workspaces(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """And no paused one."""
    first, second, paused = [await new_connection() for _ in range(3)]
    async with transaction(control, workspace_id=paused[0]) as db:
        await db.execute(update(connections).values(state="paused"))
    seen = {(each.workspace_id, each.connection_id) for each in await pollable(control)}
    assert {first, second} <= seen
    assert paused not in seen


async def test_without_a_workspace_there_is_no_connection(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """Nor in a workspace that does not exist."""
    await new_connection()
    async with transaction(control) as db:
        assert (await db.scalars(select(connections.c.connection_id))).all() == []
    async with transaction(control, workspace_id=uuid4()) as db:
        assert (await db.scalars(select(connections.c.connection_id))).all() == []
