"""Kafka lost what PostgreSQL needs (R21): the worker says so and stops; it never starts over."""

import asyncio
from collections import Counter
from typing import Any

import asyncpg
import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.protocol.admin import DeleteGroupsRequest

from tests.chaos.load import load
from tests.integration.plant import Plant
from tests.integration.workers import HISTORY_GONE
from tests.servers.topics import create
from tests.streams.events import as_records

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]

MESSAGES = load(seed=31, messages=3_000)
METRICS = "ad-metrics"


async def test_a_wiped_consumer_group_changes_nothing(plant: Plant) -> None:
    """PostgreSQL's offsets count, not Kafka's."""
    worker = await plant.worker()
    await plant.produce(MESSAGES[:1_500])
    await plant.verdict()
    await worker.stop()
    await _delete_group(plant)
    await plant.worker()
    await plant.produce(MESSAGES[1_500:])
    await plant.verdict()


async def test_events_deleted_before_they_were_read_stop_the_worker(plant: Plant) -> None:
    """Kafka's first offset lies above PostgreSQL's, which stays."""
    before, after = await _stopped_by_deleted_events(plant)
    assert after == before


async def test_a_worker_that_writes_off_what_was_deleted_is_noticed(plant: Plant) -> None:
    """The mutant stops just so, but whoever starts it again would never know."""
    before, after = await _stopped_by_deleted_events(plant, mutant="history_written_off")
    assert after > before


async def test_a_topic_that_was_made_anew_stops_the_worker(plant: Plant) -> None:
    """Kafka's end lies below PostgreSQL's offset."""
    await plant.produce(MESSAGES)
    worker = await plant.worker()
    await plant.settled()
    await worker.stop()
    rows = await plant.position()
    await _make_anew(plant)
    doomed = await plant.worker()
    assert await asyncio.wait_for(doomed.end(), 60) == HISTORY_GONE
    assert await plant.position() == rows


async def test_a_worker_that_goes_on_without_its_history_is_noticed(plant: Plant) -> None:
    """The mutant reads from where Kafka still holds anything."""
    await plant.produce(MESSAGES)
    worker = await plant.worker()
    await plant.settled()
    await worker.stop()
    await _make_anew(plant)
    rows = await plant.position()
    careless = await plant.worker(MUTANT="history_not_checked")
    # Of the topic that was made anew it passes over as many as it had read of the lost one.
    await plant.produce([*MESSAGES, *load(seed=32, messages=3_000)])
    await plant.passed(rows + 1)
    assert careless.exits == []


async def _stopped_by_deleted_events(plant: Plant, mutant: str = "") -> tuple[int, int]:
    """Where the partition that lost its events stood before, and when the worker has stopped.

    Other partitions may have moved until then.
    """
    lane = _fullest()
    await plant.produce(MESSAGES[:1_500])
    worker = await plant.worker(CHUNK="20")
    await plant.settled()
    await worker.stop()
    before = await _position(plant, lane)
    await plant.produce(MESSAGES[1_500:])
    await _delete_records(plant, lane)
    doomed = await plant.worker(MUTANT=mutant)
    assert await asyncio.wait_for(doomed.end(), 60) == HISTORY_GONE
    assert "Nothing was skipped" in plant.log_of(1)
    return before, await _position(plant, lane)


async def _delete_group(plant: Plant) -> None:
    """Kafka forgets the group, and whatever it had told of its offsets."""
    admin = AIOKafkaAdminClient(bootstrap_servers=plant.bootstrap)
    await admin.start()
    group = f"{plant.prefix}workers"
    coordinator = await admin.find_coordinator(group)
    answer: Any = await admin._send_request_to_node(coordinator, DeleteGroupsRequest([group]))
    assert answer.results == [(group, 0)]
    await admin.close()


def _fullest() -> int:
    """The partition of the metrics that gets most of them."""
    return Counter(_partitions()).most_common(1)[0][0]


def _partitions() -> list[int]:
    return [record.partition for record in as_records(MESSAGES) if record.topic == METRICS]


async def _position(plant: Plant, partition: int) -> int:
    """What the projection of the metrics has to read next."""
    connection = await asyncpg.connect(plant.database.auditor)
    [row] = await connection.fetch(
        "SELECT next_offset FROM processing.projection_offset"
        " WHERE topic = $1 AND partition = $2", METRICS, partition,
    )  # fmt: skip
    await connection.close()
    return row["next_offset"]


async def _delete_records(plant: Plant, partition: int) -> None:
    """All of this partition of the metrics but the last."""
    lane = TopicPartition(f"{plant.prefix}{METRICS}", partition)
    end = _partitions().count(partition)
    admin = AIOKafkaAdminClient(bootstrap_servers=plant.bootstrap)
    await admin.start()
    await admin.delete_records({lane: RecordsToDelete(before_offset=end - 1)})
    await admin.close()


async def _make_anew(plant: Plant) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=plant.bootstrap)
    await admin.start()
    await admin.delete_topics([f"{plant.prefix}{METRICS}"])
    await admin.close()
    await asyncio.sleep(1)
    await asyncio.to_thread(create, plant.bootstrap, plant.prefix)
