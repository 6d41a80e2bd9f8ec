"""The bench's own projection: 15-minute sums per key, through the real transport and projector.

Twice: as it is, and with each window keeping the ids of its events, so that none counts twice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

import msgspec
from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, MetaData, Table, Text

from processors.chunk import Chunk, Reject
from processors.projection import Folded, Projection
from processors.tx import Tx
from schemas.topics import Topic

_metadata = MetaData()
_ID_BYTES = 16


def _table(name: str, *more: Column[bytes]) -> Table:
    return Table(
        name,
        _metadata,
        Column("key", Text, primary_key=True),
        Column("starts_at", DateTime(timezone=True), primary_key=True),
        Column("spend_micros", BigInteger, nullable=False),
        Column("impressions", BigInteger, nullable=False),
        Column("clicks", BigInteger, nullable=False),
        *more,
        postgresql_with={"fillfactor": "70"},
    )


sum_window = _table("sum_window")
sum_window_once = _table("sum_window_once", Column("event_ids", LargeBinary, nullable=False))


class SumEvent(msgspec.Struct, gc=False):
    """What the fold needs of an event; the decoder checks it and passes over the rest."""

    key: str
    at: str
    spend_micros: int
    impressions: int
    clicks: int


class SumEventWithId(SumEvent, gc=False):
    """The same with its id."""

    event_id: Annotated[str, msgspec.Meta(min_length=36, max_length=36)]


Window = tuple[str, datetime]
"""Key, and the quarter-hour's start."""

Sums = dict[Window, list[int]]
"""Spend, impressions and clicks of each window."""

_decode = msgspec.json.Decoder(SumEvent).decode
_decode_with_id = msgspec.json.Decoder(SumEventWithId).decode


def fold_sums(chunk: Chunk, _state: None) -> Folded[Sums]:
    """What each window gains. Pure."""
    sums: Sums = {}
    rejects: list[Reject] = []
    starts: dict[str, datetime] = {}
    for record in chunk.records:
        try:
            event = _decode(record.value or b"")
            minute = event.at[:16]
            window = (event.key, starts.get(minute) or _start(starts, minute))
        except ValueError as error:
            rejects.append(Reject(record.offset, "invalid", str(error)))
            continue
        held = sums.get(window)
        if held is None:
            sums[window] = [event.spend_micros, event.impressions, event.clicks]
        else:
            held[0] += event.spend_micros
            held[1] += event.impressions
            held[2] += event.clicks
    return Folded(sums, rejects)


def _start(starts: dict[str, datetime], minute: str) -> datetime:
    at = datetime.fromisoformat(minute + ":00Z")
    starts[minute] = start = at - timedelta(minutes=at.minute % 15)
    return start


async def _load(_tx: Tx, _chunk: Chunk) -> None:
    return None


async def _apply(tx: Tx, sums: Sums) -> None:
    if not sums:
        return
    # Sorted by key, as everywhere: else two workers deadlock.
    windows = sorted(sums)
    await tx.execute(
        """
        INSERT INTO sum_window AS t (key, starts_at, spend_micros, impressions, clicks)
        SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::bigint[], $4::bigint[],
            $5::bigint[])
        ON CONFLICT (key, starts_at) DO UPDATE SET
            spend_micros = t.spend_micros + excluded.spend_micros,
            impressions = t.impressions + excluded.impressions,
            clicks = t.clicks + excluded.clicks
        """,
        *_columns(windows),
        *_columns(sums[window] for window in windows),
    )


class Known(NamedTuple):
    """A chunk's events by window, and what those windows hold: sums, and ids of their events."""

    events: dict[Window, list[SumEventWithId]]
    rejects: list[Reject]
    sums: Sums
    ids: dict[Window, bytes]


async def _load_known(tx: Tx, chunk: Chunk) -> Known:
    events: dict[Window, list[SumEventWithId]] = {}
    rejects: list[Reject] = []
    starts: dict[str, datetime] = {}
    for record in chunk.records:
        try:
            event = _decode_with_id(record.value or b"")
            minute = event.at[:16]
            window = (event.key, starts.get(minute) or _start(starts, minute))
        except ValueError as error:
            rejects.append(Reject(record.offset, "invalid", str(error)))
            continue
        there = events.get(window)
        if there is None:
            events[window] = [event]
        else:
            there.append(event)
    rows: list[Any] = await tx.fetch(
        """
        SELECT t.* FROM unnest($1::text[], $2::timestamptz[]) AS k(key, starts_at)
        JOIN sum_window_once t USING (key, starts_at)
        """,
        *_columns(sorted(events)),
    )
    sums = {(row[0], row[1]): [row[2], row[3], row[4]] for row in rows}
    return Known(events, rejects, sums, {(row[0], row[1]): row[5] for row in rows})


def fold_once(_chunk: Chunk, known: Known) -> Folded[Known]:
    """New sums and ids of each window that gains; an id counts once, in its own window. Pure."""
    sums: Sums = {}
    moved: dict[Window, bytes] = {}
    duplicates = 0
    for window, events in known.events.items():
        before = known.ids.get(window, b"")
        seen = set(_ids(before))
        joined = bytes.fromhex("".join([event.event_id for event in events]).replace("-", ""))
        ids = _ids(joined)
        if len(set(ids)) < len(ids) or not seen.isdisjoint(ids):
            new: dict[bytes, SumEventWithId] = {}
            for event_id, event in zip(ids, events, strict=True):
                if event_id not in seen:
                    new.setdefault(event_id, event)
            duplicates += len(events) - len(new)
            events, joined = list(new.values()), b"".join(new)
        if events:
            spend, impressions, clicks = known.sums.get(window, (0, 0, 0))
            sums[window] = [
                spend + sum([event.spend_micros for event in events]),
                impressions + sum([event.impressions for event in events]),
                clicks + sum([event.clicks for event in events]),
            ]
            moved[window] = before + joined
    return Folded(Known({}, [], sums, moved), known.rejects, duplicates)


def _ids(joined: bytes) -> list[bytes]:
    return [joined[i : i + _ID_BYTES] for i in range(0, len(joined), _ID_BYTES)]


async def _apply_known(tx: Tx, known: Known) -> None:
    rows = [(*window, *known.sums[window], ids) for window, ids in known.ids.items()]
    await tx.replace(sum_window_once, rows)


def _columns(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


sum_windows = Projection(
    name="sum_windows",
    version=1,
    topics=(Topic.AD_METRICS,),
    tables=(sum_window,),
    views={},
    load=_load,
    fold=fold_sums,
    apply=_apply,
)

sum_windows_once = Projection(
    name="sum_windows_once",
    version=1,
    topics=(Topic.AD_METRICS,),
    tables=(sum_window_once,),
    views={},
    load=_load_known,
    fold=fold_once,
    apply=_apply_known,
)
