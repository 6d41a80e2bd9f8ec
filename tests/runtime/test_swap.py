"""An update raises a projection's version: readers see the old rows, then the new ones, unasked."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

import runtime.migrate as migrate
from processors.projections.ad_windows import projection
from readmodels.roles import LOGINS
from runtime.embedded.ports import free_port
from runtime.settings import variable
from tests.integration.plant import Plant
from tests.integration.plants import plant
from tests.oracle.ad_rows import Row
from tests.oracle.rows import expected
from tests.oracle.verdict import differing_rows, read_models, read_topics
from tests.runtime.bumped import VERSION
from tests.streams.events import Scene
from tests.streams.world import world

__all__ = ["plant"]

_PROJECT = Path(__file__).parents[2]
_VIEWS = tuple(projection.views)


@pytest.fixture
async def filled(plant: Plant) -> Plant:
    """The version that serves has folded a world; its worker is gone."""
    worker = await plant.worker()
    await plant.produce(world(seed=1))
    await plant.verdict()
    await worker.stop()
    return plant


@pytest.fixture
def environment(filled: Plant, tmp_path: Path) -> dict[str, str]:
    """The same servers as settings."""
    return {
        **os.environ,
        variable("data_dir"): str(tmp_path / "data"),
        variable("http.port"): str(free_port()),
        variable("kafka.bootstrap"): filled.bootstrap,
        variable("kafka.topic_prefix"): filled.prefix,
        **{variable(f"postgres.{role}"): getattr(filled.database, role) for role in LOGINS},
    }


@pytest.fixture
async def auditor(filled: Plant) -> AsyncIterator[asyncpg.Connection]:
    """Sees what readers see, of all workspaces."""
    connection = await asyncpg.connect(filled.database.auditor)
    yield connection
    await connection.close()


@pytest.mark.timeout(180)
async def test_up_shows_a_new_version_when_it_is_filled(
    filled: Plant, environment: dict[str, str], auditor: asyncpg.Connection
) -> None:
    """No second command; never fewer rows than before; and from then on events show again."""
    before = await _rows(auditor)
    up = await _started(environment, "up")
    try:
        async with asyncio.timeout(90):
            while await _shown(auditor) != VERSION:
                assert up.returncode is None
                assert await _rows(auditor) == before
        assert await _rows(auditor) == before
        await filled.produce([Scene().seen("10:20", {10: 2_000_000})])
        await _until_as_the_oracle_says(filled, auditor)
        assert await _rows(auditor) != before
    finally:
        up.terminate()
        said, _ = await asyncio.wait_for(up.communicate(), 20)
    assert up.returncode == 0, said.decode()


@pytest.mark.timeout(120)
async def test_migrate_says_what_is_to_be_filled_and_swap_shows_it(
    filled: Plant, environment: dict[str, str], auditor: asyncpg.Connection
) -> None:
    """Where workers are started by others, as in compose.yaml."""
    said, _ = await (await _started(environment, "migrate")).communicate()
    assert f"ad_windows v{VERSION} is to be filled: " in said.decode()
    assert f"readers see v{projection.version}, which stands still" in said.decode()
    waiting = await _started(environment, "swap")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(waiting.wait(), 3)
    assert await _shown(auditor) == projection.version
    worker = await _started(environment, "worker")
    try:
        assert await asyncio.wait_for(waiting.wait(), 60) == 0
        assert await _shown(auditor) == VERSION
    finally:
        worker.terminate()
        assert await asyncio.wait_for(worker.wait(), 20) == 0


async def test_a_reader_in_the_way_is_not_made_to_wait(
    filled: Plant, auditor: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The swap gives up after a moment, says so, and works when the reader is done."""
    newer = replace(projection, version=VERSION)
    monkeypatch.setattr(migrate, "registered", lambda: (newer,))
    await migrate.migrate(filled.database.owner)
    superuser = await asyncpg.connect(filled.database.superuser)
    await superuser.execute("UPDATE processing.projection_offset SET version = $1", VERSION)
    await superuser.close()
    slow = await asyncpg.connect(filled.database.auditor)
    async with slow.transaction():
        await slow.fetch("SELECT 1 FROM readmodels.ad_day LIMIT 1")
        [filling] = await migrate.show_level(filled.database.owner)
        assert filling == migrate.Filling("ad_windows", VERSION, projection.version, 0)
        assert await asyncio.wait_for(_rows(auditor), 5)
    await slow.close()
    assert await migrate.show_level(filled.database.owner) == []
    assert await _shown(auditor) == VERSION


async def _started(environment: dict[str, str], *command: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.runtime.bumped", *command),
        cwd=_PROJECT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def _shown(auditor: asyncpg.Connection) -> int:
    query = "SELECT version FROM processing.serving WHERE projection = 'ad_windows'"
    return await auditor.fetchval(query)


async def _rows(auditor: asyncpg.Connection) -> dict[str, set[Row]]:
    found: dict[str, Sequence[Row]] = dict((await read_models(auditor, _VIEWS)).rows)
    return {view: set(rows) for view, rows in found.items()}


async def _until_as_the_oracle_says(plant: Plant, auditor: asyncpg.Connection) -> None:
    records = await read_topics(plant.bootstrap, plant.prefix)
    open_from = await auditor.fetchval("SELECT day FROM processing.open_from")
    wanted = await asyncio.to_thread(expected, records, open_from)
    async with asyncio.timeout(30):
        while differing_rows(wanted.rows, (await read_models(auditor, _VIEWS)).rows):
            pass  # each look takes its time
