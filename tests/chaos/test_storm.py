"""Workers killed and frozen under load (R2); and a worker that does not look at the offset."""

import asyncio
from itertools import islice

import pytest

from tests.chaos.load import load, storm, unrepeated
from tests.integration.plant import Plant

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(900)]


async def test_five_kills_and_five_pauses_change_no_number(plant: Plant) -> None:
    """Three workers, 400 events a second, pauses beyond the session; all come back."""
    workers = [await plant.worker(CHUNK="200") for _ in range(3)]
    producing = asyncio.create_task(plant.produce(load(seed=1, messages=36_000), per_second=400))
    await plant.passed(1_000)

    await storm(workers, seed=11, kills=5, pauses=5)

    await producing
    await plant.verdict(within=90)
    assert sum(worker.exits.count(-9) for worker in workers) == 5
    assert sum(worker.pauses for worker in workers) == 5


async def test_a_worker_that_does_not_look_at_the_offset_is_noticed(plant: Plant) -> None:
    """The mutant: what a zombie still holds when it wakes is applied a second time."""
    frozen = await plant.worker(CHUNK="20", MUTANT="offset_unseen")
    await plant.passed(0)
    # No poison: its dead letter stands there already when it comes twice, which ends the worker's
    # way before anything is counted twice.
    stream = list(islice(unrepeated(seed=2), 30_000))
    producing = asyncio.create_task(plant.produce(stream, per_second=500))
    await plant.passed(1_000)
    await plant.worker(CHUNK="20", MUTANT="offset_unseen")
    for _ in range(3):  # one may come between two chunks, and find nothing held
        await frozen.pause(14)
        await asyncio.sleep(4)
    await producing
    with pytest.raises(AssertionError, match=r"passed \d+ offsets and counted \d+ records"):
        await plant.verdict()
