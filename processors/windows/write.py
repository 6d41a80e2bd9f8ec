"""Writes to the tables of `ad_windows` what a chunk moved."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from operator import add
from typing import Any, NamedTuple, TypeVar

import asyncpg
from sqlalchemy import Table

from processors.quarter_hours import QUARTER
from processors.tx import Row, Tx
from processors.windows.held import figures_of, pairs_of
from processors.windows.open_hours import LABELS_OF_ROW, EntityHour, Glimpses, packed
from processors.windows.registers import Registers
from processors.windows.rows import (
    Deltas,
    Numbers,
    Pairs,
    QuarterKey,
    sum_of_pairs,
)
from readmodels.tables.ad_windows import (
    account_day,
    ad_conversion,
    ad_day,
    ad_delivery,
    ad_quarter,
    coverage,
    day_reading,
    hour_reading,
    quarter_reading,
)
from schemas.ad_metrics import FIGURES, HOUR_LABELS

T = TypeVar("T")

QUARTERS = 24
"""Quarter-hours in a row of `ad_quarter`."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Delta(NamedTuple):
    """Registers with their new contents, rows by new minus old."""

    registers: Registers
    glimpses: dict[EntityHour, Glimpses]
    held_glimpses: dict[EntityHour, Glimpses]
    rows: Deltas


async def write(tx: Tx, delta: Delta) -> None:
    """Newer registers replace older ones; each window moves by new minus old."""
    # Tables in one order, rows sorted by key in `tx`: else two workers deadlock.
    await tx.replace(hour_reading, _hour_rows(delta.registers))
    await tx.replace(day_reading, _day_rows(delta.registers))
    await tx.replace(
        coverage,
        [(*scope, day, *stamp) for (scope, day), stamp in delta.registers.coverage_known.items()],
    )
    await tx.replace(quarter_reading, _glimpse_rows(delta.glimpses, delta.held_glimpses))
    await tx.replace(
        account_day,
        [(*key, *each.stamp, *each[1:]) for key, each in delta.registers.calendars.items()],
    )
    await _add(tx, ad_day, delta.rows.days, _held_hours, _sum, _day_row)
    await _add(tx, ad_quarter, _six_hours(delta.rows.quarters), _held_quarters, _sum, _by_quarter)
    await _add(tx, ad_conversion, delta.rows.conversions, pairs_of, sum_of_pairs, _pair_row)
    await _add(tx, ad_delivery, delta.rows.deliveries, _held_figures, _sum, list)


async def _add(
    tx: Tx,
    table: Table,
    gained: dict[Any, T],
    held: Callable[[asyncpg.Record], T],
    sum_of: Callable[[T, T], T],
    columns: Callable[[T], Iterable[object]],
) -> None:
    """Rows by key, each its old contents and what it gained.

    No lock is needed: an account's events lie in one partition, whose offset row is locked.
    """
    if not gained:
        return
    width = len(table.primary_key.columns)
    before = {tuple(row)[:width]: held(row) for row in await tx.find(table, gained)}
    await tx.replace(
        table,
        [
            (*key, *columns(sum_of(before[key], gain) if key in before else gain))
            for key, gain in gained.items()
        ],
    )


def _hour_rows(registers: Registers) -> list[Row]:
    return [
        (
            *entity, day, *each.path, *each.stamp, each.day_starts_at, each.hour_seconds,
            *_by_figure(each.hours),
        )
        for (entity, day), each in registers.hours_known.items()
    ]  # fmt: skip


def _day_rows(registers: Registers) -> list[Row]:
    return [
        (*entity, day, *each.path, *each.stamp, *_pair_row(each.conversions), each.delivery)
        for (entity, day), each in registers.days_known.items()
    ]


def _glimpse_rows(moved: dict[EntityHour, Glimpses], held: dict[EntityHour, Glimpses]) -> list[Row]:
    rows = {(entity, label // LABELS_OF_ROW) for entity, label in moved}
    whole: list[Row] = []
    for entity, row in rows:
        labels = range(row * LABELS_OF_ROW, (row + 1) * LABELS_OF_ROW)
        hours = [(n, moved.get((entity, n)) or held.get((entity, n), {})) for n in labels]
        whole.append((*entity, row, packed(hours)))
    return whole


def _six_hours(hours: dict[QuarterKey, list[Numbers]]) -> dict[tuple[Any, ...], Numbers]:
    """The quarter-hours of hours as rows of 24, figure by figure.

    A row starts at a UTC instant that is whole six hours, give or take what the hour's start lies
    off the quarter-hour: two calendars of one account's day may differ in that.
    """
    rows: dict[tuple[Any, ...], Numbers] = {}
    starts: dict[int, datetime] = {}
    for (window, hour), figures in hours.items():
        first = hour // QUARTER % QUARTERS
        row_us, count, done = hour - first * QUARTER, len(figures[0]), 0
        while done < count:  # twice if the hour lies across a border
            starts_at = starts.get(row_us)
            if starts_at is None:
                starts_at = starts[row_us] = _EPOCH + timedelta(microseconds=row_us)
            key = (*window, starts_at)
            row = rows.get(key)
            if row is None:
                row = rows[key] = [0] * (QUARTERS * len(figures))
            until = min(count, done + QUARTERS - first)
            for place, shares in enumerate(figures):
                low = place * QUARTERS + first
                high = low + until - done
                row[low:high] = map(add, row[low:high], shares[done:until])
            row_us, first, done = row_us + QUARTERS * QUARTER, 0, until
    return rows


def _by_figure(hours: Numbers) -> list[Numbers]:
    return [hours[i : i + HOUR_LABELS] for i in range(0, len(hours), HOUR_LABELS)]


def _day_row(hours: Numbers) -> list[object]:
    by_figure = _by_figure(hours)
    return [*map(sum, by_figure), *by_figure]


def _pair_row(pairs: Pairs) -> tuple[list[object], ...]:
    # A pair that came to nothing is one that was never told.
    names = sorted(name for name, amounts in pairs.items() if any(amounts))
    return (
        [goal for goal, _ in names],
        [window for _, window in names],
        [pairs[name][0] for name in names],
        [pairs[name][1] for name in names],
    )


def _held_hours(row: asyncpg.Record) -> Numbers:
    return figures_of(row, "by_hour")


def _by_quarter(quarters: Numbers) -> list[Numbers]:
    return [quarters[i : i + QUARTERS] for i in range(0, len(quarters), QUARTERS)]


def _held_quarters(row: asyncpg.Record) -> Numbers:
    return figures_of(row, "by_quarter")


def _held_figures(row: asyncpg.Record) -> Numbers:
    return [row[name] for name in FIGURES]


def _sum(one: Numbers, other: Numbers) -> Numbers:
    return list(map(add, one, other))
