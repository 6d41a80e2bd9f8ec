"""Events that Kafka has not taken, kept on disk in the order of their acceptance."""

import asyncio
import os
import shutil
import struct
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self
from zlib import crc32

import msgspec
import structlog

from ingest.errors import SpoolFull
from ingest.record import Lane, Record
from ingest.spool_owner import Ownership, adopt_ownerless, own_new, sync_folder
from schemas.topics import Topic

SEGMENT_BYTES = 8 * 1024 * 1024
"""A file is deleted as a whole, so this bounds what is sent twice after a kill."""

_FRAME = struct.Struct(">II")  # length, crc32
_SUFFIX = ".spool"

log = structlog.get_logger(__name__)


class _Kept(msgspec.Struct, array_like=True):
    topic: str
    partition: int
    key: bytes
    value: bytes


class Segment:
    """One file of framed records. A torn end was never acknowledged, and is set aside."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._is_named = path.exists()  # in its folder, for good
        self.bytes = path.stat().st_size if self._is_named else 0

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
        """What the file holds up to its first torn frame; the rest is set aside as `.torn`."""
        data = self.path.read_bytes() if self.path.exists() else b""
        found: list[Record] = []
        at = 0
        while (end := at + _FRAME.size) <= len(data):
            length, checksum = _FRAME.unpack_from(data, at)
            payload = data[end : end + length]
            if len(payload) < length or crc32(payload) != checksum:
                break
            kept = msgspec.msgpack.decode(payload, type=_Kept)
            lane = Lane(Topic(kept.topic), kept.partition)
            found.append(Record(lane, kept.key, kept.value))
            at = end + length
        if at < len(data):
            self.path.with_suffix(".torn").write_bytes(data[at:])
            log.warning("torn end set aside", marker="[SYNC]", bytes=len(data) - at)
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
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
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
        kept = _Kept(record.lane.topic.value, record.lane.partition, record.key, record.value)
        payload = msgspec.msgpack.encode(kept)
        frame = _FRAME.pack(len(payload), crc32(payload)) + payload
        used = self.bytes + self._unwritten  # a disk that hangs must not fill the memory
        if used + len(frame) > self._bound:
            full = f"spool: {used} of {self._bound} bytes are used, {len(frame)} more asked"
            written.set_exception(SpoolFull(full))
            return written
        self._unwritten += len(frame)
        self._waiting.append((frame, written))
        if self._committer is None or self._committer.done():
            self._committer = asyncio.create_task(self._commit_groups(), name="spool")
        return written

    async def backlog(self) -> Counter[Lane]:
        """How many records of each lane were found when it was opened."""
        found: Counter[Lane] = Counter()
        for segment in self._segments:
            found.update(each.lane for each in await asyncio.to_thread(segment.records))
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
            frames = [frame for frame, _ in group]
            try:
                async with self._disk:
                    await asyncio.to_thread(_write, self._tail(), frames, self._spare)
            except (OSError, SpoolFull) as error:
                for _, written in group:
                    if not written.done():
                        written.set_exception(SpoolFull(f"spool: {error}"))
            else:
                self._filled.set()
                for _, written in group:
                    if not written.done():
                        written.set_result(None)
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
