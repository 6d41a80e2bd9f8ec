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
async def another_plant(
    kafka_bootstrap: str, topic_prefix: str, databases: Databases, tmp_path: Path
) -> AsyncIterator[Callable[[], Plant]]:
    """Makes as many more, each with nothing in it, as runs are to be compared."""
    made: list[Plant] = []

    def make() -> Plant:
        name = f"another-{len(made)}"
        prefix, logs = f"{topic_prefix}{name}.", tmp_path / name
        create(kafka_bootstrap, prefix)
        logs.mkdir()
        made.append(Plant(kafka_bootstrap, prefix, databases.make(), logs))
        return made[-1]

    yield make
    for each in made:
        await each.close()
        databases.drop(each.database)


@pytest.fixture
def second_plant(another_plant: Callable[[], Plant]) -> Plant:
    """Another, to be compared with the first."""
    return another_plant()


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
