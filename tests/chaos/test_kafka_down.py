"""Kafka is killed ten times, and stays away for 5 to 60 s, while events come in (R3, R0)."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.errors import NotAccepted
from ingest.publisher import Publisher
from schemas.codec import decode
from schemas.topics import Topic
from tests.chaos.journal import Journal
from tests.chaos.load import SHAPE
from tests.integration.plant import Plant
from tests.oracle.verdict import read_topics
from tests.servers.pair import Pair
from tests.streams.events import as_records
from tests.streams.faults import Faults, disturbed
from tests.streams.world import world

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1_200)]

MINUTES = [60] * 5
SHORT = [5, 19, 9, 30, 13]
"""Seconds: within a session of 10 and a stuck producer's 15, about them, and beyond both."""

NO_POISON = Faults(poison=0)
"""A publisher refuses poison; it reaches topics by other doors."""


@pytest.mark.parametrize("outages", [MINUTES, SHORT], ids=["minutes", "short"])
async def test_five_outages_of_kafka_lose_no_acknowledged_event(
    own_plant: tuple[Plant, Pair], tmp_path: Path, outages: Sequence[int]
) -> None:
    """Nobody has to start anew, nor who was started meanwhile; a minute later the lag is gone."""
    plant, pair = own_plant
    await plant.worker()
    await plant.worker()
    journal = Journal(tmp_path / "journal")
    publishing = asyncio.create_task(_publish(plant, journal, stop := asyncio.Event()))
    try:
        for outage, seconds in enumerate(outages):
            await asyncio.sleep(8)
            pair.kafka.kill()
            if outage == 0:
                await plant.worker()
            await asyncio.sleep(seconds)
            await asyncio.to_thread(pair.kafka.start)
            await _moves_on(plant, within=60)
    finally:
        stop.set()
    sent = await publishing
    await plant.verdict()
    assert sent > len(outages) * 400
    assert not journal.missing(await read_topics(plant.bootstrap, plant.prefix))
    assert [worker.exits for worker in plant.workers] == [[], [], []]


def test_a_lost_event_is_noticed(tmp_path: Path) -> None:
    """The mutant: a topic that holds one event less than was acknowledged."""
    messages = list(world(seed=1, shape=SHAPE))[:100]
    journal = Journal(tmp_path / "journal")
    journal.acknowledged(messages)
    assert not journal.missing(as_records(messages))
    assert len(journal.missing(as_records(messages[:-1]))) == 1


async def _publish(plant: Plant, journal: Journal, stop: asyncio.Event) -> int:
    """Publish as pollers do: what was not acknowledged is published again; how many were."""
    stream = disturbed(world(seed=1, shape=SHAPE), seed=1, faults=NO_POISON)
    acknowledged = 0
    async with Publisher(plant.bootstrap, plant.prefix, publish_seconds=20) as publisher:
        while not stop.is_set():
            batch = [stream[(acknowledged + i) % len(stream)] for i in range(20)]
            events = [decode(Topic(each.topic), each.value) for each in batch]
            try:
                await publisher.publish(*events)
            except NotAccepted:
                continue
            journal.acknowledged(batch)
            acknowledged += len(batch)
            await asyncio.sleep(0.1)
    return acknowledged


async def _moves_on(plant: Plant, within: float) -> None:
    """Rows have caught up with what Kafka held when it came back."""
    began = time.monotonic()
    await plant.settled(within)
    assert time.monotonic() - began < within
