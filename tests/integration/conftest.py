"""`plant`: a test's own topics and database in the run's servers; `own_plant`: servers to kill."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.integration.plant import Plant
from tests.servers.databases import Database
from tests.servers.pair import Pair
from tests.servers.topics import create


@pytest.fixture
async def plant(
    kafka_bootstrap: str, topics: str, database: Database, tmp_path: Path
) -> AsyncIterator[Plant]:
    """Shared servers, nothing in them yet."""
    made = Plant(kafka_bootstrap, topics, database, tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def own_plant(
    own_servers: Callable[..., Pair], topic_prefix: str, tmp_path: Path
) -> AsyncIterator[tuple[Plant, Pair]]:
    """Servers that belong to the test alone."""
    pair = own_servers()
    create(pair.kafka.bootstrap, topic_prefix)
    made = Plant(pair.kafka.bootstrap, topic_prefix, pair.databases().make(), tmp_path)
    yield made, pair
    await made.close()
