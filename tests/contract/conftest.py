"""A house of its own for each test that starts workers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.house import House, open_house
from tests.servers.databases import Database


@pytest.fixture
def house(kafka_bootstrap: str, topics: str, database: Database, tmp_path: Path) -> Iterator[House]:
    """Topics, tables, and no worker yet."""
    with open_house(kafka_bootstrap, topics, database, tmp_path) as house:
        yield house
