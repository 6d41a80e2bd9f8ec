"""Faust's Kafka transport, but one message per fetched chunk, and offsets that lie in PostgreSQL.

Kafka only brings chunks here. Where a partition is read from is asked of PostgreSQL before its
first chunk, after every rebalance and after every hole, and sought explicitly, 0 included;
Faust's and Kafka's own idea of it decides nothing. A partition that was not sought is not read.
"""
# Faust's types of threads and queues are partial.
# pyright: reportUnknownMemberType=false

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from time import monotonic
from typing import Any, ClassVar, cast

import asyncpg
import faust
import structlog
from aiokafka.errors import IllegalStateError, KafkaError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage
from faust.types.transports import ConsumerT
from yarl import URL

from processors.consumer_thread import ANSWER_SECONDS, ChunkThread
from processors.faults import TRANSIENT
from processors.fetch import Handed, Placement
from processors.pace import Pace
from schemas.topics import Topic

log = structlog.get_logger(__name__)

Positions = Callable[[Topic, Collection[int]], Awaitable[Mapping[int, int]]]
"""The smallest next offset of a topic's live projections, for each partition asked for."""

FULL_POLL_SECONDS = 0.02  # how soon a topic is asked again whose agent had no room
RETRY_SECONDS = 1.0
CONFIRMATIONS = 3  # a broker that has just started may not know its own end yet
STUCK_SECONDS = 10.0
AWAY = (*TRANSIENT, KafkaError, IllegalStateError)
"""Either server is away, or a rebalance was faster: what is asked again before long."""


class HistoryGone(Exception):
    """Kafka no longer holds, or never held, the event that a projection needs next."""

    def __init__(self, tp: TP, position: int, earliest: int, end: int) -> None:
        super().__init__(
            f"Partition {tp.partition} of {tp.topic} holds offsets {earliest} up to {end}, but the "
            f"next event that PostgreSQL needs is {position}. Nothing was skipped and no row was "
            "changed. Restore the topic, or rebuild the projections from what is left."
        )


class ChunkConsumer(driver.Consumer):
    """Faust's consumer of chunks; it knows how far each partition is by PostgreSQL."""

    _thread: ChunkThread  # pyright: ignore[reportIncompatibleVariableOverride]  # made below
    transport: "ChunkTransport"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_offset = _Forgetful()
        self.counts: Counter[str] = Counter()
        self.reached: dict[TP, int] = {}
        self.paces = {
            name: Pace(self.app.conf.broker_max_poll_records) for name in self.transport.topics
        }
        self._epoch = 0
        self._epochs: dict[TP, int] = {}
        self._placing = asyncio.Lock()
        self._retry_at = 0.0

    def _new_consumer_thread(self) -> ChunkThread:
        return ChunkThread(self, loop=self.loop, beacon=self.beacon)

    def is_current(self, handed: Handed) -> bool:
        """Whether the chunk follows the partition's last seek; else it is read again."""
        return self._epochs.get(self.tp_of(handed)) == handed.epoch

    def tp_of(self, handed: Handed) -> TP:
        """Where in Kafka the chunk came from."""
        return TP(handed.chunk.topic.physical(self.transport.prefix), handed.chunk.partition)

    def advance(self, handed: Handed, seconds: float) -> None:
        """The chunk's end is in PostgreSQL, after so long."""
        tp = self.tp_of(handed)
        self.paces[tp.topic].took(len(handed.chunk.records), seconds)
        self.reached[tp] = max(handed.chunk.to_offset, self.reached.get(tp, 0))

    def reseek(self, tps: Iterable[TP]) -> None:
        """Drop what is buffered of these; before more is read, seek to where PostgreSQL stands."""
        for tp in tps:
            self._epochs.pop(tp, None)
            self._thread.displace((tp,))
            self.counts["reseek"] += 1

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Let all partitions be sought anew before they are read.

        PostgreSQL is not asked here: Faust waits for this while it rebalances, and would take a
        late answer for the end of the app.
        """
        self.reseek(self.assignment())
        return {}

    async def read_vanished_again(self) -> None:
        """Seek anew where PostgreSQL stands before what it had committed.

        A crash of PostgreSQL takes its last commits along. The next event of the partition would
        show the hole, but there may be none for a long time.
        """
        committed = dict(self.reached)  # before asking: what is committed meanwhile only adds
        positions = await self._positions(committed)
        vanished = {tp for tp, end in committed.items() if positions.get(tp, 0) < end}
        if vanished:
            log.error("commits vanished: reading again", marker="[WORKER]", of=len(vanished))
            self.reseek(vanished)

    async def lag(self) -> int:
        """How many events of our partitions are in Kafka and not yet in PostgreSQL."""
        assigned = self.assignment()
        if not assigned:
            return 0
        bounds = await self._thread.call_thread(self._thread.bounds, assigned)
        return sum(max(0, end - self.reached.get(tp, 0)) for tp, (_, end) in bounds.items())

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """What is buffered of these is another worker's now."""
        for tp in revoked:
            self._epochs.pop(tp, None)
            self.reached.pop(tp, None)
        await super().on_partitions_revoked(revoked)

    async def _getmany(
        self, active_partitions: set[TP] | None, timeout: float
    ) -> Mapping[TP, list[Any]]:
        """What `take` finds for those agents that have room: one that hangs holds up no other."""
        active = set(active_partitions or ())
        if monotonic() >= self._retry_at and (unplaced := self._unplaced(active)):
            await self._place(unplaced)
        room = self._room()
        wanted = {tp for tp in active if room.get(tp.topic, 0) > 0}
        limits = {name: pace.limit for name, pace in self.paces.items()}
        wait = timeout if len(wanted) == len(active) else FULL_POLL_SECONDS
        try:
            return await self._thread.call_thread(self._thread.take, wanted, room, limits, wait)
        except asyncio.CancelledError:
            self.reseek(wanted)  # the thread may have taken chunks that now nobody waits for
            raise

    async def _place(self, tps: Collection[TP]) -> None:
        """Seek to PostgreSQL's offsets; later if they cannot be read. Raises HistoryGone."""
        try:
            async with self._placing:
                tps = self._unplaced(tps)
                positions = await self._verified(tps)
                placements: dict[TP, Placement] = {}
                for tp, position in positions.items():
                    self._epoch += 1
                    placements[tp] = Placement(self.transport.topics[tp.topic], self._epoch)
                    self._epochs[tp], self.reached[tp] = self._epoch, position
                await self._thread.call_thread(self._thread.place, positions, placements)
        except AWAY as error:
            self._place_later(RETRY_SECONDS)
            log.warning("cannot seek yet", marker="[WORKER]", error=repr(error))
        except asyncpg.PostgresError:
            # A table or a grant is missing, say. Starting anew would not make it.
            self._place_later(STUCK_SECONDS)
            self.counts["defects"] += 1
            log.exception("stuck: offsets cannot be read", marker="[WORKER]")

    def _place_later(self, seconds: float) -> None:
        """The attempt failed, which is life all the same."""
        self.counts["seek_failed"] += 1
        self._retry_at = monotonic() + seconds
        self.transport.on_attempt()

    def _unplaced(self, tps: Iterable[TP]) -> set[TP]:
        """Those whose chunks would not be current, whoever of both threads knows why."""
        return self._thread.unplaced(tps, self._epochs)

    async def _verified(self, tps: Collection[TP]) -> dict[TP, int]:
        """PostgreSQL's offsets, each of which Kafka can go on from. Raises HistoryGone."""
        doubts = 0
        while True:
            positions = await self._positions(tps)
            gone = await self._gone(positions)
            if gone is None:
                return positions
            doubts += 1
            if doubts == CONFIRMATIONS:
                raise gone
            await asyncio.sleep(RETRY_SECONDS)

    async def _gone(self, positions: Mapping[TP, int]) -> HistoryGone | None:
        """The first of these offsets that Kafka does not hold, and is not about to give."""
        found = await self._thread.call_thread(self._thread.bounds, positions)
        bounds = cast(dict[TP, tuple[int, int]], found)
        for tp, position in positions.items():
            earliest, end = bounds[tp]
            if not earliest <= position <= end:
                return HistoryGone(tp, position, earliest, end)
        return None

    async def _positions(self, tps: Iterable[TP]) -> dict[TP, int]:
        """Where PostgreSQL stands."""
        by_topic: dict[str, list[int]] = {}
        for tp in tps:
            by_topic.setdefault(tp.topic, []).append(tp.partition)
        positions: dict[TP, int] = {}
        async with asyncio.timeout(ANSWER_SECONDS):
            for name, partitions in by_topic.items():
                found = await self.transport.positions(self.transport.topics[name], partitions)
                positions |= {TP(name, partition): offset for partition, offset in found.items()}
        return positions

    def _room(self) -> dict[str, int]:
        """How many chunks more each topic's agent takes before a put would wait."""
        size: int = self.app.conf.stream_buffer_maxsize
        return {
            name: size - channel.queue.qsize()
            for channel in self.app.topics
            for name in channel.topics
        }

    def _to_message(self, tp: TP, record: Handed) -> ConsumerMessage:
        chunk = record.chunk
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            chunk.to_offset - 1,
            record.timestamp_ms / 1000,
            0,
            None,
            None,
            cast(bytes, record),  # a raw serializer lets any object through
            None,
            0,
            0,
            tp,
            generation_id=self.app.consumer_generation_id,
        )

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Nothing: a chunk knows its own range, and Faust would take it for acknowledged (F5)."""

    def _new_offset(self, tp: TP) -> int | None:
        """One behind the highest acknowledged chunk, without Faust's guesses at gaps (F3, F4)."""
        acked = self._acked[tp]
        if not acked:
            return None
        newest = max(acked) + 1
        acked.clear()
        self._acked_index[tp].clear()
        return newest

    def on_buffer_full(self, tp: TP) -> None:
        """Nothing: `_getmany` asks each buffer itself; Faust sleeps a second once all are full."""

    def on_buffer_drop(self, tp: TP) -> None:
        """Nothing, as above."""

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Nothing: the watchdog judges by progress; this one only logs, and wrongly (F13)."""


class ChunkTransport(driver.Transport):
    """What makes a Faust app read chunks: `app.transport = ChunkTransport(...)`."""

    Consumer: ClassVar[type[ConsumerT]] = ChunkConsumer

    def __init__(
        self,
        url: list[URL],
        app: faust.App,
        *,
        topics: Iterable[Topic],
        prefix: str,
        positions: Positions,
        on_attempt: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(url, app)
        self.prefix = prefix
        self.topics = {topic.physical(prefix): topic for topic in topics}
        self.positions = positions
        self.on_attempt = on_attempt


class _Forgetful(dict[TP, int | None]):
    """Faust's read offsets: none, so that it drops no chunk that is read again, nor sees a gap."""

    def __missing__(self, tp: TP) -> int | None:
        return None

    def __setitem__(self, tp: TP, offset: int | None) -> None:
        pass

    def update(self, *args: Any, **kwargs: Any) -> None:
        pass
