"""A projection's test asks for `spec`: its own database, all projections, one projector."""

from collections.abc import AsyncIterator

import pytest

from processors.projection import registered
from tests.processors.projections.spec import Spec
from tests.servers.databases import Database


@pytest.fixture
async def spec(database: Database) -> AsyncIterator[Spec]:
    """Given events, when more come, then rows."""
    made = Spec(database, registered())
    await made.open()
    yield made
    made.close()
