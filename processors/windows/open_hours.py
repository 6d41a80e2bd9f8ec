"""Registers of open hours: what was read of an hour while it ran, kept per quarter-hour."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from processors.quarter_hours import QUARTER, Figures, is_open_at
from processors.windows.registers import EntityDay, entity_day, microseconds
from schemas.ad_metrics import HOUR_LABELS, HoursObservation, HoursReading
from schemas.envelope import Envelope


class Glimpse(NamedTuple):
    """One reading of an hour so far; the greater is the newer."""

    observed_us: int
    event_id: UUID
    figures: Figures


EntityHour = tuple[EntityDay, int]
"""An entity's day and one of its hour labels."""

Glimpses = dict[int, Glimpse]
"""The newest reading made in each quarter-hour, by that quarter-hour's UTC microseconds."""


def label_starts(reading: HoursReading) -> list[int]:
    """UTC microseconds at which each hour label starts, and the end of the day."""
    return starts_of(microseconds(reading.day_starts_at), reading.hour_seconds)


def starts_of(day_starts_us: int, hour_seconds: Sequence[int]) -> list[int]:
    """The same from a calendar's parts."""
    at = day_starts_us
    starts = [at]
    for seconds in hour_seconds:
        at += seconds * 1_000_000
        starts.append(at)
    return starts


def glimpsed(
    events: Iterable[Envelope], open_from: date
) -> Iterator[tuple[EntityHour, HoursReading, UUID, int]]:
    """Each reading of an open date with every hour label that it tells about."""
    for event in events:
        if isinstance(event, HoursObservation) and event.body.day >= open_from:
            body = event.body
            instant = microseconds(body.observed_at)
            for label in open_labels(body, instant):
                yield (entity_day(event.workspace_id, body), label), body, event.event_id, instant


def open_labels(reading: HoursReading, instant: int) -> Iterator[int]:
    """The labels whose hour runs at `instant` or ended less than a quarter-hour before it."""
    starts = label_starts(reading)
    label = bisect_right(starts, instant) - 1
    while label >= 0 and starts[min(label + 1, HOUR_LABELS)] + QUARTER > instant:
        if label < HOUR_LABELS and is_open_at(
            starts[label], starts[label + 1] - starts[label], instant
        ):
            yield label
        label -= 1


def advance_open(
    events: Iterable[Envelope], held: dict[EntityHour, Glimpses], open_from: date
) -> dict[EntityHour, Glimpses]:
    """The registers of those hours that move, whole; a function of the set of events."""
    after: dict[EntityHour, Glimpses] = {}
    for hour, body, event_id, instant in glimpsed(events, open_from):
        glimpse = Glimpse(instant, event_id, figures_under(body, hour[1]))
        made_in = instant - instant % QUARTER
        known = after.get(hour) or held.get(hour) or {}
        if made_in not in known or known[made_in] < glimpse:
            after[hour] = {**known, made_in: glimpse}
    return after


def figures_under(reading: HoursReading, label: int) -> Figures:
    """The reading's figures of one label; zero if it is not listed."""
    for hour in reversed(reading.hours):
        if hour.label == label:
            return (hour.spend_micros, hour.impressions, hour.clicks, hour.link_clicks)
    return (0, 0, 0, 0)
