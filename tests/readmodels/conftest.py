"""A world per file of tests, and a reader's transaction in one of its workspaces."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.database import engine, transaction
from tests.readmodels.world import World
from tests.servers.databases import Database

Reading = Callable[[UUID], AbstractAsyncContextManager[AsyncConnection]]


@pytest.fixture
async def world(module_database: Database) -> AsyncIterator[World]:
    """All projections over the file's database."""
    made = await World.open(module_database)
    yield made
    made.spec.close()


@pytest.fixture
async def reading(module_database: Database) -> AsyncIterator[Reading]:
    """Opens transactions of the reader's role, as the API does."""
    reader = engine(module_database.reader)
    yield lambda workspace_id: transaction(reader, workspace_id=workspace_id, snapshot=True)
    await reader.dispose()
