"""The same sums, but an event whose id was counted already counts no more.

Ids are kept in blocks of a quarter-hour and a share of the keys, 16 bytes each; a chunk adds one
row to each block that it touches, so that no row is ever written anew.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, NamedTuple
from zlib import crc32

import msgspec
from sqlalchemy import BigInteger, Column, DateTime, Integer, LargeBinary, MetaData, Table

from bench.sum_windows import SumEvent, Sums, add_sums, columns_of_rows, start_of, sum_window
from processors.chunk import Chunk, Record, Reject
from processors.projection import Folded, Projection
from processors.tx import Tx
from schemas.topics import Topic

BUCKETS = 32
"""Of a partition's keys: a late event makes one of them be read, not the whole quarter-hour."""
_ID_BYTES = 16
_DASHES = (8, 13, 18, 23)

counted_ids = Table(
    "counted_ids",
    MetaData(),
    Column("partition", Integer, primary_key=True),
    Column("starts_at", DateTime(timezone=True), primary_key=True),
    Column("bucket", Integer, primary_key=True),
    Column("from_offset", BigInteger, primary_key=True),
    Column("ids", LargeBinary, nullable=False),
)

Block = tuple[datetime, int]
"""A quarter-hour's start, and a bucket of keys."""


class SumEventWithId(SumEvent, gc=False):
    """The event with its id, a UUID in its usual form."""

    event_id: Annotated[str, msgspec.Meta(min_length=36, max_length=36)]


class Gathered(NamedTuple):
    """A chunk's events if none was counted before, and the ids that its blocks hold already."""

    sums: Sums
    rejects: list[Reject]
    ids: dict[Block, list[str]]
    known: dict[Block, list[bytes]]


class Counted(NamedTuple):
    """What windows gain, and a block's new ids; both come from this place of the topic."""

    sums: Sums
    ids: Mapping[Block, bytes]
    partition: int
    from_offset: int


_decode = msgspec.json.Decoder(SumEventWithId).decode


async def _load(tx: Tx, chunk: Chunk) -> Gathered:
    sums, rejects, ids = gather(chunk.records)
    blocks = sorted(ids)
    rows = await tx.fetch(
        """
        SELECT k.n::int - 1, c.ids
        FROM unnest($2::timestamptz[], $3::int[]) WITH ORDINALITY AS k(starts_at, bucket, n)
        JOIN counted_ids c USING (starts_at, bucket) WHERE c.partition = $1
        """,
        chunk.partition,
        *(columns_of_rows(blocks) or [[], []]),
    )
    known: dict[Block, list[bytes]] = defaultdict(list)
    for n, held in rows:
        known[blocks[n]].append(held)
    return Gathered(sums, rejects, ids, known)


def gather(records: Iterable[Record]) -> tuple[Sums, list[Reject], dict[Block, list[str]]]:
    """What each window gains, and the ids of each block, as if no id came twice. Pure."""
    windows: dict[tuple[str, datetime], tuple[list[int], list[str]]] = {}
    rejects: list[Reject] = []
    starts: dict[str, datetime] = {}
    for record in records:
        try:
            event = _decode(record.value or b"")
            minute = event.at[:16]
            window = (event.key, starts.get(minute) or start_of(starts, minute))
        except ValueError as error:
            rejects.append(Reject(record.offset, "invalid", str(error)))
            continue
        held = windows.get(window)
        if held is None:
            gain = [event.spend_micros, event.impressions, event.clicks]
            windows[window] = (gain, [event.event_id])
        else:
            gain, ids = held
            gain[0] += event.spend_micros
            gain[1] += event.impressions
            gain[2] += event.clicks
            ids.append(event.event_id)
    blocks: dict[Block, list[str]] = defaultdict(list)
    for (key, starts_at), (_, ids) in windows.items():
        blocks[starts_at, _bucket(key)] += ids
    return {window: gain for window, (gain, _) in windows.items()}, rejects, blocks


def fold_once(chunk: Chunk, gathered: Gathered) -> Folded[Counted]:
    """What each window gains from events that were not counted yet. Pure."""
    try:
        ids = {block: packed(texts) for block, texts in gathered.ids.items()}
    except ValueError:
        return _one_by_one(chunk, gathered.known)
    known = b"".join(held for block in gathered.known.values() for held in block)
    if _may_repeat(b"".join(ids.values()), known):
        return _one_by_one(chunk, gathered.known)
    counted = Counted(gathered.sums, ids, chunk.partition, chunk.from_offset)
    return Folded(counted, gathered.rejects)


def packed(ids: Sequence[str]) -> bytes:
    """Texts of 36 letters as 16 bytes each; ValueError if one is no UUID in its usual form."""
    text = "".join(ids)
    if any(text[at::36] != "-" * len(ids) for at in _DASHES):
        raise ValueError("an id is no UUID")
    found = bytes.fromhex(text.replace("-", ""))
    if len(found) != _ID_BYTES * len(ids):  # more dashes, or spaces, which `fromhex` passes over
        raise ValueError("an id is no UUID")
    return found


def _may_repeat(new: bytes, known: bytes) -> bool:
    """Whether an id of `new` may be there twice, or known: no if all first halves differ."""
    halves = set(array("Q", new)[::2])
    return len(halves) * _ID_BYTES < len(new) or not halves.isdisjoint(array("Q", known)[::2])


def _one_by_one(chunk: Chunk, known: Mapping[Block, Sequence[bytes]]) -> Folded[Counted]:
    """The same, event by event: some id repeats, or is none."""
    seen: dict[Block, set[bytes]] = defaultdict(set)
    for block, segments in known.items():
        for held in segments:
            seen[block].update(held[i : i + _ID_BYTES] for i in range(0, len(held), _ID_BYTES))
    sums: Sums = {}
    rejects: list[Reject] = []
    new: dict[Block, list[bytes]] = defaultdict(list)
    duplicates = 0
    for record in chunk.records:
        gained, refused, ids = gather([record])
        rejects += refused
        for block, texts in ids.items():
            try:
                event_id = packed(texts)
            except ValueError as error:
                rejects.append(Reject(record.offset, "invalid", str(error)))
                continue
            if event_id in seen[block]:
                duplicates += 1
                continue
            seen[block].add(event_id)
            new[block].append(event_id)
            for window, gain in gained.items():
                held_gain = sums.get(window, (0, 0, 0))
                sums[window] = [a + b for a, b in zip(held_gain, gain, strict=True)]
    written = {block: b"".join(ids) for block, ids in new.items()}
    return Folded(Counted(sums, written, chunk.partition, chunk.from_offset), rejects, duplicates)


def _bucket(key: str) -> int:
    return crc32(key.encode()) % BUCKETS


async def _apply(tx: Tx, counted: Counted) -> None:
    await add_sums(tx, counted.sums)
    if counted.ids:
        blocks = sorted(counted.ids)
        await tx.execute(
            """
            INSERT INTO counted_ids (partition, starts_at, bucket, from_offset, ids)
            SELECT $1, r.starts_at, r.bucket, $2, r.ids
            FROM unnest($3::timestamptz[], $4::int[], $5::bytea[]) AS r(starts_at, bucket, ids)
            """,
            counted.partition,
            counted.from_offset,
            *columns_of_rows(blocks),
            [counted.ids[block] for block in blocks],
        )


sum_windows_once = Projection(
    name="sum_windows_once",
    version=1,
    topics=(Topic.AD_METRICS,),
    tables=(sum_window, counted_ids),
    views={},
    load=_load,
    fold=fold_once,
    apply=_apply,
)
