"""A steady stream of readings into Kafka, and when each part of it was handed to the producer."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaProducer

from bench.workload import PARTITIONS, Sent

TICK_SECONDS = 0.02


@dataclass
class Handed:
    """Records of one partition that were handed over at one instant."""

    partition: int
    at: float
    next_offset: int  # behind the last of them
    count: int


@dataclass
class Steady:
    """Sends `per_second` of the records until they are used up or it is told to stop."""

    bootstrap: str
    topic: str
    records: Sequence[Sent]
    per_second: int = 5_000
    handed: list[Handed] = field(default_factory=list[Handed])
    sent: int = 0

    async def run(self) -> None:
        """Send; a tick's records of a partition go as one batch, as a producer's linger does."""
        producer: Any = AIOKafkaProducer(  # typed in part only
            bootstrap_servers=self.bootstrap, acks="all", compression_type="lz4"
        )
        await producer.start()
        began = time.time()
        waiting: set[asyncio.Task[None]] = set()
        try:
            while self.sent < len(self.records):
                due = min(len(self.records), int((time.time() - began) * self.per_second))
                by_partition: defaultdict[int, list[Sent]] = defaultdict(list)
                for record in self.records[self.sent : due]:
                    by_partition[record.partition].append(record)
                self.sent = due
                for partition, records in by_partition.items():
                    task = asyncio.create_task(self._send(producer, partition, records))
                    waiting.add(task)
                    task.add_done_callback(waiting.discard)
                await asyncio.sleep(TICK_SECONDS)
            await asyncio.gather(*waiting)
        finally:
            for task in waiting:
                task.cancel()  # told to stop: nobody asks what became of these
            await producer.stop()

    async def _send(self, producer: Any, partition: int, records: Sequence[Sent]) -> None:
        at = time.time()
        batch: Any = producer.create_batch()
        held = 0
        for record in records:
            if batch.append(key=record.key, value=record.value, timestamp=None) is None:
                await self._flush(producer, batch, partition, at, held)
                batch, held = producer.create_batch(), 0
                batch.append(key=record.key, value=record.value, timestamp=None)
            held += 1
        await self._flush(producer, batch, partition, at, held)

    async def _flush(
        self, producer: Any, batch: Any, partition: int, at: float, count: int
    ) -> None:
        acked = await (await producer.send_batch(batch, self.topic, partition=partition))
        self.handed.append(Handed(partition, at, acked.offset + count, count))

    @property
    def partitions(self) -> range:
        """All partitions of the topic."""
        return range(PARTITIONS)
