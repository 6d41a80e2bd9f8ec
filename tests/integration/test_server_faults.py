"""Kafka and PostgreSQL die under load and come back; the workers go on by themselves."""

import asyncio

import pytest

from tests.integration.plant import Plant
from tests.servers.pair import Pair
from tests.streams.faults import disturbed
from tests.streams.world import Shape, world

pytestmark = pytest.mark.faults

SMALL = Shape(accounts=3, polls=10)


async def test_a_killed_kafka_and_a_killed_postgresql_change_no_number(
    own_plant: tuple[Plant, Pair],
) -> None:
    """Each is killed once and is away for some seconds, while events come in.

    A worker that is started while Kafka is away waits for it like the others.
    """
    plant, pair = own_plant
    await plant.worker(CHUNK="50")
    await plant.worker(CHUNK="50")
    messages = disturbed(world(seed=7, shape=SMALL), seed=8)
    producing = asyncio.create_task(plant.produce(messages, per_second=250))

    await plant.passed(len(messages) // 4)
    pair.postgres.kill()
    await asyncio.sleep(3)
    await asyncio.to_thread(pair.postgres.start)

    await plant.passed(len(messages) // 2)
    pair.kafka.kill()
    await plant.worker(CHUNK="50")
    async with asyncio.timeout(10):
        while "Kafka does not answer: waiting" not in plant.log_of(2):  # noqa: ASYNC110  # a file
            await asyncio.sleep(0.1)
    await asyncio.to_thread(pair.kafka.start)

    await producing
    await plant.verdict()
    faults_waited_out_in_place: list[list[int]] = [[], [], []]
    assert [worker.exits for worker in plant.workers] == faults_waited_out_in_place
