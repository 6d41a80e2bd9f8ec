"""Late, twice, out of order, and one in a hundred no event at all: the rows are the oracle's."""

import asyncpg
import pytest

from tests.integration.plant import Plant
from tests.streams.events import Scene
from tests.streams.faults import disturbed
from tests.streams.world import world

OFFSETS = "UPDATE processing.projection_offset SET"

TOUCHED = {
    "UPDATE ad_windows_v1.ad_day SET spend_micros = spend_micros + 1 WHERE level = 'campaign'":
        "ad_day: 1 rows missing, 1 wrong",
    f"{OFFSETS} applied = applied + 1 WHERE next_offset > 0": "passed 122 offsets and counted 123",
    f"{OFFSETS} applied = applied + 1, duplicate = duplicate - 1 WHERE next_offset > 0":
        "0 duplicates, but 1 were held",
    "DELETE FROM ad_windows_v1.account_day": "account_day: 1 rows missing, 0 wrong",
}  # fmt: skip
"""What somebody does to rows and books, and the line that tells of it."""

BACK = str.maketrans("+-", "-+")


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
    await plant.worker(CHUNK="1")
    scene = Scene()
    seen = scene.seen("10:20", {10: 2_000_000})
    # Between both copies more than a transaction takes.
    others = [scene.covered(f"09:{number // 60:02}:{number % 60:02}") for number in range(120)]
    await plant.produce([seen, *others, seen])
    await plant.verdict()
    for touched, told in TOUCHED.items():
        await _touch(plant, touched)
        with pytest.raises(AssertionError, match=told):
            await plant.verdict()
        await _touch(plant, touched.translate(BACK))


async def _touch(plant: Plant, sql: str) -> None:
    connection = await asyncpg.connect(plant.database.superuser)
    await connection.execute(sql)
    await connection.close()
