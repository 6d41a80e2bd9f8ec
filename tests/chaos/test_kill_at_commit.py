"""Twenty deaths at each point of the commit (R1); and a worker whose offset goes first."""

import asyncio
from itertools import pairwise
from random import Random

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from processors.failpoints import PLACES, Place
from tests.chaos.load import endless, load, until
from tests.integration.plant import Plant
from tests.integration.workers import Worker

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]

KILLS = 20
SAME_GROUP_EVERY = 4
"""Lives: this one is a member of the group that the last one died in."""

LATER: dict[Place, int] = {"in_ack": 3}
LATER_BY_CHUNKS = 250
"""Times by which Kafka has an offset of the group, for it is told one a second."""


@pytest.mark.parametrize("place", PLACES)
async def test_twenty_deaths_at_one_point_change_no_number(plant: Plant, place: Place) -> None:
    """There is never a hole: neither from a group of which Kafka knows nothing, nor from another.

    Most lives end at the first to third time that they pass by; those before a life in the same
    group when Kafka has been told how far they are.
    """
    random = Random(place)
    points = [f"{place}:{random.randint(1, 3)}" for _ in range(KILLS)]
    for life in range(SAME_GROUP_EVERY - 2, KILLS, SAME_GROUP_EVERY):
        points[life] = f"{place}:{LATER.get(place, LATER_BY_CHUNKS)}"
    worker = await plant.worker(CHUNK="20", failpoints=points)
    worker.keeps_group_every = SAME_GROUP_EVERY
    stream = until(lambda: len(worker.exits) >= KILLS, endless(seed=PLACES.index(place)))
    producing = asyncio.create_task(plant.produce(stream, per_second=120))
    looking = asyncio.create_task(_known_to_kafka(plant.bootstrap, worker))

    await worker.died(KILLS, within=400)
    await producing
    await plant.verdict()
    assert worker.exits == [-9] * KILLS
    assert "hole" not in plant.log_of(0)
    known = await looking
    assert len(known) == KILLS // SAME_GROUP_EVERY
    assert all(known), "Kafka had no offset of a group that was joined again"


async def test_an_offset_that_goes_before_its_rows_is_noticed(plant: Plant) -> None:
    """The mutant: one death between both transactions loses a chunk for ever."""
    await plant.produce(load(seed=9, messages=2_000))
    worker = await plant.worker(
        CHUNK="20", MUTANT="offset_before_rows", failpoints=["after_offset:4"]
    )
    await worker.died(1)
    with pytest.raises(AssertionError, match="rows missing"):
        await plant.verdict()


async def _known_to_kafka(bootstrap: str, worker: Worker) -> list[int]:
    """For each life that joined the last one's group: of how many partitions Kafka had an offset.

    Asked at once: until the dead member is dropped, ten seconds later, the new one has none.
    """
    known: list[int] = []
    seen = 0
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        while len(worker.exits) < KILLS:
            await asyncio.sleep(0.2)
            groups = worker.groups[:]
            for last, group in pairwise(groups[max(seen - 1, 0) :]):
                if last == group:
                    known.append(len(await admin.list_consumer_group_offsets(group)))
            seen = len(groups)
    finally:
        await admin.close()
    return known
