"""A merchant with one connected account, over HTTP and in the read models."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import delete, select

from accounts.database import engine, transaction
from accounts.poll_work import Piece, enqueue
from accounts.tables.linked import poll_work
from accounts.tables.people import audit_log
from tests.api.platforms import at_the_sandbox
from tests.api.signing_in import application, client, new_user
from tests.readmodels.conftest import world
from tests.readmodels.world import Account, World
from tests.servers.databases import Database
from tests.streams.events import sync_run

__all__ = ["world"]

MINUTE = timedelta(minutes=1)


_CONNECTIONS_LINES = (
    select(audit_log).where(audit_log.c.action.startswith("connection.")).order_by(audit_log.c.at)
)


@pytest.fixture
async def app(module_database: Database) -> AsyncIterator[FastAPI]:
    """Meta and Google are set up; Meta alone is read."""
    async with application(
        module_database, read_providers=["meta"], platforms=at_the_sandbox(without="shopify")
    ) as made:
        yield made


@pytest.fixture
async def nothing_else_is_due(module_database: Database) -> None:
    """Whoever takes, takes from all workspaces: those of the tests before are done with."""
    superuser = engine(module_database.superuser, pool_size=1)
    async with transaction(superuser) as db:
        await db.execute(delete(poll_work))
    await superuser.dispose()


@dataclass
class Merchant:
    """Somebody signed in, with one Meta account in a workspace of their own."""

    http: httpx2.AsyncClient
    app: FastAPI
    world: World
    workspace: UUID
    account: Account

    @property
    def path(self) -> str:
        """That of their connection."""
        return f"/connections/{self.account.connection_id}"

    async def card(self) -> dict[str, Any]:
        """Their connection's; the list shows the same."""
        answer = await self.http.get(self.path)
        assert answer.status_code == 200, answer.text
        listed = (await self.http.get("/connections")).json()["connections"]
        assert answer.json() in listed
        return answer.json()

    async def writes(self, *statements: Any) -> None:
        """Control rows as another part of metricx would leave them."""
        async with transaction(self.app.state.control_engine, workspace_id=self.workspace) as db:
            for statement in statements:
                await db.execute(statement)

    async def has_due(self, *pieces: Piece) -> None:
        """The scheduler has asked for these."""
        control = self.app.state.control_engine
        await enqueue(control, self.workspace, self.account.connection_id, pieces)

    async def logged(self) -> list[tuple[str, str | None, UUID | None]]:
        """Action, target and actor of each line of the log."""
        async with transaction(self.app.state.control_engine, workspace_id=self.workspace) as db:
            rows = await db.execute(_CONNECTIONS_LINES)
            return [(row.action, row.target_id, row.actor_id) for row in rows]

    async def runs(self, at: datetime, **says: Any) -> None:
        """A poller's attempt was projected."""
        own = (self.account.owner, uuid4(), self.account.connection_id, at)
        await self.world.happened(sync_run(*own, **says))


@pytest.fixture
async def merchant(
    app: FastAPI, world: World, nothing_else_is_due: None
) -> AsyncIterator[Merchant]:
    """Just signed up; the account is active and was never read."""
    async with client(app) as http:
        me = (await http.post("/auth/register", json=new_user())).json()
        workspace = UUID(me["workspace"]["id"])
        yield Merchant(http, app, world, workspace, await world.account(workspace))


def recently(ago: timedelta = MINUTE) -> datetime:
    """A whole second, some time before now."""
    return (datetime.now(UTC) - ago).replace(microsecond=0)
