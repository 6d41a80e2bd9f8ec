"""Two hundred tenants over two connections, with errors and cancellations between them."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import engine, transaction
from accounts.tables.linked import connections
from accounts.tables.people import workspaces
from tests.servers.databases import Database

TENANTS, ROUNDS = 200, 4


@pytest.fixture
async def tenants(module_database: Database) -> list[UUID]:
    """Each with one connection, labelled with its own id."""
    made = [uuid4() for _ in range(TENANTS)]
    superuser = engine(module_database.superuser, pool_size=1)
    async with superuser.begin() as db:
        await db.execute(
            insert(workspaces),
            [
                {"workspace_id": each, "name": "Acme", "zone": "UTC", "currency": "USD"}
                | {"week_start": "monday", "is_demo": False}
                for each in made
            ],
        )
        await db.execute(
            insert(connections),
            [
                {"workspace_id": each, "connection_id": uuid4(), "provider": "meta"}
                | {"account_id": "1", "label": str(each), "state": "active"}
                for each in made
            ],
        )
    await superuser.dispose()
    return made


@pytest.fixture(params=["reader", "control"])
async def pool_of_two(
    request: pytest.FixtureRequest, module_database: Database
) -> AsyncIterator[AsyncEngine]:
    """Each role that serves requests, over two connections that all tenants share."""
    made = engine(getattr(module_database, request.param), pool_size=2)
    made.pool._timeout = 60  # type: ignore[attr-defined]  # all tenants queue for two connections
    yield made
    await made.dispose()


async def labels(pool: AsyncEngine, workspace_id: UUID | None, mishap: str) -> list[str]:
    """What a tenant's transaction sees, with something that goes wrong before or after."""
    snapshot = random.random() < 0.5
    async with transaction(pool, workspace_id=workspace_id, snapshot=snapshot) as db:
        if mishap == "error before":
            with suppress(DBAPIError):
                async with db.begin_nested():
                    await db.execute(text("select 1 / 0"))
        if mishap == "slow":
            await db.execute(text("select pg_sleep(0.02)"))
        seen = list((await db.scalars(select(connections.c.label))).all())
        if mishap == "error after":
            await db.execute(text("select 1 / 0"))
        return seen


async def test_no_tenant_ever_sees_a_row_of_another(
    pool_of_two: AsyncEngine, tenants: list[UUID]
) -> None:
    """800 transactions, a third of them failing or cancelled midway: 0 foreign rows."""
    chance = random.Random(20261120)
    outcomes = {"seen": 0, "failed": 0, "cancelled": 0, "anonymous": 0}

    async def visit(tenant: UUID) -> None:
        for _ in range(ROUNDS):
            mishap = chance.choice(["", "", "", "slow", "error before", "error after"])
            visiting = asyncio.create_task(labels(pool_of_two, tenant, mishap))
            if mishap == "slow":
                await asyncio.sleep(chance.uniform(0, 0.5))
                visiting.cancel()
            try:
                assert await visiting == [str(tenant)]
                outcomes["seen"] += 1
            except DBAPIError:
                outcomes["failed"] += 1
            except asyncio.CancelledError:
                outcomes["cancelled"] += 1
            if chance.random() < 0.2:  # somebody who names no workspace comes in between
                assert await labels(pool_of_two, None, "") == []
                outcomes["anonymous"] += 1

    await asyncio.gather(*map(visit, tenants))
    assert sum(outcomes.values()) == TENANTS * ROUNDS + outcomes["anonymous"]
    assert min(outcomes.values()) > 30, outcomes
    assert pool_of_two.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_a_connection_used_past_the_transaction_helper_sees_nothing(
    pool_of_two: AsyncEngine, tenants: list[UUID]
) -> None:
    """Straight from the pool after 200 tenants have used it: the setting ended with each."""
    await asyncio.gather(*(labels(pool_of_two, tenant, "") for tenant in tenants))
    for _ in range(4):
        async with pool_of_two.connect() as db:
            assert (await db.scalars(select(connections.c.label))).all() == []
