"""Transactions that name their workspace."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import engine, transaction
from accounts.tables.people import workspaces
from accounts.workspaces import add_workspace
from tests.servers.databases import Database


async def test_an_error_undoes_the_whole_transaction(control: AsyncEngine) -> None:
    """What was written before it is not there."""
    workspace_id = uuid4()

    async def fail() -> None:
        async with transaction(control, workspace_id=workspace_id) as db:
            await add_workspace(db, workspace_id, "Acme")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with transaction(control, workspace_id=workspace_id) as db:
        assert await db.scalar(select(func.count()).select_from(workspaces)) == 0


async def test_a_snapshot_sees_one_instant(control: AsyncEngine) -> None:
    """What others commit meanwhile is not in it, so figures and position agree."""
    workspace_id = uuid4()
    counted = select(func.count()).select_from(workspaces)
    async with transaction(control, workspace_id=workspace_id, snapshot=True) as before:
        assert await before.scalar(counted) == 0
        async with transaction(control, workspace_id=workspace_id) as db:
            await add_workspace(db, workspace_id, "Acme")
        assert await before.scalar(counted) == 0


async def test_a_snapshot_is_read_only(control: AsyncEngine) -> None:
    """And the next transaction on its connection is not."""
    workspace_id = uuid4()
    with pytest.raises(DBAPIError, match="read-only"):
        async with transaction(control, workspace_id=workspace_id, snapshot=True) as db:
            await add_workspace(db, workspace_id, "Acme")
    async with transaction(control, workspace_id=workspace_id) as db:
        await add_workspace(db, workspace_id, "Acme")


async def test_a_restarted_server_costs_nobody_an_error(
    control: AsyncEngine, module_database: Database
) -> None:
    """Every pooled connection is dead, and the next transaction opens a new one."""

    async def ask() -> int | None:
        async with transaction(control) as db:
            return await db.scalar(text("select 1 from pg_sleep(0.02)"))

    await asyncio.gather(*(ask() for _ in range(5)))
    superuser = engine(module_database.superuser, pool_size=1)
    ended = text(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
        " where usename = 'metricx_control' and datname = current_database()"
    )
    async with superuser.connect() as db:
        assert await db.scalar(ended) == 5
    await superuser.dispose()
    assert await asyncio.gather(*(ask() for _ in range(5))) == [1] * 5


async def test_a_call_past_its_deadline_is_cancelled(module_database: Database) -> None:
    """On the server too, and the pool's only connection serves the next one."""
    hasty = engine(module_database.control, pool_size=1, command_timeout_seconds=0.2)
    with pytest.raises(TimeoutError):
        async with transaction(hasty) as db:
            await db.execute(text("select pg_sleep(30)"))
    async with transaction(hasty) as db:
        assert await db.scalar(text("select 1")) == 1
    await hasty.dispose()
