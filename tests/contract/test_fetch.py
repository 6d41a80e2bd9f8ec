"""Chunks out of aiokafka's fetched bytes: which records, and from where to where."""

import asyncio
from collections import OrderedDict
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import FetchError, FetchResult, PartitionRecords
from aiokafka.consumer.subscription_state import Assignment
from aiokafka.errors import OffsetOutOfRangeError
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from hypothesis import given
from hypothesis import strategies as st

from processors.chunk import Chunk
from processors.fetch import Handed, Placement, drain
from schemas.topics import Topic

TP = TopicPartition("t.ad-metrics", 3)
OTHER = TopicPartition("t.ad-metrics", 4)
PLACEMENT = Placement(Topic.AD_METRICS, 1)


def batch(*offsets: int, codec: int = 3, spans: int | None = None) -> bytes:
    """A batch of Kafka's with records at these offsets; it may span more, as after compaction."""
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=codec,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=1 << 20,
    )
    base = offsets[0]
    for offset in offsets:
        builder.append(offset - base, 1_700_000_000_000 + offset, b"k", b"v%d" % offset, [])
    built = bytearray(builder.build())
    built[0:8] = base.to_bytes(8, "big")
    if spans is not None:
        built[23:27] = (spans - 1).to_bytes(4, "big")
    return bytes(built)


def marker(offset: int) -> bytes:
    """The end of somebody's transaction: a batch without records for us."""
    built = bytearray(batch(offset, codec=0))
    built[22] |= 0x20
    return bytes(built)


class Fetched:
    """An aiokafka fetcher in which these bytes have arrived."""

    def __init__(self, position: int, data: bytes, *, crcs: bool = False) -> None:
        self.assignment = Assignment([TP, OTHER])
        self._subscriptions = SimpleNamespace(reassignment_in_progress=False)
        self._records: OrderedDict[TopicPartition, Any] = OrderedDict()
        self._wait_consume_future = asyncio.get_running_loop().create_future()
        self.arrive(TP, position, data, crcs=crcs)

    def arrive(self, tp: TopicPartition, position: int, data: bytes, *, crcs: bool = False) -> None:
        """Another partition's fetch."""
        self.assignment.state_value(tp).seek(position)
        pending = PartitionRecords(tp, MemoryRecords(data), None, position, None, None, crcs, 0)
        self._records[tp] = FetchResult(
            tp, assignment=self.assignment, partition_records=pending, backoff=0.1
        )

    def _notify(self, future: "asyncio.Future[None]") -> None:
        if not future.done():
            future.set_result(None)

    def drain(
        self, *, limit: int = 1000, room: int = 8, placed: dict[TopicPartition, Placement] | None
    ) -> dict[TopicPartition, list[Handed]]:
        """What the thread takes."""
        held = {TP: PLACEMENT, OTHER: PLACEMENT} if placed is None else placed
        return drain(self, held, {TP, OTHER}, {TP.topic: room}, {TP.topic: limit})

    def chunks(self, limit: int = 1000) -> list[Chunk]:
        """All chunks of the partition."""
        found: list[Chunk] = []
        while handed := self.drain(limit=limit, placed=None).get(TP):
            found.append(handed[0].chunk)
        return found


def ranges(chunks: list[Chunk]) -> list[tuple[int, int, list[int]]]:
    return [(c.from_offset, c.to_offset, [r.offset for r in c.records]) for c in chunks]


async def test_a_chunk_starts_at_the_position_and_ends_behind_its_last_record() -> None:
    """Keys and values are Kafka's bytes."""
    fetched = Fetched(5, batch(5, 6, 7))
    (chunk,) = fetched.chunks()
    assert ranges([chunk]) == [(5, 8, [5, 6, 7])]
    assert [(r.key, r.value) for r in chunk.records] == [(b"k", b"v%d" % n) for n in (5, 6, 7)]
    assert (chunk.topic, chunk.partition) == (Topic.AD_METRICS, 3)
    assert fetched.assignment.state_value(TP).position == 8


async def test_a_fetch_in_the_middle_of_a_batch_leaves_out_what_lies_before() -> None:
    """Kafka sends whole batches."""
    assert ranges(Fetched(6, batch(5, 6, 7)).chunks()) == [(6, 8, [6, 7])]


async def test_gaps_that_kafka_left_lie_inside_the_chunks() -> None:
    """A compacted batch: the next chunk starts where this one ends, though no record lies there."""
    data = batch(5, 7, spans=5) + batch(20)
    assert ranges(Fetched(4, data).chunks(limit=2)) == [(4, 10, [5, 7]), (10, 21, [20])]


async def test_a_marker_moves_the_offset_without_a_record() -> None:
    """Else the lag would never become 0."""
    assert ranges(Fetched(9, marker(9)).chunks()) == [(9, 10, [])]


async def test_a_chunk_ends_with_the_batch_that_reaches_the_limit() -> None:
    """The rest is the next chunk, and the partition is fetched again only after it."""
    fetched = Fetched(0, batch(0, 1) + batch(2, 3) + batch(4))
    first = fetched.drain(limit=3, placed=None)[TP][0].chunk
    assert ranges([first]) == [(0, 4, [0, 1, 2, 3])]
    assert TP in fetched._records
    assert not fetched._wait_consume_future.done()
    assert ranges(fetched.chunks()) == [(4, 5, [4])]
    assert TP not in fetched._records
    assert fetched._wait_consume_future.done()


async def test_a_partition_that_was_not_placed_is_not_read() -> None:
    """Whatever Kafka's committed offset made aiokafka fetch."""
    fetched = Fetched(0, batch(0))
    assert fetched.drain(placed={}) == {}
    assert TP in fetched._records


async def test_a_topic_without_room_waits_in_aiokafka() -> None:
    """Room for one: one chunk, of one partition."""
    fetched = Fetched(0, batch(0))
    fetched.arrive(OTHER, 0, batch(0))
    assert list(fetched.drain(room=1, placed=None)) == [TP]
    assert fetched.drain(room=0, placed=None) == {}
    assert list(fetched.drain(room=1, placed=None)) == [OTHER]


async def test_what_was_fetched_before_a_seek_is_dropped() -> None:
    """The position has moved away from it."""
    fetched = Fetched(0, batch(0, 1))
    fetched.assignment.state_value(TP).seek(1)
    assert fetched.drain(placed=None) == {}
    assert TP not in fetched._records


async def test_a_spoilt_batch_takes_the_placement_and_the_good_ones_before_it() -> None:
    """They come again with the next explicit seek; aiokafka itself would lose them."""
    spoilt = bytearray(batch(2))
    spoilt[-1] ^= 0xFF
    fetched = Fetched(0, batch(0, 1) + bytes(spoilt), crcs=True)
    placed = {TP: PLACEMENT}
    assert fetched.drain(placed=placed) == {}
    assert placed == {}
    assert fetched.assignment.state_value(TP).position == 0


async def test_a_fetch_error_takes_the_placement() -> None:
    """Out of range is then judged against PostgreSQL's offset."""
    fetched = Fetched(0, batch(0))
    fetched._records[TP] = FetchError(error=OffsetOutOfRangeError({TP: 0}), backoff=0.1)
    placed = {TP: PLACEMENT}
    assert fetched.drain(placed=placed) == {}
    assert placed == {}
    assert TP not in fetched._records


async def test_nothing_is_taken_while_the_group_shares_out_anew() -> None:
    """What was fetched may be another worker's by now."""
    fetched = Fetched(0, batch(0))
    fetched._subscriptions.reassignment_in_progress = True
    assert fetched.drain(placed=None) == {}


@pytest.mark.parametrize("codec", [0, 1, 2, 3, 4], ids=["none", "gzip", "snappy", "lz4", "zstd"])
async def test_each_compression_is_read(codec: int) -> None:
    """Other producers may choose another one."""
    try:
        data = batch(0, 1, codec=codec)
    except RuntimeError:
        pytest.skip("no library for it is installed, and none of our producers uses it")
    assert ranges(Fetched(0, data).chunks()) == [(0, 2, [0, 1])]


@given(
    sizes=st.lists(st.integers(1, 7), min_size=1, max_size=12),
    holes=st.lists(st.integers(0, 3), min_size=12, max_size=12),
    start=st.integers(0, 20),
    limit=st.integers(1, 20),
)
def test_chunks_lie_end_to_end_and_hold_each_record_once(
    sizes: list[int], holes: list[int], start: int, limit: int
) -> None:
    """Whatever the batches, the gaps between them, the position and the limit are."""

    async def check() -> None:
        offset, data, all_offsets = 0, b"", list[int]()
        for size, hole in zip(sizes, holes, strict=False):
            offsets = range(offset, offset + size)
            data += batch(*offsets, codec=0)
            all_offsets += offsets
            offset += size + hole
        first = min(start, all_offsets[-1])
        chunks = Fetched(first, data).chunks(limit)
        edges = [first, *(chunk.to_offset for chunk in chunks)]
        assert [chunk.from_offset for chunk in chunks] == edges[:-1]
        assert edges[-1] == all_offsets[-1] + 1
        found = [record.offset for chunk in chunks for record in chunk.records]
        assert found == [each for each in all_offsets if each >= first]

    asyncio.run(check())


async def test_a_chunk_ends_with_the_batch_that_reaches_its_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Heavy events come in chunks of fewer."""
    monkeypatch.setattr("processors.fetch.CHUNK_BYTES", 3 * len(b"v0"))
    fetched = Fetched(0, batch(0, 1) + batch(2, 3) + batch(4, 5))
    assert ranges(fetched.chunks()) == [(0, 4, [0, 1, 2, 3]), (4, 6, [4, 5])]
