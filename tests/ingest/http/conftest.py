"""People who connect accounts, on a sandbox of their own."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.ingest.connecting import Scene, scene_of
from tests.sandbox.running import Sandbox, running
from tests.servers.databases import Database


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """All platforms, with the default shop's accounts."""
    with running(tmp_path_factory.mktemp("consents"), "--days", "2") as sandbox:
        yield sandbox


@pytest.fixture
async def scene(module_database: Database, world: Sandbox) -> AsyncIterator[Scene]:
    """A process of the API whose platforms are the sandbox."""
    async with scene_of(module_database, world) as found:
        yield found
