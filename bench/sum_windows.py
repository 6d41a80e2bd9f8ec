"""The bench's own projection: 15-minute sums per key, through the real transport and projector.

Twice: as it is, and with each window keeping the ids of its events, so that none counts twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

import msgspec
from sqlalchemy import BigInteger, Column, DateTime, MetaData, Table, Text

from processors.chunk import Chunk, Reject
from processors.projection import Folded, Projection
from processors.tx import Tx
from schemas.topics import Topic

_metadata = MetaData()
_ID_LETTERS = 36


def _table(name: str, *more: Column[str]) -> Table:
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
sum_window_once = _table("sum_window_once", Column("event_ids", Text, nullable=False))


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


@dataclass(slots=True)
class Gain:
    """What the events of a chunk bring to one window, and their ids."""

    spend_micros: int
    impressions: int
    clicks: int
    ids: list[str]


class Known(NamedTuple):
    """What each window of a chunk gains if no event is known yet, and the ids it holds already."""

    gains: dict[Window, Gain]
    rejects: list[Reject]
    ids: dict[Window, str]


async def _load_known(tx: Tx, chunk: Chunk) -> Known:
    gains: dict[Window, Gain] = {}
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
        gain = gains.get(window)
        if gain is None:
            gains[window] = Gain(
                event.spend_micros, event.impressions, event.clicks, [event.event_id]
            )
        else:
            gain.spend_micros += event.spend_micros
            gain.impressions += event.impressions
            gain.clicks += event.clicks
            gain.ids.append(event.event_id)
    windows = sorted(gains)
    rows = await tx.fetch(
        """
        SELECT k.n::int, t.event_ids
        FROM unnest($1::text[], $2::timestamptz[]) WITH ORDINALITY AS k(key, starts_at, n)
        JOIN sum_window_once t USING (key, starts_at)
        """,
        *_columns(windows),
    )
    return Known(gains, rejects, {windows[row[0] - 1]: row[1] for row in rows})


def fold_once(chunk: Chunk, known: Known) -> Folded[dict[Window, tuple[object, ...]]]:
    """What each window gains, ids included; an id counts once, in its own window. Pure."""
    moved: dict[Window, tuple[object, ...]] = {}
    repeating: dict[Window, set[str]] = {}
    for window, gain in known.gains.items():
        held, ids = known.ids.get(window, ""), "".join(gain.ids)
        if len(set(gain.ids)) < len(gain.ids) or _have_one_in_common(held, ids):
            repeating[window] = {
                held[i : i + _ID_LETTERS] for i in range(0, len(held), _ID_LETTERS)
            }
        else:
            moved[window] = (gain.spend_micros, gain.impressions, gain.clicks, ids)
    duplicates = _count_once(chunk, known, repeating, moved) if repeating else 0
    return Folded(moved, known.rejects, duplicates)


def _count_once(
    chunk: Chunk,
    known: Known,
    repeating: dict[Window, set[str]],
    moved: dict[Window, tuple[object, ...]],
) -> int:
    """Read the events of windows that hold a repeated id again, one by one; how many repeat."""
    rejected = {reject.offset for reject in known.rejects}
    new: dict[Window, Gain] = {}
    duplicates = 0
    starts: dict[str, datetime] = {}
    for record in chunk.records:
        if record.offset in rejected:
            continue
        event = _decode_with_id(record.value or b"")
        minute = event.at[:16]
        window = (event.key, starts.get(minute) or _start(starts, minute))
        seen = repeating.get(window)
        if seen is None:
            continue
        if event.event_id in seen:
            duplicates += 1
            continue
        seen.add(event.event_id)
        gain = new.setdefault(window, Gain(0, 0, 0, []))
        gain.spend_micros += event.spend_micros
        gain.impressions += event.impressions
        gain.clicks += event.clicks
        gain.ids.append(event.event_id)
    for window, gain in new.items():
        moved[window] = (gain.spend_micros, gain.impressions, gain.clicks, "".join(gain.ids))
    return duplicates


def _have_one_in_common(some: str, others: str) -> bool:
    """Whether an id of one is among those of the other: the fewer are looked for in the more."""
    few, many = (some, others) if len(some) < len(others) else (others, some)
    for i in range(0, len(few), _ID_LETTERS):
        one = few[i : i + _ID_LETTERS]
        at = many.find(one)
        while at > 0 and at % _ID_LETTERS:  # letters of two neighbours
            at = many.find(one, at + 1)
        if at >= 0:
            return True
    return False


async def _apply_once(tx: Tx, moved: dict[Window, tuple[object, ...]]) -> None:
    if not moved:
        return
    windows = sorted(moved)
    await tx.execute(
        """
        INSERT INTO sum_window_once AS t
            (key, starts_at, spend_micros, impressions, clicks, event_ids)
        SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::bigint[], $4::bigint[],
            $5::bigint[], $6::text[])
        ON CONFLICT (key, starts_at) DO UPDATE SET
            spend_micros = t.spend_micros + excluded.spend_micros,
            impressions = t.impressions + excluded.impressions,
            clicks = t.clicks + excluded.clicks,
            event_ids = t.event_ids || excluded.event_ids
        """,
        *_columns(windows),
        *_columns(moved[window] for window in windows),
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
    apply=_apply_once,
)
