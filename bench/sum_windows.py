"""The bench's own projection: 15-minute sums per key, through the real transport and projector."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import BigInteger, Column, DateTime, MetaData, Table, Text

from processors.chunk import Chunk, Reject
from processors.projection import Folded, Projection
from processors.tx import Tx
from schemas.topics import Topic

sum_window = Table(
    "sum_window",
    MetaData(),
    Column("key", Text, primary_key=True),
    Column("starts_at", DateTime(timezone=True), primary_key=True),
    Column("spend_micros", BigInteger, nullable=False),
    Column("impressions", BigInteger, nullable=False),
    Column("clicks", BigInteger, nullable=False),
    postgresql_with={"fillfactor": "70"},
)


class SumEvent(msgspec.Struct, gc=False):
    """What the fold needs of an event; the decoder checks it and passes over the rest."""

    key: str
    at: str
    spend_micros: int
    impressions: int
    clicks: int


Window = tuple[str, datetime]
"""Key, and the quarter-hour's start."""

Sums = dict[Window, list[int]]
"""Spend, impressions and clicks of each window."""

_decode = msgspec.json.Decoder(SumEvent).decode


def fold_sums(chunk: Chunk, _state: None) -> Folded[Sums]:
    """What each window gains. Pure."""
    sums: Sums = {}
    rejects: list[Reject] = []
    starts: dict[str, datetime] = {}
    for record in chunk.records:
        try:
            event = _decode(record.value or b"")
            minute = event.at[:16]
            window = (event.key, starts.get(minute) or _start_of(starts, minute))
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


def _start_of(starts: dict[str, datetime], minute: str) -> datetime:
    starts[minute] = start = quarter_hour_of(datetime.fromisoformat(minute + ":00Z"))
    return start


def quarter_hour_of(at: datetime) -> datetime:
    """The start of the quarter-hour in which a whole minute lies."""
    return at - timedelta(minutes=at.minute % 15)


async def _load(_tx: Tx, _chunk: Chunk) -> None:
    return None


async def add_sums(tx: Tx, sums: Sums) -> None:
    """Move the windows by what they gain."""
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
    apply=add_sums,
)
