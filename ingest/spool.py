"""Events that Kafka has not taken, kept on disk in the order of their acceptance."""

import asyncio
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

import structlog

from ingest.errors import SpoolFull
from ingest.record import Lane, Record
from ingest.spool_frames import framed, unframed
from ingest.spool_owner import Ownership, adopt_ownerless, own_new, sync_folder

SEGMENT_BYTES = 8 * 1024 * 1024
"""A file is deleted as a whole, so this bounds what is sent twice after a kill."""

_SUFFIX = ".spool"

log = structlog.get_logger(__name__)


class _Waiting(NamedTuple):
    """A record that is not on the disk yet."""

    lane: Lane
    frame: bytes
    written: asyncio.Future[None]


class Segment:
    """One file of framed records.

    `held`: how many of each lane were put into it, or found when the spool was opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._is_named = path.exists()  # in its folder, for good
        self.bytes = path.stat().st_size if self._is_named else 0
        self.held: Counter[Lane] = Counter()

    def append(self, frames: Sequence[bytes]) -> None:
        """All frames are on the disk, or none; raises OSError."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.lseek(descriptor, self.bytes, os.SEEK_SET)
            data = memoryview(b"".join(frames))
            while data:
                data = data[os.write(descriptor, data) :]
            os.fsync(descriptor)
            if not self._is_named:
                sync_folder(self.path.parent)
                self._is_named = True
        except OSError:
            os.ftruncate(descriptor, self.bytes)
            raise
        finally:
            os.close(descriptor)
        self.bytes += sum(map(len, frames))

    def records(self) -> list[Record]:
        """All whole records of the file, in order.

        What is broken is set aside, for a human: a torn end, which was never acknowledged, as
        `.torn`; what was damaged on the disk as `.damaged`.
        """
        data = self.path.read_bytes() if self.path.exists() else b""
        found, broken = unframed(data)
        damaged = [each for each in broken if not each.is_torn]
        if damaged:
            aside = self.path.with_suffix(".damaged")
            aside.write_bytes(b"".join(each.data for each in damaged))
            for each in damaged:
                log.error(
                    "damaged spool frame set aside: an accepted event may be lost",
                    marker="[SYNC]",
                    file=str(aside),
                    spool_file_offset=each.at,
                    bytes=len(each.data),
                )
        for torn in [each for each in broken if each.is_torn]:
            self.path.with_suffix(".torn").write_bytes(torn.data)
            log.warning("torn end set aside", marker="[SYNC]", bytes=len(torn.data))
        return found

    def set_aside(self, refused: Record) -> None:
        """Keep a record that Kafka can never take, beside the spool, for a human."""
        with self.path.with_suffix(".refused").open("ab") as file:
            file.write(refused.value + b"\n")


class Spool:
    """A folder of segments that this process alone may touch, and those it has adopted.

    `append` returns after fsync; appends that wait together share one. `oldest` and `forget`
    give the records back file by file, in order, adopted ones first.
    """

    def __init__(self, own: Ownership, adopted: list[Ownership], bound: int, spare: int) -> None:
        self._own = own
        for empty in [each for each in adopted if not segments_in(each)]:
            adopted.remove(empty)
            empty.release(remove=True)
        self._owned = [*adopted, own]
        self._bound = bound
        self._spare = spare
        self._segments = [Segment(path) for each in self._owned for path in segments_in(each)]
        self._disk = asyncio.Lock()
        self._waiting: list[_Waiting] = []
        self._unwritten = 0  # bytes in `_waiting`, or on their way to the disk
        self._committer: asyncio.Task[None] | None = None
        self._filled = asyncio.Event()
        if self._segments:
            self._filled.set()

    @classmethod
    def open(
        cls, root: Path, *, bound_bytes: int = 512 << 20, spare_bytes: int = 512 << 20
    ) -> Self:
        """A new spool under `root`, with all others there that no live process owns.

        It grows to `bound_bytes`, and not where less than `spare_bytes` of disk would be free.
        """
        root.mkdir(parents=True, exist_ok=True)
        adopted = adopt_ownerless(root)
        if adopted:
            log.info("spools adopted", marker="[SYNC]", spools=len(adopted))
        return cls(own_new(root), adopted, bound_bytes, spare_bytes)

    @property
    def bytes(self) -> int:
        """What the files hold, adopted ones included."""
        return sum(segment.bytes for segment in self._segments)

    @property
    def files(self) -> int:
        """How many of them hold anything."""
        return sum(1 for segment in self._segments if segment.bytes)

    def append(self, record: Record) -> asyncio.Future[None]:
        """Done once the record is on the disk; SpoolFull if it cannot be kept there."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        frame = framed(record)
        used = self.bytes + self._unwritten  # a disk that hangs must not fill the memory
        if used + len(frame) > self._bound:
            full = f"spool: {used} of {self._bound} bytes are used, {len(frame)} more asked"
            written.set_exception(SpoolFull(full))
            return written
        self._unwritten += len(frame)
        self._waiting.append(_Waiting(record.lane, frame, written))
        if self._committer is None or self._committer.done():
            self._committer = asyncio.create_task(self._commit_groups(), name="spool")
        return written

    async def backlog(self) -> Counter[Lane]:
        """How many records of each lane were found when it was opened."""
        found: Counter[Lane] = Counter()
        for segment in self._segments:
            records = await asyncio.to_thread(segment.records)
            segment.held = Counter(each.lane for each in records)
            found.update(segment.held)
        return found

    async def oldest(self) -> tuple[Segment, list[Record]]:
        """The oldest file, closed for appends, and its records; waits for one."""
        await self._filled.wait()
        async with self._disk:
            segment = self._segments[0]
            if segment.path.parent == self._own.folder and len(self._segments) == 1:
                self._segments.append(self._next_segment())
        return segment, await asyncio.to_thread(segment.records)

    def forget(self, segment: Segment) -> None:
        """Its records are in Kafka: the file goes, and an adopted folder with its last file.

        What cannot be removed stays, and the next process sends it again.
        """
        self._segments.remove(segment)
        try:
            segment.path.unlink(missing_ok=True)
        except OSError:
            log.exception("spool file stays", marker="[SYNC]", file=segment.path.name)
        for adopted in [each for each in self._owned if each is not self._own]:
            if not any(each.path.parent == adopted.folder for each in self._segments):
                self._owned.remove(adopted)
                with suppress(OSError):
                    adopted.release(remove=True)
        if not any(each.bytes for each in self._segments):
            self._filled.clear()

    async def close(self) -> None:
        """Let go of the folders; what they hold waits for the next process."""
        while self._committer is not None and not self._committer.done():
            await asyncio.wait({self._committer})
        for each in self._owned:
            each.release(remove=not segments_in(each))

    async def _commit_groups(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            frames = [each.frame for each in group]
            try:
                async with self._disk:
                    tail = self._tail()
                    await asyncio.to_thread(_write, tail, frames, self._spare)
                    tail.held.update(each.lane for each in group)
            except (OSError, SpoolFull) as error:
                for each in group:
                    if not each.written.done():
                        each.written.set_exception(SpoolFull(f"spool: {error}"))
            else:
                self._filled.set()
                for each in group:
                    if not each.written.done():
                        each.written.set_result(None)
            finally:
                self._unwritten -= sum(map(len, frames))

    def _tail(self) -> Segment:
        last = self._segments[-1] if self._segments else None
        if last is None or last.path.parent != self._own.folder or last.bytes >= SEGMENT_BYTES:
            last = self._next_segment()
            self._segments.append(last)
        return last

    def _next_segment(self) -> Segment:
        numbers = [int(path.stem) for path in segments_in(self._own)]
        numbers += [int(s.path.stem) for s in self._segments if s.path.parent == self._own.folder]
        return Segment(self._own.folder / f"{max(numbers, default=0) + 1:012d}{_SUFFIX}")


def segments_in(owned: Ownership) -> list[Path]:
    """The spool files of a folder, oldest first."""
    return sorted(owned.folder.glob(f"*{_SUFFIX}"))


def _write(tail: Segment, frames: Sequence[bytes], spare: int) -> None:
    free = shutil.disk_usage(tail.path.parent).free
    if free - sum(map(len, frames)) < spare:
        raise SpoolFull(f"{free} bytes of disk are free, {spare} must stay free")
    tail.append(frames)
