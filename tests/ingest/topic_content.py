"""What lies in a topic, read to its end by a plain consumer."""

from typing import NamedTuple
from uuid import UUID

from aiokafka import AIOKafkaConsumer

from schemas.codec import decode
from schemas.envelope import Envelope
from schemas.topics import Topic


class Lying(NamedTuple):
    """A record where it lies."""

    partition: int
    offset: int
    key: bytes
    value: bytes
    event: Envelope


async def content(bootstrap: str, prefix: str, topic: Topic) -> list[Lying]:
    """Every record, those of a partition in its order."""
    consumer = AIOKafkaConsumer(
        topic.physical(prefix),
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        found: list[Lying] = []
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            for tp, records in (await consumer.getmany(timeout_ms=200)).items():
                for record in records:
                    key, value = record.key or b"", record.value or b""
                    event = decode(topic, value)
                    found.append(Lying(tp.partition, record.offset, key, value, event))
        return found
    finally:
        await consumer.stop()


def ids(lying: list[Lying]) -> list[UUID]:
    """The events' ids, duplicates included."""
    return [each.event.event_id for each in lying]
