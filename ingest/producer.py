"""The connection to Kafka: one idempotent producer at a time, made anew when it is stuck."""

import asyncio
import contextlib
from collections.abc import Sequence
from time import monotonic
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    ProducerClosed,
    RecordTooLargeError,
)

from ingest.errors import EventRefused, NotAccepted
from ingest.record import Record
from schemas.limits import MAX_EVENT_BYTES

_OF_THE_RECORD = (MessageSizeTooLargeError, RecordTooLargeError, InvalidTopicError)
"""Errors that sending again cannot mend; all others end the producer, and its heirs send again."""

_KEY_AND_FRAME_BYTES = 16_384
_LINGER_MS = 5
_PAUSE_SECONDS = 0.5
_CONNECT_SECONDS = 10.0
_CLOSE_SECONDS = 2.0

log = structlog.get_logger(__name__)


class ProducerLost(Exception):
    """This producer was given up with sends under way; another may carry them."""


class Delivery:
    """The acknowledgement of some records, as one future."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.unacknowledged = dict(enumerate(records))

    def fail(self, error: Exception) -> None:
        """End the wait, unless it has ended."""
        if not self.done.done():
            self.done.set_exception(error)
            self.done.exception()  # read here: its owner may have stopped waiting

    def acknowledge(self, index: int) -> None:
        """One record is in its topic."""
        self.unacknowledged.pop(index, None)
        if not self.unacknowledged and not self.done.done():
            self.done.set_result(None)


class Generation:
    """One aiokafka producer, from its connection to its loss."""

    def __init__(self, producer: AIOKafkaProducer, prefix: str, usable: asyncio.Event) -> None:
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._producer: Any = producer  # aiokafka has no types
        self._prefix = prefix
        self._usable = usable
        self._under_way: dict[Delivery, None] = {}  # in the order in which they were begun
        self._unacknowledged = 0
        self._moved_at = monotonic()

    def give_up(self, reason: str) -> None:
        """Nothing more is sent through it; all who wait get ProducerLost."""
        self._usable.clear()
        if not self.lost.done():
            self.lost.set_result(reason)
        for delivery in list(self._under_way):
            delivery.fail(ProducerLost(reason))
        self._under_way.clear()

    def silent_seconds(self) -> float:
        """How long sends have waited without any acknowledgement."""
        return monotonic() - self._moved_at if self._unacknowledged else 0.0

    async def send(self, delivery: Delivery) -> None:
        """Hand the records over in order; `delivery.done` tells the end of it."""
        self._under_way[delivery] = None
        delivery.done.add_done_callback(lambda _: self._under_way.pop(delivery, None))
        for index, record in list(delivery.unacknowledged.items()):
            if delivery.done.done():
                return
            self._begin()
            try:
                acknowledged = await self._producer.send(
                    record.lane.topic.physical(self._prefix),
                    record.value,
                    record.key,
                    record.lane.partition,
                )
            except asyncio.CancelledError:
                self._unacknowledged -= 1
                raise
            except Exception as error:  # aiokafka also asserts
                self._unacknowledged -= 1
                self._failed(delivery, record, error)
                return
            acknowledged.add_done_callback(self._on_end(delivery, index, record))

    async def close(self, flush_seconds: float = 0) -> None:
        """Leave Kafka; what is not acknowledged after `flush_seconds` is dropped."""
        producer = self._producer
        with contextlib.suppress(TimeoutError, KafkaError, ProducerClosed):
            async with asyncio.timeout(flush_seconds):
                await producer.flush()
        # Its `stop` waits for the acknowledgements of a Kafka that is away, and its own callback
        # for an ended sender raises in a producer without transactions. Hence the inside.
        producer._closed = True  # noqa: SLF001
        sending = producer._sender  # noqa: SLF001
        sender = sending.sender_task
        if sender is not None:
            sender.remove_done_callback(sending._fail_all)  # noqa: SLF001
            sender.cancel()
            ended, _ = await asyncio.wait({sender}, timeout=_CLOSE_SECONDS)
            for task in ended:
                _ = task.cancelled() or task.exception()
        with contextlib.suppress(TimeoutError, KafkaError, OSError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await producer.client.close()

    def _begin(self) -> None:
        if not self._unacknowledged:
            self._moved_at = monotonic()
        self._unacknowledged += 1

    def _on_end(self, delivery: Delivery, index: int, record: Record) -> Any:
        def end(acknowledged: asyncio.Future[Any]) -> None:
            self._unacknowledged -= 1
            error = None if acknowledged.cancelled() else acknowledged.exception()
            if acknowledged.cancelled() or error is not None:
                self._failed(delivery, record, error or ProducerClosed())
            else:
                self._moved_at = monotonic()
                delivery.acknowledge(index)

        return end

    def _failed(self, delivery: Delivery, record: Record, error: BaseException) -> None:
        if isinstance(error, _OF_THE_RECORD):
            size = len(record.value)
            delivery.fail(EventRefused(f"Kafka refuses a value of {size} bytes: {error!r}"))
            return
        # OutOfOrderSequence and its like: the broker and this producer disagree for ever.
        self.give_up(repr(error))
        delivery.fail(ProducerLost(repr(error)))


class Producer:
    """Sends records and waits until every in-sync replica has them.

    It connects in the background and again after each loss, so an edge starts and answers while
    Kafka is away. A producer is lost on any error that is not of one record, and after
    `stuck_after_seconds` of waiting without an acknowledgement.
    """

    def __init__(
        self,
        bootstrap: str,
        topic_prefix: str,
        *,
        stuck_after_seconds: float = 15,
    ) -> None:
        self._bootstrap = bootstrap
        self._prefix = topic_prefix
        self._stuck_after = stuck_after_seconds
        self._generation: Generation | None = None
        self._usable = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to connect; does not wait for Kafka."""
        self._keeper = asyncio.create_task(self._keep(), name="kafka-producer")

    async def stop(self, flush_seconds: float = 2) -> None:
        """Send what was handed over, for a while, and leave."""
        # Again and again: asyncio.wait_for, which aiokafka uses, can swallow a cancellation.
        while self._keeper is not None and not self._keeper.done():
            self._keeper.cancel()
            await asyncio.wait({self._keeper}, timeout=_CLOSE_SECONDS)
        if self._generation is not None:
            generation, self._generation = self._generation, None
            self._usable.clear()
            await generation.close(flush_seconds)
            generation.give_up("stopped")

    async def send(self, records: Sequence[Record], within_seconds: float | None) -> None:
        """Return when all are acknowledged, whatever happens to producers on the way.

        within_seconds: None waits for ever. Raises NotAccepted when time is over, and
        EventRefused for a record that Kafka can never take.
        """
        delivery = Delivery(records)
        try:
            async with asyncio.timeout(within_seconds):
                while delivery.unacknowledged:
                    delivery = await self._attempt(delivery)
        except TimeoutError as error:
            missing = len(delivery.unacknowledged)
            raise NotAccepted(
                f"no acknowledgement of {missing} of {len(records)} events "
                f"from Kafka within {within_seconds} s"
            ) from error

    async def _attempt(self, delivery: Delivery) -> Delivery:
        """The delivery, done; or what of it the next producer must send."""
        generation = await self._usable_generation()
        try:
            await generation.send(delivery)
            await delivery.done
        except ProducerLost:
            return Delivery(list(delivery.unacknowledged.values()))
        return delivery

    async def _usable_generation(self) -> Generation:
        while True:
            await self._usable.wait()
            if self._generation is not None:
                return self._generation

    async def _keep(self) -> None:
        """Hold one producer connected, for ever."""
        while True:
            try:
                self._generation = await self._connect()
                self._usable.set()
                reason = await self._loss(self._generation)
                log.warning("producer made anew", marker="[SYNC]", reason=reason)
                await self._give_up(reason)
            except Exception as defect:  # aiokafka also asserts; without a keeper nothing is sent
                log.exception("producer broke", marker="[SYNC]")
                await self._give_up(repr(defect))
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _give_up(self, reason: str) -> None:
        lost, self._generation = self._generation, None
        if lost is not None:
            lost.give_up(reason)
            await lost.close()

    async def _loss(self, generation: Generation) -> str:
        while not generation.lost.done():
            await asyncio.wait({generation.lost}, timeout=min(1.0, self._stuck_after / 4))
            if generation.silent_seconds() > self._stuck_after:
                return f"no acknowledgement for {self._stuck_after} s"
        return generation.lost.result()

    async def _connect(self) -> Generation:
        failures = 0
        while True:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap,
                acks="all",
                enable_idempotence=True,
                compression_type="lz4",
                linger_ms=_LINGER_MS,
                max_batch_size=262_144,
                max_request_size=MAX_EVENT_BYTES + _KEY_AND_FRAME_BYTES,
                request_timeout_ms=10_000,
                retry_backoff_ms=200,
                metadata_max_age_ms=60_000,
            )
            try:
                async with asyncio.timeout(_CONNECT_SECONDS):
                    await producer.start()
            except (TimeoutError, KafkaError, OSError) as error:
                failures += 1
                if failures in (1, 10) or failures % 60 == 0:
                    log.warning("Kafka is away", marker="[SYNC]", error=repr(error), tries=failures)
                await Generation(producer, self._prefix, self._usable).close()
                await asyncio.sleep(_PAUSE_SECONDS)
            except asyncio.CancelledError:
                await Generation(producer, self._prefix, self._usable).close()
                raise
            else:
                return Generation(producer, self._prefix, self._usable)
