"""What counts of an entity's day: its newest reading, or nothing if a later read left it out."""

from dataclasses import dataclass
from functools import cached_property

from processors.quarter_hours import Figures, Seen, is_open_at, quarter_count, quarter_hours
from processors.windows.open_hours import Glimpses, starts_of
from processors.windows.registers import (
    DayRegister,
    EntityDay,
    HourRegister,
    Hours,
    Registers,
    Stamp,
    is_zero,
    microseconds,
    scope_around,
)
from schemas.ad_metrics import FIGURES, HOUR_LABELS

NOTHING: Figures = (0,) * len(FIGURES)
_WIDTH = HOUR_LABELS * len(FIGURES)
_NO_HOURS: Hours = [0] * _WIDTH


@dataclass(frozen=True)
class Effective:
    """The reading that counts, and the instant at which it was seen to be so."""

    reading: HourRegister
    is_zero: bool
    seen_us: int

    @property
    def hours(self) -> Hours:
        """Figures of each hour label, as `registers.Hours`."""
        return _NO_HOURS if self.is_zero else self.reading.hours

    def figures(self, label: int) -> Figures:
        """Figures of one hour label."""
        if self.is_zero:
            return NOTHING
        return tuple(self.reading.hours[label::HOUR_LABELS])

    @cached_property
    def starts(self) -> list[int]:
        """UTC microseconds at which each label starts, and the end of the day."""
        return starts_of(microseconds(self.reading.day_starts_at), self.reading.hour_seconds)

    def quarters(self, start: int, length: int, label: int, held: Glimpses) -> list[list[int]]:
        """Per figure, the quarter-hours of a label; they add up to `figures(label)`."""
        figures = self.figures(label)
        if not any(figures):
            return [[0] * quarter_count(length) for _ in FIGURES]
        readings: list[Seen] = [
            (observed_us, seen)
            for observed_us, _, seen in sorted(held.values())
            if is_open_at(start, length, observed_us)
        ]
        readings.append((self.seen_us, figures))
        return quarter_hours(start, length, readings)


def effective_hours(reading: HourRegister | None, coverage: Stamp | None) -> Effective | None:
    """What counts of an entity's hours; None if they were never read."""
    if reading is None:
        return None
    zero = is_zero(reading.stamp, coverage)
    seen = coverage.observed_at if zero and coverage else reading.stamp.observed_at
    return Effective(reading, zero, microseconds(seen))


def effective_day(reading: DayRegister | None, coverage: Stamp | None) -> DayRegister | None:
    """What counts of the day's own figures; None if nothing does."""
    if reading is None or is_zero(reading.stamp, coverage):
        return None
    return reading


def hours_around(
    entity: EntityDay, before: Registers, after: Registers
) -> tuple[Effective | None, Effective | None]:
    """What counts of the hours of `entity` before and after the registers moved."""
    scope = scope_around(entity, "hours")
    held = before.hours.get(entity)
    covered = before.coverage.get(scope)
    new = after.hours.get(entity) or held
    return (
        effective_hours(held, covered),
        effective_hours(new, after.coverage.get(scope) or covered),
    )


def day_around(
    entity: EntityDay, before: Registers, after: Registers
) -> tuple[DayRegister | None, DayRegister | None]:
    """The same for figures that are dated by day."""
    scope = scope_around(entity, "day")
    held = before.days.get(entity)
    covered = before.coverage.get(scope)
    new = after.days.get(entity) or held
    return effective_day(held, covered), effective_day(new, after.coverage.get(scope) or covered)


def moved_labels(old: Effective | None, new: Effective) -> list[int]:
    """The hour labels whose quarter-hours may differ though no register of theirs moved."""
    if old is None:
        return [label for label in range(HOUR_LABELS) if any(new.figures(label))]
    if (old.reading.day_starts_at, old.reading.hour_seconds) != (
        new.reading.day_starts_at,
        new.reading.hour_seconds,
    ) or old.reading.path != new.reading.path:
        return [
            label
            for label in range(HOUR_LABELS)
            if any(old.figures(label)) or any(new.figures(label))
        ]
    # The same figure seen at another instant spreads alike once the hour is over.
    ends = new.starts[1:]
    earliest = min(old.seen_us, new.seen_us)
    before, now = old.hours, new.hours
    return [
        label
        for label in range(HOUR_LABELS)
        if before[label::HOUR_LABELS] != now[label::HOUR_LABELS]
        or (earliest < ends[label] and any(now[label::HOUR_LABELS]))
    ]
