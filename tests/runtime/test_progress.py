"""What `metricx status` calls amiss: what stands still, what was refused, what nobody sees."""

from dataclasses import replace

import asyncpg
import pytest

from accounts.database import engine
from runtime.positions import Position, Reach
from runtime.progress import Progress, look
from schemas.topics import Topic
from tests.integration.plant import Plant
from tests.integration.plants import plant
from tests.streams.events import Scene
from tests.streams.poison import every_poison

__all__ = ["plant"]

AT = Position("ad_windows", 2, Topic.AD_METRICS, 0, 5, 0)
WELL = Progress({(Topic.AD_METRICS, 0): 9}, [AT], [], {}, {"ad_windows": 2})


def test_to_be_behind_and_move_is_well() -> None:
    """There is always something on its way."""
    assert WELL.amiss() == []
    assert WELL.sums() == {("ad_windows v2", "ad-metrics"): [5, 4, 0]}


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (replace(WELL, still=[AT]), "ad_windows stands still, 4 events behind."),
        (replace(WELL, fresh_dead={"ad_windows": 3}), "ad_windows refused 3 events"),
        (replace(WELL, shown={"ad_windows": 1}), "Readers see ad_windows v1, which stands still"),
    ],
)
def test_each_of_these_is_amiss(seen: Progress, said: str) -> None:
    """With the place to look at."""
    [line] = seen.amiss()
    assert line.startswith(said)


async def _looked(plant: Plant) -> Progress:
    auditor = engine(plant.database.auditor, pool_size=1)
    try:
        async with Reach(auditor, plant.bootstrap, plant.prefix) as reach:
            return await look(reach, patience_seconds=1.0)
    finally:
        await auditor.dispose()


async def test_events_that_nobody_folds_are_amiss_until_a_worker_has(plant: Plant) -> None:
    """Seen on a real Kafka and PostgreSQL."""
    await plant.produce([Scene().seen("10:20", {10: 2_000_000})])
    [line] = (await _looked(plant)).amiss()
    assert line.startswith("ad_windows stands still, 1 events behind.")
    await plant.worker()
    await plant.settled()
    assert (await _looked(plant)).amiss() == []


async def test_what_was_refused_is_amiss_for_a_day(plant: Plant) -> None:
    """It stays in the table for ever."""
    await plant.produce(every_poison(Scene().seen("10:20", {10: 2_000_000})).values())
    await plant.worker()
    await plant.settled()
    [line] = (await _looked(plant)).amiss()
    assert "refused" in line
    superuser = await asyncpg.connect(plant.database.superuser)
    await superuser.execute(
        "UPDATE processing.dead_letter SET parked_at = now() - '24 h'::interval"
    )
    await superuser.close()
    assert (await _looked(plant)).amiss() == []
