"""The tables of `ad_windows` as dictionaries, so that a law folds thousands of chunks at once.

It loads what `load_state` loads and writes what `write` writes; that SQL is proved on a real
PostgreSQL by `tests/processors/projections` and by every integration test.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from processors.windows.fold import Deltas, deltas, hours_needed, state_before
from processors.windows.open_hours import EntityHour, Glimpses
from processors.windows.readings import readings_in
from processors.windows.registers import (
    EntityDay,
    Registers,
    Stamp,
    scope_around,
    scope_of,
)
from processors.windows.rows import Numbers, WindowKey, no_deltas, sum_of_pairs, sum_of_quarters
from schemas.ad_metrics import HOUR_LABELS, Coverage
from schemas.envelope import Envelope

Row = tuple[Any, ...]

ANY_DAY = date(2000, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_QUARTER = timedelta(minutes=15)


class Memory:
    """All registers and rows that the chunks so far have left."""

    def __init__(self, open_from: date = ANY_DAY) -> None:
        self.open_from = open_from
        self.registers = Registers()
        self.glimpses: dict[EntityHour, Glimpses] = {}
        self.rows: Deltas = no_deltas()

    def fold(self, events: Iterable[Envelope]) -> None:
        """One chunk: load, fold, write."""
        readings = readings_in(events)
        held = self.registers
        state = state_before(readings, self.open_from, held)
        state.uncovered_hours = self._uncovered(readings.coverages, "hours")
        state.uncovered_days = self._uncovered(readings.coverages, "day")
        needed = hours_needed(state)
        state.glimpses = {hour: self.glimpses[hour] for hour in needed if hour in self.glimpses}
        moved, glimpses = deltas(state)
        self.glimpses |= glimpses
        self._move(moved)
        for name in ("hours", "hours_known", "days", "days_known", "calendars"):
            getattr(held, name).update(getattr(state.after, name))
        held.coverage.update(state.after.coverage)
        held.coverage_known.update(state.after.coverage_known)

    def views(self) -> dict[str, set[Row]]:
        """As the views show the rows: unfolded, without those that are all zero."""
        return {
            "ad_day": {row for row in self._days() if any(row[-4:])},
            "ad_hour": {row for row in self._hours() if any(row[-4:])},
            "ad_quarter_hour": {row for row in self._quarters() if any(row[-4:])},
            "ad_conversion_day": {row for row in self._conversions() if any(row[-2:])},
            "ad_delivery_day": {
                (*_told(key), *figures)
                for key, figures in self.rows.deliveries.items()
                if any(figures)
            },
            "account_day": {
                (str(workspace), *rest, each.day_starts_at, tuple(each.hour_seconds))
                for (workspace, *rest), each in self.registers.calendars.items()
            },
        }

    def _uncovered(self, covered: Iterable[Coverage], kind: str) -> list[EntityDay]:
        newest: dict[Any, Stamp] = {}
        for event in covered:
            scope, stamp = scope_of(event), Stamp(event.body.observed_at, event.event_id)
            known = self.registers.coverage.get(scope)
            if known is None or stamp.observed_at > known.observed_at:
                newest[scope] = stamp
        readings = self.registers.hours if kind == "hours" else self.registers.days
        return [
            entity
            for entity, reading in readings.items()
            if (scope := scope_around(entity, kind)) in newest
            and reading.stamp.observed_at
            < max(event.body.observed_at for event in covered if scope_of(event) == scope)
        ]

    def _move(self, moved: Deltas) -> None:
        for rows, gained in (
            (self.rows.days, moved.days),
            (self.rows.deliveries, moved.deliveries),
        ):
            for key, numbers in gained.items():
                rows[key] = _sum(rows.get(key), numbers)
        for key, quarters in moved.quarters.items():
            held = self.rows.quarters.get(key)
            self.rows.quarters[key] = sum_of_quarters(held, quarters) if held else quarters
        for key, pairs in moved.conversions.items():
            self.rows.conversions[key] = sum_of_pairs(self.rows.conversions.get(key, {}), pairs)

    def _days(self) -> Iterator[Row]:
        for key, hours in self.rows.days.items():
            yield (*_told(key), *(sum(figure) for figure in _by_figure(hours)))

    def _hours(self) -> Iterator[Row]:
        for key, hours in self.rows.days.items():
            workspace, _, day, provider, account, *_ids = key
            calendar = self.registers.calendars[workspace, provider, account, day]
            starts_at = calendar.day_starts_at
            for label, figures in enumerate(zip(*_by_figure(hours), strict=True)):
                ends_at = starts_at + timedelta(seconds=calendar.hour_seconds[label])
                yield (*_told(key), label, starts_at, ends_at, *figures)
                starts_at = ends_at

    def _quarters(self) -> Iterator[Row]:
        sums: dict[Row, Numbers] = {}
        for (key, start), by_figure in self.rows.quarters.items():
            for i, figures in enumerate(zip(*by_figure, strict=True)):
                at = _EPOCH + timedelta(microseconds=start) + i * _QUARTER
                place = (*_told(key), at)
                sums[place] = _sum(sums.get(place), list(figures))
        for place, figures in sums.items():
            yield (*place, *figures)

    def _conversions(self) -> Iterator[Row]:
        for key, pairs in self.rows.conversions.items():
            for name, amounts in pairs.items():
                yield (*_told(key), *name, *amounts)


def _told(key: WindowKey) -> Row:
    return (str(key[0]), *key[1:])


def _by_figure(hours: Numbers) -> list[Numbers]:
    return [hours[i : i + HOUR_LABELS] for i in range(0, len(hours), HOUR_LABELS)]


def _sum(held: Numbers | None, numbers: Numbers) -> Numbers:
    return [a + b for a, b in zip(held or [0] * len(numbers), numbers, strict=True)]
