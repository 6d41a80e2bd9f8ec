"""Kafka is killed ten times, and stays away for 5 to 60 s, while events come in (R3, R0)."""

import asyncio
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest

from ingest.errors import NotAccepted
from ingest.publisher import Publisher
from schemas.codec import decode
from schemas.envelope import Envelope
from schemas.topics import Topic
from tests.chaos.journal import Journal
from tests.chaos.load import unrepeated
from tests.integration.plant import Plant
from tests.oracle.verdict import read_topics
from tests.servers.pair import Pair
from tests.streams.events import Message

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1_200)]

MINUTES = [60] * 5
SHORT = [5, 19, 9, 30, 13]
"""Seconds: within a session of 10 and a stuck producer's 15, about them, and beyond both."""

MORE_THAN_A_WORLD = 10_000
"""Events: a stream that began anew would long have repeated itself."""


@pytest.mark.parametrize("outages", [MINUTES, SHORT], ids=["minutes", "short"])
async def test_five_outages_of_kafka_lose_no_acknowledged_event(
    own_plant: tuple[Plant, Pair], tmp_path: Path, outages: Sequence[int]
) -> None:
    """Nobody has to start anew, nor who was started meanwhile; a minute later the lag is gone."""
    plant, pair = own_plant
    await plant.worker()
    await plant.worker()
    journal = Journal(tmp_path / "journal")
    publisher = Publisher(plant.bootstrap, plant.prefix, publish_seconds=20)
    publishing = asyncio.create_task(_publish(publisher, journal, stop := asyncio.Event()))
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


async def test_a_lost_event_is_noticed_however_late(plant: Plant, tmp_path: Path) -> None:
    """The mutant: a publisher that acknowledges one event that it never sent."""
    journal = Journal(tmp_path / "journal")
    stop = asyncio.Event()
    publisher = Forgetful(plant.bootstrap, plant.prefix, stop)
    assert await _publish(publisher, journal, stop, pause=0) > MORE_THAN_A_WORLD
    missing = journal.missing(await read_topics(plant.bootstrap, plant.prefix))
    assert [name.decode().partition("/")[2] for name in missing] == [publisher.forgotten]


class Forgetful(Publisher):
    """Leaves out one event when it has published more than a world of them."""

    def __init__(self, bootstrap: str, topic_prefix: str, stop: asyncio.Event) -> None:
        super().__init__(bootstrap, topic_prefix)
        self.forgotten = ""
        self._published = 0
        self._stop = stop

    async def publish(self, *events: Envelope, within_seconds: float | None = None) -> None:
        """All, or all but the first."""
        self._published += len(events)
        if self._published > MORE_THAN_A_WORLD:
            self.forgotten = str(events[0].event_id)
            events = events[1:]
            self._stop.set()
        await super().publish(*events, within_seconds=within_seconds)


async def _publish(
    publisher: Publisher, journal: Journal, stop: asyncio.Event, pause: float = 0.1
) -> int:
    """Publish as pollers do: what was not acknowledged is published again; how many were."""
    stream = unrepeated(seed=1)
    batch: list[Message] = []
    acknowledged = 0
    async with publisher:
        while not stop.is_set():
            batch = batch or list(islice(stream, 20))
            try:
                await publisher.publish(*(decode(Topic(each.topic), each.value) for each in batch))
            except NotAccepted:
                continue
            journal.acknowledged(batch)
            acknowledged += len(batch)
            batch = []
            await asyncio.sleep(pause)
    return acknowledged


async def _moves_on(plant: Plant, within: float) -> None:
    """Rows have caught up with what Kafka held when it came back."""
    began = time.monotonic()
    await plant.settled(within)
    assert time.monotonic() - began < within
