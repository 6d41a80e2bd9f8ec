"""The only door to Kafka: `publish` waits for the acknowledgement, `accept` also spools."""

import asyncio
from collections import defaultdict, deque
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from ingest.errors import EventRefused, NotAccepted
from ingest.producer import Producer
from ingest.record import Lane, Record, record, stamped
from ingest.spool import Segment, Spool
from schemas.envelope import Envelope

ACCEPT_SECONDS = 0.5
SPOOL_SECONDS = 2.0
"""A disk that hangs is like one that is full: the edge says so, and its requests do not pile up."""

PUBLISH_SECONDS = 60.0

_DRAIN_RECORDS = 2_000
_FAULT_SECONDS = 1.0

log = structlog.get_logger(__name__)


class _Accepting:
    """An event of an edge that is on its way to Kafka, and may be turned to the spool."""

    def __init__(self, taken: Record) -> None:
        self.record = taken
        self.spooled: asyncio.Future[None] | None = None
        self.turned: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Publisher:
    """Puts events into their topics, each at least once, every time with the same bytes.

    One for each process, used as an async context manager. With `spool_folder` it has a spool of
    its own there and adopts those of processes that are gone. It starts without Kafka, too.
    """

    def __init__(
        self,
        bootstrap: str,
        topic_prefix: str,
        *,
        spool_folder: Path | None = None,
        spool_bound_bytes: int = 512 << 20,
        publish_seconds: float = PUBLISH_SECONDS,
        stuck_after_seconds: float = 15,
    ) -> None:
        self._producer = Producer(bootstrap, topic_prefix, stuck_after_seconds=stuck_after_seconds)
        self._publish_seconds = publish_seconds
        self._spool_folder = spool_folder
        self._spool_bound = spool_bound_bytes
        self._spool: Spool | None = None
        self._drainer: asyncio.Task[None] | None = None
        self._accepting: defaultdict[Lane, deque[_Accepting]] = defaultdict(deque)
        self._behind: defaultdict[Lane, int] = defaultdict(int)
        self._drained = asyncio.Event()  # set, and made anew, with each file that was drained

    async def __aenter__(self) -> Self:
        # The spool first: what it raises leaves nothing running.
        if self._spool_folder is not None:
            self._spool = Spool.open(self._spool_folder, bound_bytes=self._spool_bound)
            for lane, records in (await self._spool.backlog()).items():
                self._behind[lane] += records
            self._drainer = asyncio.create_task(self._drain(self._spool), name="spool-drainer")
        await self._producer.start()
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._drainer is not None:
            self._drainer.cancel()
            await asyncio.wait({self._drainer})
        await self._producer.stop()
        if self._spool is not None:
            await self._spool.close()

    @property
    def spooled(self) -> int:
        """How many accepted events are on disk and not yet in Kafka."""
        return sum(self._behind.values())

    async def publish(self, *events: Envelope, within_seconds: float | None = None) -> None:
        """Return when every event is acknowledged by all in-sync replicas.

        Raises EventRefused before anything is sent if one of them is no event of its topic, or
        over our limit; and later if Kafka refuses one, as where its own limit was lowered.
        NotAccepted after `within_seconds` (None: the publisher's `publish_seconds`). After the
        last two some may be in their topics; publishing all of them again does no harm.
        """
        records = [record(stamped(event)) for event in events]
        await self._producer.send(records, within_seconds or self._publish_seconds)

    async def accept(self, event: Envelope) -> None:
        """Return when the event will be in its topic whatever happens.

        That is after Kafka's acknowledgement, or after fsync where Kafka does not answer within
        `ACCEPT_SECONDS`. Events of a partition stay in order: behind a spooled one, later ones are
        spooled too, or wait as long for the spool's end, where that is near. Raises EventRefused,
        or NotAccepted if neither took it in time; a kill during the wait leaves it unaccepted.
        """
        taken = record(stamped(event))
        lane = self._accepting[taken.lane]
        if self._behind[taken.lane] and not self._is_ending():
            self._turn(lane)  # who waits for the spool's end was here before
            await _on_disk(self._to_spool(taken))
            return
        accepting = _Accepting(taken)
        lane.append(accepting)
        sent = asyncio.create_task(self._send_in_turn(taken))
        try:
            await asyncio.wait({sent, accepting.turned}, return_when=asyncio.FIRST_COMPLETED)
            if accepting.spooled is None:
                if (error := sent.exception()) is None:
                    return
                if not isinstance(error, NotAccepted):
                    raise error
                # All that wait for this lane go to the disk now, in order: an event that comes
                # in the next moment may not overtake them there.
                self._turn(lane)
        finally:
            lane.remove(accepting)
            sent.cancel()
            sent.add_done_callback(_heard)
        if accepting.spooled is not None:
            await _on_disk(accepting.spooled)

    def _is_ending(self) -> bool:
        """Whether the drainer is at the last file: what came behind it would be another one.

        Else a spool into which events come faster than one file is drained would never end.
        """
        return self._spool is not None and self._spool.files <= 1

    async def _send_in_turn(self, taken: Record) -> None:
        """Send it once nothing of its lane is in the spool; NotAccepted after `ACCEPT_SECONDS`."""
        try:
            async with asyncio.timeout(ACCEPT_SECONDS):
                while self._behind[taken.lane]:
                    await self._drained.wait()
                await self._producer.send([taken], within_seconds=None)
        except TimeoutError as error:
            raise NotAccepted(f"no acknowledgement within {ACCEPT_SECONDS} s") from error

    def _turn(self, lane: deque[_Accepting]) -> None:
        for accepting in lane:
            if accepting.spooled is None:
                accepting.spooled = self._to_spool(accepting.record)
                accepting.turned.set_result(None)

    def _to_spool(self, taken: Record) -> asyncio.Future[None]:
        if self._spool is None:
            failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            failed.set_exception(NotAccepted("Kafka does not answer, and there is no spool"))
            return failed
        self._behind[taken.lane] += 1
        written = self._spool.append(taken)

        def ended(written: asyncio.Future[None]) -> None:
            if not written.cancelled() and written.exception() is not None:
                self._behind[taken.lane] -= 1

        written.add_done_callback(ended)
        return written

    async def _drain(self, spool: Spool) -> None:
        """Move the spool to Kafka, oldest first, for ever."""
        while True:
            try:
                await self._drain_one(spool)
            except OSError as error:
                # The disk fails, not Kafka: what it holds stays there, and its lanes behind it.
                log.exception("spool not drained", marker="[SYNC]", error=repr(error))
                await asyncio.sleep(_FAULT_SECONDS)

    async def _drain_one(self, spool: Spool) -> None:
        segment, records = await spool.oldest()
        for first in range(0, len(records), _DRAIN_RECORDS):
            await self._resend(segment, records[first : first + _DRAIN_RECORDS])
        spool.forget(segment)
        # By what was put into it, not by what came back: a damaged record holds no lane up.
        for lane, held in segment.held.items():
            self._behind[lane] -= held
        # Those who wait go on in the order in which they came, before any that comes now.
        self._drained.set()
        self._drained = asyncio.Event()
        if not self.spooled:
            log.info("spool drained", marker="[SYNC]")

    async def _resend(self, segment: Segment, batch: list[Record]) -> None:
        try:
            await self._producer.send(batch, within_seconds=None)
        except EventRefused:
            # One of them is beyond a limit that the broker has lowered: the others must pass.
            for each in batch:
                try:
                    await self._producer.send([each], within_seconds=None)
                except EventRefused:
                    segment.set_aside(each)
                    log.exception("accepted event refused", marker="[SYNC]")


async def _on_disk(written: asyncio.Future[None]) -> None:
    """Wait for the spool, but not for ever; whoever stops waiting does not take the record back."""
    ended, _ = await asyncio.wait({written}, timeout=SPOOL_SECONDS)
    if not ended:
        raise NotAccepted(f"neither Kafka nor the disk answers within {SPOOL_SECONDS} s")
    written.result()


def _heard(ended: asyncio.Future[None]) -> None:
    """Nobody waits for this one any more; its error was told otherwise."""
    _ = ended.cancelled() or ended.exception()
