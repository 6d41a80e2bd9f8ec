"""A spool on a disk that does not give back what was written."""
# ruff: noqa: ASYNC240 - nothing else runs in this loop

import asyncio
from pathlib import Path
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from ingest.publisher import Publisher
from ingest.record import Lane, Record, record
from ingest.spool import Segment, Spool
from schemas.codec import decode
from schemas.topics import Topic
from tests.ingest.asked import asked

REQUESTS = Topic.SYNC_REQUESTS


def numbers(records: list[Record]) -> list[int]:
    """The numbers of records."""
    return [int(each.value) for each in records]


async def five(tmp_path: Path) -> tuple[Path, int]:
    """The file of a closed spool with five records, and the length of each frame."""
    spool = Spool.open(tmp_path)
    for number in range(5):
        await spool.append(Record(Lane(REQUESTS, 3), b"key", f"{number:010}".encode()))
    await spool.close()
    (path,) = tmp_path.glob("*/*.spool")
    return path, path.stat().st_size // 5


def flip(path: Path, at: int) -> None:
    """One bit of a file is another."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("byte", [0, 2, 3, 4, 7, 8, 10, -1])
async def test_a_flipped_bit_costs_its_own_record_alone(tmp_path: Path, byte: int) -> None:
    """Also where it is in the header, and makes a frame seem longer or shorter than it is."""
    path, length = await five(tmp_path)
    second = path.read_bytes()[length : 2 * length]
    flip(path, length + byte % length)

    spool = Spool.open(tmp_path)
    with capture_logs() as logs:
        _, records = await spool.oldest()
    assert numbers(records) == [0, 2, 3, 4]
    (aside,) = tmp_path.glob("*/*.damaged")
    assert len([1 for a, b in zip(aside.read_bytes(), second, strict=True) if a != b]) == 1
    (error,) = [line for line in logs if line["log_level"] == "error"]
    assert (error["file"], error["spool_file_offset"]) == (str(aside), length)


async def test_flipped_bits_in_a_row_and_at_the_end_cost_those_alone(tmp_path: Path) -> None:
    """No event is published that nobody accepted."""
    path, length = await five(tmp_path)
    for number in (1, 2, 4):
        flip(path, number * length + 20)
    _, records = await Spool.open(tmp_path).oldest()
    assert numbers(records) == [0, 3]
    (aside,) = tmp_path.glob("*/*.damaged")
    assert aside.stat().st_size == 3 * length


async def test_zeros_are_no_record(tmp_path: Path) -> None:
    """A power cut can leave a file longer than what was written; its checksum is zero, too."""
    path, _ = await five(tmp_path)
    with path.open("ab") as file:
        file.write(bytes(100))
    _, records = await Spool.open(tmp_path).oldest()
    assert numbers(records) == [0, 1, 2, 3, 4]


async def test_a_damaged_record_does_not_hold_its_partition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its companions are sent, and what comes later need not wait for it, for ever."""
    one, is_back, sent = UUID(int=1), asyncio.Event(), list[Record]()
    oldest = Spool.oldest

    async def once_it_is_back(spool: Spool) -> tuple[Segment, list[Record]]:
        await is_back.wait()
        return await oldest(spool)

    async def send(records: list[Record], within_seconds: float | None) -> None:
        await is_back.wait()
        sent.extend(records)

    monkeypatch.setattr(Spool, "oldest", once_it_is_back)
    async with Publisher("127.0.0.1:1", "t.", spool_folder=tmp_path) as publisher:
        monkeypatch.setattr(publisher._producer, "send", send)
        spooled = [record(asked(str(number), one)) for number in range(5)]
        for each in spooled:
            await publisher._to_spool(each)
        (path,) = tmp_path.glob("*/*.spool")
        data = path.read_bytes()
        path.write_bytes(data.replace(spooled[1].value, spooled[1].value[::-1]))
        is_back.set()
        async with asyncio.timeout(5):
            while publisher.spooled:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        later = asked("later", one)
        await publisher.accept(later)
        assert publisher.spooled == 0
    assert sent[:4] == [spooled[0], *spooled[2:]]
    assert [decode(REQUESTS, each.value).event_id for each in sent[4:]] == [later.event_id]
