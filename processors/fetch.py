"""One chunk per partition out of the bytes that aiokafka has fetched.

aiokafka makes an object of eleven fields for each record, in Python; taking a batch's own records
as they are is twice as fast and leaves the interpreter lock to the folds.
"""
# ruff: noqa: SLF001  # what is read here is private to aiokafka: tests/contract holds it

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import TopicPartition
from aiokafka.errors import CorruptRecordException

from processors.chunk import Chunk, Record
from schemas.topics import Topic

log = structlog.get_logger(__name__)

CHUNK_BYTES = 12 << 20
"""Of values, uncompressed. Decoded and folded they take about five times as much memory."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Which explicit seek a partition is read from; `epoch` tells it from earlier ones."""

    topic: Topic
    epoch: int


@dataclass(frozen=True, slots=True)
class Handed:
    """A chunk on its way to its agent, with the seek that it follows."""

    chunk: Chunk
    epoch: int
    timestamp_ms: int  # of the last record, by its producer; 0 if the chunk has no record


def drain(
    fetcher: Any,
    placed: dict[TopicPartition, Placement],
    wanted: Collection[TopicPartition],
    room: Mapping[str, int],
    limits: Mapping[str, int],
) -> dict[TopicPartition, list[Handed]]:
    """At most one chunk of each wanted partition, and `room[topic]` of a topic's, without waiting.

    `fetcher` is an `aiokafka.consumer.fetcher.Fetcher`; this is its `fetched_records`, by chunks.
    A chunk ends with the batch in which it reaches its topic's limit of records or `CHUNK_BYTES`.
    Where the fetch failed, the partition loses its placement: it is read again from an explicit
    seek or not at all.
    """
    if fetcher._subscriptions.reassignment_in_progress:
        return {}
    left = dict(room)
    taken: dict[TopicPartition, list[Handed]] = {}
    fetches: dict[TopicPartition, Any] = fetcher._records
    for tp in list(fetches):
        placement = placed.get(tp)
        if placement is None or tp not in wanted or left.get(tp.topic, 0) <= 0:
            continue
        fetched = fetches[tp]
        try:
            if hasattr(fetched, "check_raise"):
                fetched.check_raise()
            chunk, timestamp_ms = _next_chunk(fetched, tp, placement, limits[tp.topic])
        except Exception as error:
            log.warning("fetch failed", marker="[WORKER]", partition=str(tp), error=repr(error))
            placed.pop(tp, None)
            chunk, timestamp_ms, fetched = None, 0, None
        if fetched is None or not fetched.has_more():
            del fetches[tp]
            fetcher._notify(fetcher._wait_consume_future)  # aiokafka may fetch this partition again
        if chunk is not None:
            taken[tp] = [Handed(chunk, placement.epoch, timestamp_ms)]
            left[tp.topic] -= 1
    return taken


def unpack(fetched: Any, limit: int) -> list[Record]:
    """The next records, batch by batch until they are enough; `next_fetch_offset` moves behind.

    Enough are `limit` records or `CHUNK_BYTES`, so far as the batches allow.
    `fetched` is an `aiokafka.consumer.fetcher.PartitionRecords`. Markers of transactions are no
    records: the list may be empty although the offset moved.
    """
    batches = fetched._records
    records: list[Record] = []
    left_bytes = CHUNK_BYTES
    while len(records) < limit and left_bytes > 0 and batches.has_next():
        batch = batches.next_batch()
        if fetched._check_crcs and not batch.validate_crc():
            raise CorruptRecordException(f"checksum of {fetched._tp} at {batch.base_offset}")
        if not batch.is_control_batch:
            first: int = fetched.next_fetch_offset
            inside: list[Record] = list(batch)
            if inside and inside[0].offset < first:  # a fetch starts with the batch around it
                inside = [record for record in inside if record.offset >= first]
            records += inside
            left_bytes -= sum(len(record.value or b"") for record in inside)
        fetched.next_fetch_offset = max(fetched.next_fetch_offset, batch.next_offset)
    return records


def _next_chunk(
    fetched: Any, tp: TopicPartition, placement: Placement, limit: int
) -> tuple[Chunk | None, int]:
    """The chunk at the partition's position, which moves; None if that has moved elsewhere."""
    if not fetched.has_more() or not fetched.check_assignment(tp):
        fetched._partition_records = None
        return None, 0
    pending = fetched._partition_records
    start: int = pending.next_fetch_offset  # which `check_assignment` found equal to the position
    records = unpack(pending, limit)
    fetched._update_position()
    if not pending._records.has_next():
        fetched._partition_records = None
    end: int = pending.next_fetch_offset
    if end == start:
        return None, 0
    newest: Any = records[-1] if records else None
    chunk = Chunk(placement.topic, tp.partition, start, end, records)
    return chunk, newest.timestamp if newest else 0
