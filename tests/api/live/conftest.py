"""A served application, and a world whose events it tells of."""

from collections.abc import AsyncIterator

import pytest

from tests.api.serving import Served, served
from tests.readmodels.conftest import reading, world
from tests.servers.databases import Database

__all__ = ["reading", "world"]


@pytest.fixture
async def api(module_database: Database) -> AsyncIterator[Served]:
    """The application on a port, over the file's database."""
    async with served(module_database) as made:
        yield made
