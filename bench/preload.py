"""Topics that are full before an engine starts, batched and compressed as a producer would."""

import asyncio
from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaProducer

from bench.machine import Machine
from bench.workload import PARTITIONS, Sent

BATCH_BYTES = 65_536


async def preload(machine: Machine, topic: str, records: Iterable[Sent]) -> int:
    """Make the topic and put the records there; how many they were."""
    await machine.make_topic(topic, PARTITIONS)
    return await fill(machine, topic, records)


async def fill(machine: Machine, topic: str, records: Iterable[Sent]) -> int:
    """Put records into a topic that exists; how many they were."""
    producer: Any = AIOKafkaProducer(  # typed in part only
        bootstrap_servers=machine.bootstrap,
        acks="all",
        enable_idempotence=False,
        compression_type="lz4",
        max_batch_size=BATCH_BYTES,
    )
    await producer.start()
    count = 0
    batches: dict[int, Any] = {
        partition: producer.create_batch() for partition in range(PARTITIONS)
    }
    underway: set[asyncio.Future[object]] = set()
    try:
        for record in records:
            count += 1
            batch = batches[record.partition]
            if batch.append(key=record.key, value=record.value, timestamp=None) is None:
                sent = await producer.send_batch(batch, topic, partition=record.partition)
                underway.add(asyncio.ensure_future(sent))
                batch = batches[record.partition] = producer.create_batch()
                batch.append(key=record.key, value=record.value, timestamp=None)
                if len(underway) > 64:
                    _, underway = await asyncio.wait(underway, return_when=asyncio.FIRST_COMPLETED)
        for partition, batch in batches.items():
            if batch.record_count():
                sent = await producer.send_batch(batch, topic, partition=partition)
                underway.add(asyncio.ensure_future(sent))
        await asyncio.gather(*underway)
    finally:
        await producer.stop()
    return count
