"""A value at the topic's limit is an event like any other; one byte more is nowhere (R6)."""

import asyncio
import os
from pathlib import Path

import asyncpg
import msgspec
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import MessageSizeTooLargeError

from ingest.errors import EventRefused
from ingest.publisher import Publisher
from ingest.record import Lane, Record
from ingest.spool import Spool
from schemas.limits import MAX_EVENT_BYTES
from schemas.topics import Topic
from tests.chaos.sizes import broken, largest_value, limit_of, padded
from tests.ingest.asked import asked
from tests.integration.plant import Plant
from tests.streams.events import Message, Scene

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120)]

SCENE = Scene()
LANE = Lane(Topic.SYNC_REQUESTS, 3)
KEY = b"key"


async def test_the_largest_value_of_a_topic_is_folded_and_one_byte_more_never_enters(
    plant: Plant,
) -> None:
    """The broker, not the fold, is where a value can be too large; publishers stop before it."""
    await plant.worker()
    limit = await limit_of(plant.bootstrap, f"{plant.prefix}ad-metrics")
    border = largest_value(SCENE.owner.key, limit)
    assert border > MAX_EVENT_BYTES
    promised = padded(SCENE.seen("12:00", {10: 7}), MAX_EVENT_BYTES)
    largest = padded(SCENE.seen("13:00", {10: 9}), border)
    await _send_raw(plant, promised, largest, broken(largest))
    with pytest.raises(MessageSizeTooLargeError):
        await _send_raw(plant, padded(SCENE.seen("14:00", {10: 11}), border + 1))

    found = await plant.verdict()
    assert {row[-4] for row in found.rows["ad_day"]} == {9}
    assert len(found.dead) == 1, "the broken twin of the same size"
    assert await _bytes_of_dead_letters(plant) == [border]


async def test_a_spool_gives_up_the_largest_event_and_sets_aside_what_kafka_never_takes(
    kafka_bootstrap: str, topics: str, tmp_path: Path
) -> None:
    """It keeps nobody behind it from Kafka. Random bytes do not shrink."""
    topic = LANE.topic.physical(topics)
    limit = await limit_of(kafka_bootstrap, topic)
    largest = min(largest_value(KEY, limit), MAX_EVENT_BYTES)
    too_large = [os.urandom(size) for size in (largest_value(KEY, limit) + 1, limit + 1)]
    good = [os.urandom(size) for size in (100, largest, 200, 300)]
    await _leave_behind(tmp_path, [*good[:2], too_large[0], good[2], too_large[1], good[3]])

    async with Publisher(kafka_bootstrap, topics, spool_folder=tmp_path) as publisher:
        assert publisher.spooled == 6
        async with asyncio.timeout(60):
            while publisher.spooled:  # noqa: ASYNC110  # the drainer tells nobody
                await asyncio.sleep(0.1)
    assert list(dict.fromkeys(await _values(kafka_bootstrap, topics))) == good
    assert _set_aside(tmp_path) == b"".join(value + b"\n" for value in too_large)


async def test_an_event_over_the_limit_is_kept_nowhere(tmp_path: Path) -> None:
    """Not in the spool either, from which it could never go on."""
    over = msgspec.structs.replace(asked(), source="a" * MAX_EVENT_BYTES)
    async with Publisher("127.0.0.1:1", "t.", spool_folder=tmp_path) as publisher:
        with pytest.raises(EventRefused, match=f"{MAX_EVENT_BYTES} are allowed"):
            await publisher.accept(over)
        assert publisher.spooled == 0
    assert _files(tmp_path) == []


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]


def _set_aside(folder: Path) -> bytes:
    [aside] = folder.rglob("*.refused")
    return aside.read_bytes()


async def _leave_behind(folder: Path, values: list[bytes]) -> None:
    """In the spool of a process that is gone."""
    spool = Spool.open(folder)
    await asyncio.gather(*(spool.append(Record(LANE, KEY, value)) for value in values))
    await spool.close()


async def _send_raw(plant: Plant, *messages: Message) -> None:
    """As they are: uncompressed, and without a limit of the client's own."""
    async with (
        asyncio.timeout(30),
        AIOKafkaProducer(bootstrap_servers=plant.bootstrap, max_request_size=10**7) as producer,
    ):
        for each in messages:
            await producer.send_and_wait(
                f"{plant.prefix}{each.topic}", each.value, each.key, each.partition
            )


async def _bytes_of_dead_letters(plant: Plant) -> list[int]:
    connection = await asyncpg.connect(plant.database.auditor)
    rows = await connection.fetch("SELECT length(value) AS bytes FROM processing.dead_letter")
    await connection.close()
    return [row["bytes"] for row in rows]


async def _values(bootstrap: str, prefix: str) -> list[bytes]:
    """All that lies in the lane's partition, in order."""
    partition = TopicPartition(LANE.topic.physical(prefix), LANE.partition)
    found: list[bytes] = []
    async with AIOKafkaConsumer(
        bootstrap_servers=bootstrap, auto_offset_reset="earliest"
    ) as consumer:
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        while await consumer.position(partition) < end:
            found.append((await consumer.getone()).value or b"")
    return found
