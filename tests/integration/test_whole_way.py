"""Late, twice, out of order, and one in a hundred no event at all: the rows are the oracle's."""

import asyncpg
import pytest

from tests.integration.plant import Plant
from tests.streams.events import Scene
from tests.streams.faults import disturbed
from tests.streams.world import world


async def test_a_disturbed_world_leaves_the_rows_of_the_oracle(plant: Plant) -> None:
    """Two workers, every topic, two clock changes, half-hour zones."""
    await plant.worker()
    await plant.worker()
    await plant.produce(disturbed(world(seed=1), seed=2))
    found = await plant.verdict()
    assert len(found.dead) > 20
    assert all(found.rows.values()), "some view had nothing to compare"


async def test_one_micro_too_many_is_noticed(plant: Plant) -> None:
    """The verdict itself, on rows and books that somebody has touched."""
    await plant.worker()
    await plant.produce([Scene().seen("10:20", {10: 2_000_000})])
    await plant.verdict()
    for touched in (
        "UPDATE ad_windows_v1.ad_day SET spend_micros = spend_micros + 1 WHERE level = 'campaign'",
        "UPDATE processing.projection_offset SET applied = applied + 1 WHERE next_offset > 0",
        "DELETE FROM ad_windows_v1.account_day",
    ):
        await _touch(plant, touched)
        with pytest.raises(AssertionError):
            await plant.verdict()
        await _touch(plant, touched.replace("+ 1", "- 1"))


async def _touch(plant: Plant, sql: str) -> None:
    connection = await asyncpg.connect(plant.database.superuser)
    await connection.execute(sql)
    await connection.close()
