"""Registers of open hours: what was read of an hour while it ran, kept per quarter-hour."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from struct import Struct
from typing import NamedTuple
from uuid import UUID

from processors.quarter_hours import QUARTER, Figures, is_open_at
from processors.windows.registers import EntityDay, microseconds
from schemas.ad_metrics import HOUR_LABELS, HoursObservation, HoursReading


class Glimpse(NamedTuple):
    """One reading of an hour so far; the greater is the newer."""

    observed_us: int
    event_id: UUID
    figures: Figures


EntityHour = tuple[EntityDay, int]
"""An entity's day and one of its hour labels."""

Glimpses = dict[int, Glimpse]
"""The newest reading made in each quarter-hour, by that quarter-hour's UTC microseconds."""


# In PostgreSQL the glimpses of six hours are one value: label, instant, event id and figures of
# each, packed without gaps. Nobody else reads them; an hour a row cost more than all else.
_GLIMPSE = Struct(">Bq16s4q")
LABELS_OF_ROW = 6


def packed(hours: Iterable[tuple[int, Glimpses]]) -> bytes:
    """The glimpses of some hour labels as a row of `quarter_reading` holds them."""
    pack = _GLIMPSE.pack
    return b"".join(
        [
            pack(label, each[0], each[1].bytes, *each[2])
            for label, held in hours
            # Sorted: what is kept may not tell in which order events came.
            for each in sorted(held.values())
        ]
    )


def unpacked(held: bytes) -> dict[int, Glimpses]:
    """What `packed` made, by label."""
    hours: dict[int, Glimpses] = {}
    for label, observed_us, event_id, *figures in _GLIMPSE.iter_unpack(held):
        glimpse = Glimpse(observed_us, UUID(bytes=event_id), tuple(figures))
        hours.setdefault(label, {})[observed_us - observed_us % QUARTER] = glimpse
    return hours


def starts_of(day_starts_us: int, hour_seconds: Sequence[int]) -> list[int]:
    """UTC microseconds at which each hour label starts, and the end of the day."""
    at = day_starts_us
    starts = [at]
    for seconds in hour_seconds:
        at += seconds * 1_000_000
        starts.append(at)
    return starts


OpenAt = dict[int, tuple[datetime, Sequence[int], list[int]]]
"""By instant: a calendar, and its labels that were open then. Entities of a read share both."""


def glimpse_all(
    entity: EntityDay,
    events: Iterable[HoursObservation],
    found: dict[EntityHour, Glimpses],
    open_at: OpenAt,
) -> None:
    """Add to `found` every hour of the entity's day that ran when it was read."""
    hours: dict[int, Glimpses] = {}
    for event in events:
        body = event.body
        instant = microseconds(body.observed_at)
        known = open_at.get(instant)
        if known is None or known[0] != body.day_starts_at or known[1] != body.hour_seconds:
            starts = starts_of(microseconds(body.day_starts_at), body.hour_seconds)
            known = (body.day_starts_at, body.hour_seconds, open_labels(starts, instant))
            open_at[instant] = known
        for label in known[2]:
            held = hours.get(label)
            if held is None:
                held = hours[label] = found.setdefault((entity, label), {})
            glimpse = Glimpse(instant, event.event_id, figures_under(body, label))
            _keep(held, instant - instant % QUARTER, glimpse)


def open_labels(starts: Sequence[int], instant: int) -> list[int]:
    """The labels whose hour runs at `instant` or ended less than a quarter-hour before it."""
    label = min(bisect_right(starts, instant), HOUR_LABELS) - 1
    labels: list[int] = []
    while label >= 0 and starts[label + 1] + QUARTER > instant:
        if is_open_at(starts[label], starts[label + 1] - starts[label], instant):
            labels.append(label)
        label -= 1
    return labels


def advance_open(
    glimpsed: Mapping[EntityHour, Glimpses], held: Mapping[EntityHour, Glimpses]
) -> dict[EntityHour, Glimpses]:
    """The registers of those hours that move, whole; a function of the set of glimpses."""
    after: dict[EntityHour, Glimpses] = {}
    for hour, glimpses in glimpsed.items():
        before = held.get(hour, {})
        now = before.copy()
        for made_in, glimpse in glimpses.items():
            _keep(now, made_in, glimpse)
        if now != before:
            after[hour] = now
    return after


def _keep(held: Glimpses, made_in: int, glimpse: Glimpse) -> None:
    current = held.get(made_in)
    if current is None or glimpse > current:
        held[made_in] = glimpse


def figures_under(reading: HoursReading, label: int) -> Figures:
    """The reading's figures of one label; zero if it is not listed."""
    for hour in reversed(reading.hours):
        if hour.label == label:
            return (hour.spend_micros, hour.impressions, hour.clicks, hour.link_clicks)
    return (0, 0, 0, 0)
