"""The thread that talks to Kafka, and hands over chunks of the partitions that were placed."""
# ruff: noqa: SLF001  # what is overridden here is private to Faust and aiokafka: tests/contract
# pyright: reportUnknownMemberType=false, reportPrivateUsage=false

import asyncio
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import ConsumerStoppedError
from aiokafka.structs import OffsetAndMetadata
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from processors import failpoints
from processors.fetch import Handed, Placement, drain

log = structlog.get_logger(__name__)

FETCH_WAIT_MS = 500  # Faust's 1,500 would hold up the first fetch after a seek
ANSWER_SECONDS = 5.0  # deadline of Kafka's answers


class ChunkThread(driver.AIOKafkaConsumerThread):
    """The thread that talks to Kafka; it hands over chunks of placed partitions."""

    def __post_init__(self) -> None:
        super().__post_init__()
        # Read and changed by both threads, each time by one operation of a dict.
        self._placed: dict[TopicPartition, Placement] = {}
        self._placed_in: object = None
        self.commit_failures = 0

    async def take(
        self,
        wanted: Collection[TP],
        room: Mapping[str, int],
        limits: Mapping[str, int],
        timeout: float,
    ) -> dict[TopicPartition, list[Handed]]:
        """At most one chunk per wanted partition; waits for the first up to `timeout` seconds."""
        consumer = self._ensure_consumer()
        fetcher: Any = consumer._fetcher
        if consumer._closed or fetcher._closed:
            raise ConsumerStoppedError
        # Entered even when no agent has room: else the group takes this member for dead.
        with fetcher._subscriptions.fetch_context():
            chunks = self._drain(consumer, wanted, room, limits)
            if not chunks:
                waiter: asyncio.Future[None] = fetcher._create_fetch_waiter()
                await asyncio.wait([waiter], timeout=timeout)
                if not waiter.done():
                    waiter.cancel()
                elif error := waiter.exception():
                    log.warning("fetch failed", marker="[WORKER]", error=repr(error))
                chunks = self._drain(consumer, wanted, room, limits)
        return chunks

    def _drain(
        self,
        consumer: AIOKafkaConsumer,
        wanted: Collection[TP],
        room: Mapping[str, int],
        limits: Mapping[str, int],
    ) -> dict[TopicPartition, list[Handed]]:
        if self._placed_in is not _assignment(consumer):
            return {}
        ours = cast(Collection[TopicPartition], wanted)
        return drain(consumer._fetcher, self._placed, ours, room, limits)

    def unplaced(self, tps: Iterable[TP], epochs: Mapping[TP, int]) -> set[TP]:
        """Those that are not read from the seek of this epoch, under the present assignment."""
        if self._placed_in is not _assignment(self._ensure_consumer()):
            return set(tps)
        placed = {tp: self._placed.get(cast(TopicPartition, tp)) for tp in tps}
        return {tp for tp, at in placed.items() if at is None or at.epoch != epochs.get(tp)}

    def displace(self, tps: Iterable[TP]) -> None:
        """Read no more of these until they are placed again."""
        for tp in tps:
            self._placed.pop(cast(TopicPartition, tp), None)

    async def place(self, seeks: Mapping[TP, int], placements: Mapping[TP, Placement]) -> None:
        """Seek those that are still ours explicitly, to 0 too; from now on they are read."""
        consumer = self._ensure_consumer()
        assignment = _assignment(consumer)
        if self._placed_in is not assignment:
            self._placed.clear()
            self._placed_in = assignment
        for tp, position in seeks.items():
            kafka_tp = TopicPartition(*tp)
            if kafka_tp in consumer.assignment():
                consumer.seek(kafka_tp, position)
                self._placed[kafka_tp] = placements[tp]

    async def bounds(self, tps: Collection[TP]) -> dict[TP, tuple[int, int]]:
        """Of each partition the earliest offset that Kafka holds, and the next one it will give."""
        consumer = self._ensure_consumer()
        kafka_tps = [TopicPartition(*tp) for tp in tps]
        async with asyncio.timeout(ANSWER_SECONDS):
            earliest = cast(dict[TopicPartition, int], await consumer.beginning_offsets(kafka_tps))
            end = cast(dict[TopicPartition, int], await consumer.end_offsets(kafka_tps))
        return {TP(*tp): (earliest[tp], end[tp]) for tp in kafka_tps}

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        """Tell Kafka how far we are, for tools that show lag; nothing depends on it."""
        consumer = self._ensure_consumer()
        assigned = consumer.assignment()
        ours = {
            TopicPartition(*tp): OffsetAndMetadata(offset, "")
            for tp, offset in offsets.items()
            if TopicPartition(*tp) in assigned
        }
        failpoints.pass_by("in_ack")
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await consumer.commit(ours)
        except Exception as error:
            self.commit_failures += 1
            log.debug("commit failed", marker="[WORKER]", error=repr(error))
            return False
        return True

    def _create_worker_consumer(self, transport: driver.Transport) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS
        return consumer


def _assignment(consumer: AIOKafkaConsumer) -> object:
    """The partitions that the group gave us this time; another object after each rebalance."""
    subscription: Any = consumer._subscription.subscription
    return None if subscription is None else subscription.assignment
