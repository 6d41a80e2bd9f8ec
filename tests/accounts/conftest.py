"""A migrated database, its control engine, and workspaces to work in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.connections import connect
from accounts.database import engine, transaction
from accounts.passwords import Passwords
from accounts.workspaces import add_workspace
from tests.servers.databases import Database

NewConnection = Callable[[], Awaitable[tuple[UUID, UUID]]]


@pytest.fixture
async def control(module_database: Database) -> AsyncIterator[AsyncEngine]:
    """The control role's engine on the file's database."""
    made = engine(module_database.control)
    yield made
    await made.dispose()


@pytest.fixture
async def auditor(module_database: Database) -> AsyncIterator[AsyncEngine]:
    """Reads every row of every table, to see what was really stored."""
    made = engine(module_database.auditor)
    yield made
    await made.dispose()


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    """One hasher for all tests: it makes its dummy hash but once."""
    return Passwords()


@pytest.fixture
def new_connection(control: AsyncEngine) -> NewConnection:
    """Makes a workspace with one Meta connection; gives the ids of both."""

    async def make() -> tuple[UUID, UUID]:
        workspace_id = uuid4()
        async with transaction(control, workspace_id=workspace_id) as db:
            await add_workspace(db, workspace_id, "Acme")
            connection_id = await connect(
                db, workspace_id, provider="meta", account_id="1", label="Acme on Meta"
            )
        return workspace_id, connection_id

    return make
