"""The publisher on a real Kafka, and without one."""

import asyncio
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from aiokafka import TopicPartition

from ingest.errors import EventRefused, NotAccepted
from ingest.publisher import Publisher
from ingest.record import Lane, Record
from schemas.codec import decode
from schemas.limits import MAX_EVENT_BYTES
from schemas.topics import Topic, partition_of, workspace_key
from tests.ingest.asked import BEFORE, asked
from tests.ingest.outage import first_seen
from tests.ingest.topic_content import Lying, content, ids

REQUESTS = Topic.SYNC_REQUESTS


async def requests(bootstrap: str, prefix: str) -> list[Lying]:
    """What lies in the topic of these tests."""
    return await content(bootstrap, prefix, REQUESTS)


async def test_published_events_lie_in_the_partition_of_their_key(
    kafka_bootstrap: str, topics: str
) -> None:
    """By the catalogue's partitioner, all of them, once."""
    events = [asked(str(number)) for number in range(500)]
    async with Publisher(kafka_bootstrap, topics) as publisher:
        await publisher.publish(*events)
    lying = await requests(kafka_bootstrap, topics)
    assert sorted(ids(lying)) == sorted(event.event_id for event in events)
    for each in lying:
        key = workspace_key(each.event.workspace_id)
        assert (each.key, each.partition) == (key, partition_of(REQUESTS, key))


async def test_recorded_at_is_stamped_at_the_edge(kafka_bootstrap: str, topics: str) -> None:
    """Whatever its maker wrote."""
    async with Publisher(kafka_bootstrap, topics) as publisher:
        await publisher.publish(asked())
    (lying,) = await requests(kafka_bootstrap, topics)
    assert lying.event.recorded_at > BEFORE


async def test_a_refused_event_keeps_its_companions_out(kafka_bootstrap: str, topics: str) -> None:
    """Nothing is sent: a cursor behind it must not move."""
    over = msgspec.structs.replace(asked(), source="a" * MAX_EVENT_BYTES)
    async with Publisher(kafka_bootstrap, topics) as publisher:
        with pytest.raises(EventRefused):
            await publisher.publish(asked(), over)
    assert await requests(kafka_bootstrap, topics) == []


async def test_kafka_takes_a_value_at_the_limit(kafka_bootstrap: str, topics: str) -> None:
    """Publisher, topic and broker hold the same number; random bytes do not shrink by lz4."""
    largest = Record(Lane(REQUESTS, 0), b"key", os.urandom(MAX_EVENT_BYTES))
    async with Publisher(kafka_bootstrap, topics) as publisher:
        await publisher._producer.send([largest], within_seconds=10)


async def test_a_publish_ends_when_its_time_is_over(kafka_bootstrap: str, topics: str) -> None:
    """Then the cursor does not move."""
    async with Publisher("127.0.0.1:1", topics) as publisher:
        with pytest.raises(NotAccepted):
            await publisher.publish(asked(), within_seconds=0.2)


async def test_sequence_numbers_that_disagree_cost_a_producer_and_no_event(
    kafka_bootstrap: str, topics: str
) -> None:
    """OutOfOrderSequence lasts for ever: a new producer sends the same bytes (aiokafka 1017)."""
    events = [asked(workspace_id=UUID(int=1)) for _ in range(3)]
    partition = partition_of(REQUESTS, workspace_key(UUID(int=1)))
    async with Publisher(kafka_bootstrap, topics) as publisher:
        await publisher.publish(events[0])
        generation: Any = publisher._producer._generation
        sequence = generation._producer._txn_manager.increment_sequence_number
        sequence(TopicPartition(REQUESTS.physical(topics), partition), 7)
        await publisher.publish(*events[1:], within_seconds=20)
        assert publisher._producer._generation is not generation
    lying = await requests(kafka_bootstrap, topics)
    assert first_seen(lying) == {UUID(int=1): [event.event_id for event in events]}


async def test_an_edge_without_kafka_starts_and_accepts(tmp_path: Path) -> None:
    """Half a second later the event is on the disk."""
    async with Publisher("127.0.0.1:1", "t.", spool_folder=tmp_path) as publisher:
        await publisher.accept(asked())
        assert publisher.spooled == 1


async def test_an_event_on_its_way_is_not_overtaken_in_the_spool(tmp_path: Path) -> None:
    """When the first gives Kafka up, the second, still waiting, goes to the disk before a third."""
    one = UUID(int=1)
    async with Publisher("127.0.0.1:1", "t.", spool_folder=tmp_path) as publisher:
        events = [asked(str(number), one) for number in range(3)]
        first = asyncio.create_task(publisher.accept(events[0]))
        await asyncio.sleep(0.3)
        second = asyncio.create_task(publisher.accept(events[1]))
        await first
        await publisher.accept(events[2])
        await second
        assert publisher._spool is not None
        records = [each for part in publisher._spool._segments for each in part.records()]
    assert [decode(REQUESTS, each.value).event_id for each in records] == [
        event.event_id for event in events
    ]


async def test_without_kafka_and_room_nothing_is_accepted(tmp_path: Path) -> None:
    """The edge answers 503."""
    async with Publisher(
        "127.0.0.1:1", "t.", spool_folder=tmp_path, spool_bound_bytes=10
    ) as publisher:
        with pytest.raises(NotAccepted, match="bytes are used"):
            await publisher.accept(asked())
        assert publisher.spooled == 0


async def test_without_a_spool_nothing_is_accepted_while_kafka_is_away() -> None:
    """A process that has no spool says so."""
    async with Publisher("127.0.0.1:1", "t.") as publisher:
        with pytest.raises(NotAccepted, match="no spool"):
            await publisher.accept(asked())
