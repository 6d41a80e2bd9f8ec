"""The publisher on a real Kafka, and without one."""

import asyncio
import os
import threading
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from structlog.testing import capture_logs

from ingest.errors import EventRefused, NotAccepted
from ingest.publisher import Publisher
from ingest.record import Lane, Record, record
from ingest.spool import Segment, Spool
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


async def test_a_disk_that_hangs_is_said_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The edge answers 503 instead of holding the request."""
    hangs = threading.Event()
    monkeypatch.setattr("ingest.publisher.SPOOL_SECONDS", 0.1)
    async with Publisher("127.0.0.1:1", "t.", spool_folder=tmp_path) as publisher:
        monkeypatch.setattr(os, "fsync", lambda _descriptor: hangs.wait(5))
        began = time.monotonic()
        with pytest.raises(NotAccepted, match="neither Kafka nor the disk"):
            await publisher.accept(asked())
        assert time.monotonic() - began < 1.5
        hangs.set()


async def test_a_caller_that_leaves_does_not_hold_its_partition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gone while the disk refuses its event: nothing of the partition is in the spool."""
    hangs = threading.Event()

    def refuse(_descriptor: int) -> None:
        hangs.wait(5)
        raise OSError(28, "No space left on device")

    async with Publisher("127.0.0.1:1", "t.", spool_folder=tmp_path) as publisher:
        monkeypatch.setattr(os, "fsync", refuse)
        leaving = asyncio.create_task(publisher.accept(asked()))
        await asyncio.sleep(0.7)
        leaving.cancel()
        await asyncio.wait({leaving})
        hangs.set()
        async with asyncio.timeout(5):
            while publisher.spooled:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_a_spool_into_which_events_keep_coming_comes_to_its_end(
    kafka_bootstrap: str, topics: str, tmp_path: Path
) -> None:
    """Else one outage would turn every later event of a busy partition to the disk, for ever."""
    one, accepted = UUID(int=1), list[UUID]()
    async with Publisher("127.0.0.1:1", topics, spool_folder=tmp_path) as publisher:
        before = asked(workspace_id=one)
        await publisher.accept(before)

    async def visit(publisher: Publisher) -> None:
        while not over.is_set():
            event = asked(workspace_id=one)
            await publisher.accept(event)
            accepted.append(event.event_id)

    over = asyncio.Event()
    async with Publisher(kafka_bootstrap, topics, spool_folder=tmp_path) as publisher:
        visits = [asyncio.create_task(visit(publisher)) for _ in range(8)]
        try:
            async with asyncio.timeout(10):
                while publisher.spooled:  # noqa: ASYNC110
                    await asyncio.sleep(0.001)
                await asyncio.sleep(0.3)
            assert publisher.spooled == 0
        finally:
            over.set()
            await asyncio.gather(*visits)
    assert {before.event_id, *accepted} <= set(ids(await requests(kafka_bootstrap, topics)))


async def test_who_waits_for_the_spools_end_is_not_overtaken(tmp_path: Path) -> None:
    """The next file is begun by another partition, and what comes then goes to it, in order."""
    one = UUID(int=1)
    lane = partition_of(REQUESTS, workspace_key(one))
    others = (UUID(int=number) for number in range(2, 99))
    two = next(each for each in others if partition_of(REQUESTS, workspace_key(each)) != lane)
    async with Publisher("127.0.0.1:1", "t.", spool_folder=tmp_path) as publisher:
        events = [asked(str(number), one) for number in range(3)]
        await publisher.accept(events[0])
        waits = asyncio.create_task(publisher.accept(events[1]))
        await asyncio.sleep(0.1)
        spooled_before = publisher.spooled
        assert publisher._spool is not None
        await publisher._to_spool(record(asked(workspace_id=two)))
        await publisher.accept(events[2])
        await waits
        records = [each for part in publisher._spool._segments for each in part.records()]
    seen = [decode(REQUESTS, each.value) for each in records]
    assert spooled_before == 1
    assert [event.event_id for event in seen if event.workspace_id == one] == [
        event.event_id for event in events
    ]


async def test_a_spool_that_cannot_be_read_is_tried_again(
    kafka_bootstrap: str, topics: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drainer outlives a disk's fault: nobody else would ever send what lies there."""
    async with Publisher("127.0.0.1:1", topics, spool_folder=tmp_path) as publisher:
        event = asked()
        await publisher.accept(event)
    monkeypatch.setattr("ingest.publisher._FAULT_SECONDS", 0.01)
    oldest, tries = Spool.oldest, 0

    async def faulty(spool: Spool) -> tuple[Segment, list[Record]]:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise OSError(5, "Input/output error")
        return await oldest(spool)

    monkeypatch.setattr(Spool, "oldest", faulty)
    async with Publisher(kafka_bootstrap, topics, spool_folder=tmp_path) as publisher:
        async with asyncio.timeout(10):
            while publisher.spooled:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert ids(await requests(kafka_bootstrap, topics)) == [event.event_id]


async def test_a_defect_of_the_client_does_not_end_the_publisher(
    kafka_bootstrap: str, topics: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is logged, and the next producer is made; else every send would time out for ever."""
    start, starts = AIOKafkaProducer.start, 0

    async def asserting(producer: AIOKafkaProducer) -> None:
        nonlocal starts
        starts += 1
        if starts == 1:
            raise AssertionError("a defect")
        await start(producer)

    monkeypatch.setattr(AIOKafkaProducer, "start", asserting)
    with capture_logs() as logs:
        async with Publisher(kafka_bootstrap, topics) as publisher:
            await publisher.publish(asked(), within_seconds=10)
    assert "producer broke" in [line["event"] for line in logs]
