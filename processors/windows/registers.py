"""Registers: the newest reading of each entity and day, and what a chunk's events make of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, TypeVar
from uuid import UUID

from processors.registers import known_on
from schemas.ad_metrics import (
    FIGURES,
    HOUR_LABELS,
    Coverage,
    DayObservation,
    DayReading,
    HoursObservation,
    HoursReading,
    entity_of,
)

EntityDay = tuple[UUID, str, str, str, date, str]
"""Workspace, provider, account, level, account-local day, entity: what a reading is of."""

Scope = tuple[UUID, str, str, str, str, date]
"""Workspace, provider, account, level, kind, day: what a coverage is of."""

AccountDay = tuple[UUID, str, str, date]
"""Workspace, provider, account, day."""

Hours = list[int]
"""Figures of each hour label, figure by figure: spend of 24 labels, then impressions, …"""

_K = TypeVar("_K")
_R = TypeVar("_R", "HourRegister", "DayRegister", "Calendar")
_E = TypeVar("_E", HoursObservation, DayObservation)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Stamp(NamedTuple):
    """The order of readings: the greater is the newer."""

    observed_at: datetime
    event_id: UUID


class Path(NamedTuple):
    """Where an entity hangs; '' for what is unknown or below it. Sums are per currency."""

    campaign_id: str
    adset_id: str
    ad_id: str
    currency: str


class HourRegister(NamedTuple):
    """A reading of kind `hours`."""

    stamp: Stamp
    path: Path
    day_starts_at: datetime
    hour_seconds: Sequence[int]
    hours: Hours


class DayRegister(NamedTuple):
    """A reading of kind `day`: (goal, window) → [count, value]; delivery figures, if any."""

    stamp: Stamp
    path: Path
    conversions: dict[tuple[str, str], tuple[int, int]]
    delivery: Sequence[int] | None


class Calendar(NamedTuple):
    """When an account's day starts, and how many UTC seconds each hour label lasts."""

    stamp: Stamp
    day_starts_at: datetime
    hour_seconds: Sequence[int]


@dataclass
class Registers:
    """The newest of everything, by what it is of; and the newest that became known on a day."""

    hours: dict[EntityDay, HourRegister] = field(default_factory=dict[EntityDay, HourRegister])
    hours_known: dict[tuple[EntityDay, date], HourRegister] = field(
        default_factory=dict[tuple[EntityDay, date], HourRegister]
    )
    days: dict[EntityDay, DayRegister] = field(default_factory=dict[EntityDay, DayRegister])
    days_known: dict[tuple[EntityDay, date], DayRegister] = field(
        default_factory=dict[tuple[EntityDay, date], DayRegister]
    )
    coverage: dict[Scope, Stamp] = field(default_factory=dict[Scope, Stamp])
    coverage_known: dict[tuple[Scope, date], Stamp] = field(
        default_factory=dict[tuple[Scope, date], Stamp]
    )
    calendars: dict[AccountDay, Calendar] = field(default_factory=dict[AccountDay, Calendar])


def microseconds(instant: datetime) -> int:
    """UTC microseconds since 1970, exact."""
    return (instant - _EPOCH) // _MICROSECOND


def entity_day(event: HoursObservation | DayObservation, workspace_id: UUID) -> EntityDay:
    """What a reading is of; the workspace is the event's own, as an object that many share."""
    body = event.body
    return (
        workspace_id, body.provider, body.account_id, body.level, body.day, entity_of(body)
    )  # fmt: skip


def scope_of(event: Coverage) -> Scope:
    """What a coverage is of."""
    body = event.body
    return (
        event.workspace_id, body.provider, body.account_id, body.level, body.kind, body.day
    )  # fmt: skip


def scope_around(entity: EntityDay, kind: str) -> Scope:
    """The coverage that can restate an entity's day to nothing."""
    workspace_id, provider, account_id, level, day, _ = entity
    return (workspace_id, provider, account_id, level, kind, day)


def is_zero(stamp: Stamp, coverage: Stamp | None) -> bool:
    """Whether a later complete read left the entity out: it was restated to nothing."""
    return coverage is not None and coverage.observed_at > stamp.observed_at


def advance(
    hours: Mapping[EntityDay, Sequence[HoursObservation]],
    days: Mapping[EntityDay, Sequence[DayObservation]],
    coverages: Iterable[Coverage],
    held: Registers,
) -> Registers:
    """Only those registers that move, with their new contents; a function of the set of events."""
    after = Registers()
    for entity, read_hours in hours.items():
        newest = _newest_by_day(read_hours)
        for known, event in newest.items():
            _keep(after.hours_known, (entity, known), event, held.hours_known, _hour_register)
        latest = max(newest.values(), key=_stamp)
        _keep(
            after.hours, entity, latest, held.hours,
            lambda e, at=entity: after.hours_known.get((at, known_on(e.body.observed_at)))
            or _hour_register(e),
        )  # fmt: skip
        _keep(after.calendars, (*entity[:3], entity[4]), latest, held.calendars, _calendar)
    for entity, read_days in days.items():
        newest_days = _newest_by_day(read_days)
        for known, event in newest_days.items():
            _keep(after.days_known, (entity, known), event, held.days_known, _day_register)
        latest_day = max(newest_days.values(), key=_stamp)
        _keep(after.days, entity, latest_day, held.days, _day_register)
    for coverage in coverages:
        scope, stamp = scope_of(coverage), Stamp(coverage.body.observed_at, coverage.event_id)
        _keep_stamp(after.coverage, scope, stamp, held.coverage)
        known_scope = (scope, known_on(coverage.body.observed_at))
        _keep_stamp(after.coverage_known, known_scope, stamp, held.coverage_known)
    return after


def _stamp(event: _E) -> Stamp:
    return Stamp(event.body.observed_at, event.event_id)


def _newest_by_day(events: Iterable[_E]) -> dict[date, _E]:
    newest: dict[date, _E] = {}
    stamps: dict[date, Stamp] = {}
    for event in events:
        stamp = _stamp(event)
        known = known_on(stamp.observed_at)
        current = stamps.get(known)
        if current is None or stamp > current:
            stamps[known], newest[known] = stamp, event
    return newest


def _keep(
    moved: dict[_K, _R],
    key: _K,
    event: _E,
    held: dict[_K, _R],
    register: Callable[[_E], _R],
) -> None:
    """Put the event in its register if it is newer than what is there."""
    current = moved.get(key) or held.get(key)
    if current is None or _stamp(event) > current.stamp:
        moved[key] = register(event)


def _keep_stamp(moved: dict[_K, Stamp], key: _K, stamp: Stamp, held: dict[_K, Stamp]) -> None:
    current = moved.get(key) or held.get(key)
    if current is None or stamp > current:
        moved[key] = stamp


def _calendar(event: HoursObservation) -> Calendar:
    return Calendar(_stamp(event), event.body.day_starts_at, event.body.hour_seconds)


def _path(body: HoursReading | DayReading) -> Path:
    return Path(body.campaign_id or "", body.adset_id or "", body.ad_id or "", body.currency)


def _hour_register(event: HoursObservation) -> HourRegister:
    body = event.body
    hours = [0] * (HOUR_LABELS * len(FIGURES))
    for hour in body.hours:
        label = hour.label
        hours[label] = hour.spend_micros
        hours[HOUR_LABELS + label] = hour.impressions
        hours[2 * HOUR_LABELS + label] = hour.clicks
        hours[3 * HOUR_LABELS + label] = hour.link_clicks
    return HourRegister(_stamp(event), _path(body), body.day_starts_at, body.hour_seconds, hours)


def _day_register(event: DayObservation) -> DayRegister:
    body = event.body
    conversions = {
        (each.goal, each.window): (each.count_micros, each.value_micros)
        for each in body.conversions
    }
    delivery = body.delivery and [getattr(body.delivery, name) for name in FIGURES]
    return DayRegister(_stamp(event), _path(body), conversions, delivery)
