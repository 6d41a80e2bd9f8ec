"""Plants as fixtures: a test's own topics and database in the run's servers, or in its own."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.integration.plant import Plant
from tests.servers.databases import Database, Databases
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
async def second_plant(
    kafka_bootstrap: str, topic_prefix: str, databases: Databases, tmp_path: Path
) -> AsyncIterator[Plant]:
    """Another, to be compared with the first."""
    prefix = f"{topic_prefix}second."
    create(kafka_bootstrap, prefix)
    database, logs = databases.make(), tmp_path / "second"
    logs.mkdir()
    made = Plant(kafka_bootstrap, prefix, database, logs)
    yield made
    await made.close()
    databases.drop(database)


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
