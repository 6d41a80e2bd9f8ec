"""A Kafka that is killed and comes back loses no event that was accepted."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.publisher import Publisher
from schemas.topics import Topic
from tests.ingest.asked import asked
from tests.ingest.outage import Outage, first_seen, outage, until
from tests.ingest.own_kafka import OwnKafka
from tests.ingest.topic_content import content, ids
from tests.servers import topics

pytestmark = [pytest.mark.server, pytest.mark.faults]

PREFIX = "outage."


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnKafka]:
    """One that these tests may kill."""
    kafka = OwnKafka(tmp_path_factory.mktemp("kafka"))
    topics.create(kafka.bootstrap, PREFIX)
    yield kafka
    kafka.close()


@pytest.fixture(scope="module")
def over(kafka: OwnKafka, tmp_path_factory: pytest.TempPathFactory) -> Outage:
    """The outage, when it is over."""
    return asyncio.run(outage(kafka, PREFIX, tmp_path_factory.mktemp("outage")))


def test_every_accepted_event_is_in_the_topic(over: Outage) -> None:
    """Those answered before, during and after."""
    assert over.spooled > 0
    assert over.edge.all_accepted <= over.in_the_topic


def test_nobody_was_refused_or_waited_long(over: Outage) -> None:
    """Half a second for Kafka, and an fsync."""
    assert over.edge.refused == []
    assert over.edge.longest_seconds < 1.5


def test_events_of_a_partition_stay_in_order(over: Outage) -> None:
    """Behind a spooled event later ones queue, also those that were already on their way."""
    seen = first_seen(over.lying)
    for workspace, accepted in over.edge.accepted.items():
        assert seen[workspace] == accepted


def test_a_copy_is_the_same_bytes(over: Outage) -> None:
    """`recorded_at` was stamped before the first send, and kept."""
    assert len({each.value for each in over.lying}) == len(over.in_the_topic)


def test_a_publish_waits_until_kafka_is_back(over: Outage) -> None:
    """A poller needs no spool: it waits, or reads again."""
    assert over.published in over.in_the_topic


def test_a_killed_process_leaves_its_spool_to_the_next(over: Outage) -> None:
    """kill -9 while it spools: what it had answered is in the topic, and its folder is gone."""
    assert len(over.by_the_killed) >= 20
    assert over.by_the_killed <= over.in_the_topic
    assert over.left_behind == [".lock"]


async def test_a_paused_kafka_does_not_hold_an_edge(kafka: OwnKafka, tmp_path: Path) -> None:
    """A broker that hangs says less than one that is gone."""
    async with Publisher(kafka.bootstrap, PREFIX, spool_folder=tmp_path) as publisher:
        await publisher.publish(asked())
        kafka.pause()
        try:
            event, began = asked(), time.monotonic()
            await publisher.accept(event)
            assert time.monotonic() - began < 1.5
        finally:
            kafka.resume()
        await until(lambda: publisher.spooled == 0)
    assert event.event_id in ids(await content(kafka.bootstrap, PREFIX, Topic.SYNC_REQUESTS))
