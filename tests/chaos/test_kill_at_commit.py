"""Twenty deaths at each point of the commit (R1); and a worker whose offset goes first."""

import asyncio
from random import Random

import pytest

from processors.failpoints import PLACES
from tests.chaos.load import endless, load, until
from tests.integration.plant import Plant

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]

KILLS = 20


@pytest.mark.parametrize("place", PLACES)
async def test_twenty_deaths_at_one_point_change_no_number(plant: Plant, place: str) -> None:
    """Each life ends at the first to third time that it passes by; there is never a hole."""
    random = Random(place)
    points = [f"{place}:{random.randint(1, 3)}" for _ in range(KILLS)]
    worker = await plant.worker(CHUNK="20", failpoints=points)
    stream = until(lambda: len(worker.exits) >= KILLS, endless(seed=PLACES.index(place)))
    producing = asyncio.create_task(plant.produce(stream, per_second=120))

    await worker.died(KILLS, within=400)
    await producing
    await plant.verdict()
    assert worker.exits == [-9] * KILLS
    assert "hole" not in plant.log_of(0)


async def test_an_offset_that_goes_before_its_rows_is_noticed(plant: Plant) -> None:
    """The mutant: one death between both transactions loses a chunk for ever."""
    await plant.produce(load(seed=9, messages=2_000))
    worker = await plant.worker(
        CHUNK="20", MUTANT="offset_before_rows", failpoints=["after_offset:4"]
    )
    await worker.died(1)
    with pytest.raises(AssertionError, match="rows missing"):
        await plant.verdict()
