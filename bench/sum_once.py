"""The same sums, but an event whose id was counted already counts no more.

Ids are kept by the minute of their events, 16 bytes each; a chunk adds one row to each minute that
it touches, so that no row is ever written anew. A late event makes its minute's ids be read.
"""

from array import array
from binascii import unhexlify
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, NamedTuple

import msgspec
from sqlalchemy import BigInteger, Column, DateTime, Integer, LargeBinary, MetaData, Table

from bench.sum_windows import SumEvent, Sums, add_sums, quarter_hour_of, sum_window
from processors.chunk import Chunk, Record, Reject
from processors.projection import Folded, Projection
from processors.tx import Tx
from schemas.topics import Topic

_ID_BYTES = 16
_DASHES = (8, 13, 18, 23)

counted_ids = Table(
    "counted_ids",
    MetaData(),
    Column("partition", Integer, primary_key=True),
    Column("minute", DateTime(timezone=True), primary_key=True),
    Column("from_offset", BigInteger, primary_key=True),
    Column("ids", LargeBinary, nullable=False),
)


class SumEventWithId(SumEvent, gc=False):
    """The event with its id, a UUID in its usual form."""

    event_id: Annotated[str, msgspec.Meta(min_length=36, max_length=36)]


class Gathered(NamedTuple):
    """A chunk's events if none was counted before, and the ids that its minutes hold already."""

    sums: Sums
    rejects: list[Reject]
    ids: dict[datetime, list[str]]
    known: dict[datetime, list[bytes]]


class Counted(NamedTuple):
    """What windows gain, and the new ids of each minute; both come from this place of the topic."""

    sums: Sums
    ids: Mapping[datetime, bytes]
    partition: int
    from_offset: int


_decode = msgspec.json.Decoder(SumEventWithId).decode


async def _load(tx: Tx, chunk: Chunk) -> Gathered:
    sums, rejects, ids = gather(chunk.records)
    rows = await tx.fetch(
        "SELECT minute, ids FROM counted_ids WHERE partition = $1 AND minute = ANY ($2)",
        chunk.partition,
        list(ids),
    )
    known: dict[datetime, list[bytes]] = defaultdict(list)
    for minute, held in rows:
        known[minute].append(held)
    return Gathered(sums, rejects, ids, known)


def gather(records: Iterable[Record]) -> tuple[Sums, list[Reject], dict[datetime, list[str]]]:
    """What each window gains, and the ids of each minute, as if no id came twice. Pure."""
    sums: Sums = {}
    rejects: list[Reject] = []
    ids: dict[datetime, list[str]] = {}
    places: dict[str, tuple[datetime, list[str]]] = {}
    for record in records:
        try:
            event = _decode(record.value or b"")
            minute = event.at[:16]
            start, ids_of_minute = places.get(minute) or _place(minute, places, ids)
        except ValueError as error:
            rejects.append(Reject(record.offset, "invalid", str(error)))
            continue
        ids_of_minute.append(event.event_id)
        window = (event.key, start)
        held = sums.get(window)
        if held is None:
            sums[window] = [event.spend_micros, event.impressions, event.clicks]
        else:
            held[0] += event.spend_micros
            held[1] += event.impressions
            held[2] += event.clicks
    return sums, rejects, ids


def _place(
    minute: str,
    places: dict[str, tuple[datetime, list[str]]],
    ids: dict[datetime, list[str]],
) -> tuple[datetime, list[str]]:
    """The quarter-hour of a minute, and the list of its ids; `places` remembers them."""
    at = datetime.fromisoformat(minute + ":00Z")
    places[minute] = place = (quarter_hour_of(at), ids.setdefault(at, []))
    return place


def fold_once(chunk: Chunk, gathered: Gathered) -> Folded[Counted]:
    """What each window gains from events that were not counted yet. Pure."""
    try:
        ids = {minute: packed(texts) for minute, texts in gathered.ids.items()}
    except ValueError:
        return _one_by_one(chunk, gathered.known)
    known = b"".join(held for segments in gathered.known.values() for held in segments)
    if _may_repeat(b"".join(ids.values()), known):
        return _one_by_one(chunk, gathered.known)
    counted = Counted(gathered.sums, ids, chunk.partition, chunk.from_offset)
    return Folded(counted, gathered.rejects)


def packed(ids: Sequence[str]) -> bytes:
    """Texts of 36 letters as 16 bytes each; ValueError if one is no UUID in its usual form."""
    text = "".join(ids)
    if any(text[at::36] != "-" * len(ids) for at in _DASHES):
        raise ValueError("an id is no UUID")
    found = unhexlify(text.encode().translate(None, b"-"))
    if len(found) != _ID_BYTES * len(ids):  # there were more dashes
        raise ValueError("an id is no UUID")
    return found


def _may_repeat(new: bytes, known: bytes) -> bool:
    """Whether an id of `new` may be there twice, or known: no if all first halves differ."""
    halves = set(array("Q", new)[::2])
    return len(halves) * _ID_BYTES < len(new) or not halves.isdisjoint(array("Q", known)[::2])


def _one_by_one(chunk: Chunk, known: Mapping[datetime, Sequence[bytes]]) -> Folded[Counted]:
    """The same, event by event: some id repeats, or is none."""
    seen: dict[datetime, set[bytes]] = defaultdict(set)
    for minute, segments in known.items():
        for held in segments:
            seen[minute].update(held[i : i + _ID_BYTES] for i in range(0, len(held), _ID_BYTES))
    sums: Sums = {}
    rejects: list[Reject] = []
    new: dict[datetime, list[bytes]] = defaultdict(list)
    duplicates = 0
    for record in chunk.records:
        gained, refused, ids = gather([record])
        rejects += refused
        for minute, texts in ids.items():
            try:
                event_id = packed(texts)
            except ValueError as error:
                rejects.append(Reject(record.offset, "invalid", str(error)))
                continue
            if event_id in seen[minute]:
                duplicates += 1
                continue
            seen[minute].add(event_id)
            new[minute].append(event_id)
            for window, gain in gained.items():
                before = sums.get(window, (0, 0, 0))
                sums[window] = [a + b for a, b in zip(before, gain, strict=True)]
    written = {minute: b"".join(ids) for minute, ids in new.items()}
    return Folded(Counted(sums, written, chunk.partition, chunk.from_offset), rejects, duplicates)


async def _apply(tx: Tx, counted: Counted) -> None:
    await add_sums(tx, counted.sums)
    minutes = sorted(counted.ids)
    await tx.execute(
        """
        INSERT INTO counted_ids (partition, minute, from_offset, ids)
        SELECT $1, r.minute, $2, r.ids FROM unnest($3::timestamptz[], $4::bytea[]) AS r(minute, ids)
        """,
        counted.partition,
        counted.from_offset,
        minutes,
        [counted.ids[minute] for minute in minutes],
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
