"""Reads from the tables of `ad_windows` what a chunk may move."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import asyncpg
from sqlalchemy import Table

from processors.registers import known_on
from processors.tx import Tx, columns_of, keyed, same
from processors.windows.fold import State, hours_needed, state_before
from processors.windows.held import figures_of, pairs_of
from processors.windows.open_hours import LABELS_OF_ROW, EntityHour, Glimpses, unpacked
from processors.windows.readings import Readings
from processors.windows.registers import (
    Calendar,
    DayRegister,
    EntityDay,
    HourRegister,
    Path,
    Registers,
    Scope,
    Stamp,
    scope_around,
    scope_of,
)
from readmodels.tables.ad_windows import (
    account_day,
    coverage,
    day_reading,
    hour_reading,
    quarter_reading,
)
from schemas.ad_metrics import Coverage, DayObservation, HoursObservation


async def load_state(tx: Tx, readings: Readings) -> State:
    """The registers that the readings are compared with, and those of the hours they touch."""
    # Locked for sharing: the day on which dates are closed does not move under a fold.
    [row] = await tx.fetch("SELECT day FROM processing.open_from FOR SHARE")
    held = Registers()
    await _load_coverage(tx, held, readings)
    await _load_hours(tx, held, _known(readings.hours))
    await _load_days(tx, held, _known(readings.days))
    await _load_calendars(tx, held, readings)
    uncovered_hours = await _uncovered(tx, held, readings.coverages, "hours")
    uncovered_days = await _uncovered(tx, held, readings.coverages, "day")
    state = state_before(readings, row["day"], held)
    state.uncovered_hours, state.uncovered_days = uncovered_hours, uncovered_days
    state.glimpses = await _load_glimpses(tx, hours_needed(state))
    return state


def _known(
    readings: Mapping[EntityDay, Sequence[HoursObservation | DayObservation]],
) -> set[tuple[EntityDay, date]]:
    return {
        (entity, day)
        for entity, events in readings.items()
        for day in {known_on(event.body.observed_at) for event in events}
    }


async def _load_hours(tx: Tx, held: Registers, known: set[tuple[EntityDay, date]]) -> None:
    for row in await _newest(tx, hour_reading, 6, {entity for entity, _ in known}):
        _hold_hours(held, row, newest=True)
    missing = [(*entity, day) for entity, day in known - held.hours_known.keys()]
    for row in await tx.find(hour_reading, missing):
        _hold_hours(held, row, newest=False)


async def _load_days(tx: Tx, held: Registers, known: set[tuple[EntityDay, date]]) -> None:
    for row in await _newest(tx, day_reading, 6, {entity for entity, _ in known}):
        _hold_days(held, row, newest=True)
    missing = [(*entity, day) for entity, day in known - held.days_known.keys()]
    for row in await tx.find(day_reading, missing):
        _hold_days(held, row, newest=False)


async def _load_coverage(tx: Tx, held: Registers, readings: Readings) -> None:
    known = {(scope_of(e), known_on(e.body.observed_at)) for e in readings.coverages}
    scopes: set[Scope] = {scope for scope, _ in known}
    scopes |= {scope_around(entity, "hours") for entity in readings.hours}
    scopes |= {scope_around(entity, "day") for entity in readings.days}
    for row in await _newest(tx, coverage, 6, scopes):
        scope: Scope = tuple(row)[:6]  # type: ignore[assignment]
        held.coverage[scope] = held.coverage_known[scope, row["known_on"]] = _stamp(row)
    missing = [(*scope, day) for scope, day in known - held.coverage_known.keys()]
    for row in await tx.find(coverage, missing):
        held.coverage_known[tuple(row)[:6], row["known_on"]] = _stamp(row)  # type: ignore[index]


async def _load_calendars(tx: Tx, held: Registers, readings: Readings) -> None:
    wanted = {(*entity[:3], entity[4]) for entity in readings.hours}
    for row in await tx.find(account_day, wanted):
        held.calendars[tuple(row)[:4]] = Calendar(  # type: ignore[index]
            _stamp(row), row["day_starts_at"], tuple(row["hour_seconds"])
        )


async def _uncovered(
    tx: Tx, held: Registers, covered: Iterable[Coverage], kind: str
) -> list[EntityDay]:
    """The entities that a coverage may restate to nothing: read before it, and not since."""
    table, hold = (hour_reading, _hold_hours) if kind == "hours" else (day_reading, _hold_days)
    until: dict[Scope, Stamp] = {}
    for event in covered:
        scope, stamp = scope_of(event), Stamp(event.body.observed_at, event.event_id)
        older = held.coverage.get(scope)
        if scope[4] == kind and (older is None or stamp > older):
            until[scope] = max(until.get(scope, stamp), stamp)
    if not until:
        return []
    keys = [(*scope[:4], scope[5]) for scope in until]
    older = [held.coverage.get(scope) for scope in until]
    rows = await tx.fetch(
        f"""
        SELECT r.* FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[],
            $6::timestamptz[], $7::timestamptz[])
            AS k(workspace_id, provider, account_id, level, day, since, until)
        CROSS JOIN LATERAL (
            SELECT DISTINCT ON (entity_id) * FROM "{table.name}" t
            WHERE (t.workspace_id, t.provider, t.account_id, t.level, t.day)
                = (k.workspace_id, k.provider, k.account_id, k.level, k.day)
            ORDER BY entity_id, known_on DESC
        ) r
        WHERE r.observed_at < k.until AND (k.since IS NULL OR r.observed_at >= k.since)
        """,
        *(list(column) for column in zip(*keys, strict=True)),
        [stamp and stamp.observed_at for stamp in older],
        [stamp.observed_at for stamp in until.values()],
    )
    for row in rows:
        hold(held, row, newest=True)
    return [_entity(row) for row in rows]


async def _load_glimpses(tx: Tx, hours: set[EntityHour]) -> dict[EntityHour, Glimpses]:
    """Those of the hours, and of the others that share a row with one of them."""
    wanted = {(*entity, label // LABELS_OF_ROW) for entity, label in hours}
    rows = await tx.find(quarter_reading, wanted)
    return {
        (_entity(row), label): glimpses
        for row in rows
        for label, glimpses in unpacked(row["glimpses"]).items()
    }


def _hold_hours(held: Registers, row: asyncpg.Record, *, newest: bool) -> None:
    register = HourRegister(
        _stamp(row),
        _path(row),
        row["day_starts_at"],
        tuple(row["hour_seconds"]),
        figures_of(row, "by_hour"),
    )
    entity = _entity(row)
    held.hours_known[entity, row["known_on"]] = register
    if newest:
        held.hours[entity] = register


def _hold_days(held: Registers, row: asyncpg.Record, *, newest: bool) -> None:
    register = DayRegister(_stamp(row), _path(row), pairs_of(row), row["delivery"])
    entity = _entity(row)
    held.days_known[entity, row["known_on"]] = register
    if newest:
        held.days[entity] = register


def _entity(row: asyncpg.Record) -> EntityDay:
    return (
        row["workspace_id"], row["provider"], row["account_id"],
        row["level"], row["day"], row["entity_id"],
    )  # fmt: skip


def _stamp(row: asyncpg.Record) -> Stamp:
    return Stamp(row["observed_at"], row["event_id"])


def _path(row: asyncpg.Record) -> Path:
    return Path(row["campaign_id"], row["adset_id"], row["ad_id"], row["currency"])


async def _newest(
    tx: Tx, table: Table, width: int, keys: Iterable[tuple[Any, ...]]
) -> list[asyncpg.Record]:
    """Of each key, a prefix of the primary key, the row that became known last."""
    wanted = list(keys)
    if not wanted:
        return []
    return await tx.fetch(
        f"""
        SELECT r.* FROM {keyed(table, width)} CROSS JOIN LATERAL (
            SELECT * FROM "{table.name}" t WHERE {same(table, width)}
            ORDER BY known_on DESC LIMIT 1
        ) r
        """,
        *columns_of(table, wanted),
    )
