"""The spool alone, on a real disk."""
# ruff: noqa: ASYNC240 - nothing else runs in this loop

import asyncio
import os
import threading
from pathlib import Path

import pytest

from ingest.errors import SpoolFull
from ingest.record import Lane, Record
from ingest.spool import Spool
from schemas.topics import Topic

LANE = Lane(Topic.SYNC_REQUESTS, 3)


def kept(number: int, size: int = 10) -> Record:
    """A record with a number that can be told."""
    return Record(LANE, b"key", str(number).encode().rjust(size, b"0"))


def numbers(records: list[Record]) -> list[int]:
    """The numbers of records."""
    return [int(each.value) for each in records]


async def test_records_come_back_in_order(tmp_path: Path) -> None:
    """As they were appended, one by one or together."""
    spool = Spool.open(tmp_path)
    await spool.append(kept(0))
    await asyncio.gather(*(spool.append(kept(number)) for number in range(1, 50)))
    _, records = await spool.oldest()
    assert numbers(records) == list(range(50))
    assert records[0] == kept(0)


async def test_appends_that_wait_together_share_an_fsync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand edges must not wait for a thousand of them."""
    spool = Spool.open(tmp_path)
    await spool.append(kept(0))
    made = 0
    real = os.fsync

    def counted(descriptor: int) -> None:
        nonlocal made
        made += 1
        real(descriptor)

    monkeypatch.setattr(os, "fsync", counted)
    await asyncio.gather(*(spool.append(kept(number)) for number in range(1000)))
    assert 1 <= made <= 3


async def test_what_comes_while_the_oldest_is_drained_lies_in_another_file(
    tmp_path: Path,
) -> None:
    """A file is deleted as a whole."""
    spool = Spool.open(tmp_path)
    await spool.append(kept(1))
    segment, _ = await spool.oldest()
    await spool.append(kept(2))
    spool.forget(segment)
    _, records = await spool.oldest()
    assert numbers(records) == [2]


async def test_a_closed_spool_waits_for_the_next_process(tmp_path: Path) -> None:
    """It is adopted with all that it holds, before the new one's own."""
    first = Spool.open(tmp_path)
    await first.append(kept(1))
    await first.close()
    second = Spool.open(tmp_path)
    await second.append(kept(2))
    assert sum((await second.backlog()).values()) == 2
    segment, records = await second.oldest()
    assert numbers(records) == [1]
    second.forget(segment)
    assert numbers((await second.oldest())[1]) == [2]


async def test_a_live_process_keeps_its_spool(tmp_path: Path) -> None:
    """Its lock is held: drained twice at once, order would be lost."""
    live = Spool.open(tmp_path)
    await live.append(kept(1))
    other = Spool.open(tmp_path)
    assert other.bytes == 0


async def test_an_empty_spool_leaves_nothing_behind(tmp_path: Path) -> None:
    """Folders do not pile up over restarts."""
    for _ in range(3):
        spool = Spool.open(tmp_path)
        await spool.append(kept(1))
        segment, _ = await spool.oldest()
        spool.forget(segment)
        await spool.close()
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


@pytest.mark.parametrize("cut", [1, 5, 20])
async def test_a_torn_end_does_not_cost_what_was_kept_before(tmp_path: Path, cut: int) -> None:
    """A kill during a write: that record was never acknowledged; it is set aside, not lost."""
    spool = Spool.open(tmp_path)
    for number in range(3):
        await spool.append(kept(number))
    await spool.close()
    (path,) = tmp_path.glob("*/*.spool")
    os.truncate(path, path.stat().st_size - cut)

    _, records = await Spool.open(tmp_path).oldest()
    assert numbers(records) == [0, 1]
    assert len(list(tmp_path.glob("*/*.torn"))) == 1


async def test_a_full_spool_says_so_and_keeps_what_it_has(tmp_path: Path) -> None:
    """The edge answers 503; what was accepted stays accepted."""
    spool = Spool.open(tmp_path, bound_bytes=2_000)
    await spool.append(kept(1, 1_500))
    with pytest.raises(SpoolFull, match="2000 bytes are used"):
        await spool.append(kept(2, 1_500))
    assert numbers((await spool.oldest())[1]) == [1]


async def test_the_disk_is_never_filled(tmp_path: Path) -> None:
    """Kafka's own log may lie on it, and goes offline when it is full."""
    spool = Spool.open(tmp_path, spare_bytes=1 << 60)
    with pytest.raises(SpoolFull, match="must stay free"):
        await spool.append(kept(1))


async def test_a_write_that_fails_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a frame in the middle would hide what comes after it."""
    spool = Spool.open(tmp_path)
    await spool.append(kept(1))
    real = os.write

    def half(descriptor: int, data: bytes) -> int:
        real(descriptor, bytes(data[: len(data) // 2]))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(SpoolFull, match="No space left"):
        await spool.append(kept(2))
    monkeypatch.setattr(os, "write", real)
    await spool.append(kept(3))
    assert numbers((await spool.oldest())[1]) == [1, 3]


async def test_a_large_spool_is_cut_into_files(tmp_path: Path) -> None:
    """What is sent twice after a kill is bounded by one of them."""
    spool = Spool.open(tmp_path)
    for number in range(5):
        await asyncio.gather(*(spool.append(kept(number, 900_000)) for _ in range(4)))
    assert len(list(tmp_path.glob("*/*.spool"))) == 2


async def test_a_disk_that_hangs_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for it counts as kept; the rest is refused at once."""
    spool = Spool.open(tmp_path, bound_bytes=2_000)
    hangs, real = threading.Event(), os.fsync

    def fsync(descriptor: int) -> None:
        hangs.wait(5)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    waiting = spool.append(kept(1, 1_500))
    await asyncio.sleep(0.05)
    with pytest.raises(SpoolFull, match="of 2000 bytes are used"):
        await spool.append(kept(2, 1_500))
    hangs.set()
    await waiting
    assert numbers((await spool.oldest())[1]) == [1]


async def test_a_file_is_kept_only_when_its_folder_knows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut would take a file whose name is not on the disk: the next append tries again."""
    spool = Spool.open(tmp_path)
    synced: list[Path] = []

    def sync(folder: Path) -> None:
        synced.append(folder)
        if len(synced) == 1:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr("ingest.spool.sync_folder", sync)
    with pytest.raises(SpoolFull, match="Input/output error"):
        await spool.append(kept(1))
    await spool.append(kept(2))
    await spool.append(kept(3))
    assert len(synced) == 2
    assert numbers((await spool.oldest())[1]) == [2, 3]


async def test_a_file_that_cannot_be_deleted_is_sent_again_by_the_next_process_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This one has sent it; sent in a loop it would fill the topic."""
    spool = Spool.open(tmp_path)
    await spool.append(kept(1))
    segment, _ = await spool.oldest()

    def read_only(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", read_only)
        spool.forget(segment)
    await spool.append(kept(2))
    assert numbers((await spool.oldest())[1]) == [2]
    await spool.close()
    assert numbers((await Spool.open(tmp_path).oldest())[1]) == [1]
