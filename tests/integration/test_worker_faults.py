"""Workers die and freeze at any moment; no number changes and nobody has to help."""

import asyncio

import pytest

from processors.failpoints import PLACES
from tests.integration.plant import Plant
from tests.streams.faults import disturbed
from tests.streams.world import Shape, world

pytestmark = pytest.mark.faults

SMALL = Shape(accounts=3, polls=10)


async def test_a_killed_and_a_frozen_worker_change_no_number(plant: Plant) -> None:
    """SIGKILL of one of two, then SIGSTOP of the other for 12 s: longer than its session."""
    first = await plant.worker(CHUNK="50")
    second = await plant.worker(CHUNK="50")
    messages = disturbed(world(seed=3, shape=SMALL), seed=4)
    producing = asyncio.create_task(plant.produce(messages, per_second=250))

    await plant.passed(len(messages) // 4)
    first.kill()
    await first.died(1)
    await plant.passed(len(messages) // 2)
    await second.pause(12)

    await producing
    await plant.verdict()
    assert first.exits == [-9]


async def test_a_worker_that_dies_at_each_point_of_its_commit_changes_no_number(
    plant: Plant,
) -> None:
    """Before the transaction, after rows, after the offset, after the commit, in Kafka's ack."""
    messages = disturbed(world(seed=5, shape=SMALL), seed=6)
    half = len(messages) // 2
    await plant.produce(messages[:half])
    points = [f"{place}:2" for place in PLACES]
    worker = await plant.worker(CHUNK="20", failpoints=points)
    producing = asyncio.create_task(plant.produce(messages[half:], per_second=200))

    await worker.died(len(points))
    await producing
    await plant.verdict()
    assert worker.exits == [-9] * len(points)
