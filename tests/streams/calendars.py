"""The hour labels of an account-local date, counted off by the zone database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

STEP = timedelta(minutes=5)


@dataclass(frozen=True)
class Calendar:
    """When a local date starts in UTC, and how many seconds each hour label lasts."""

    starts_at: datetime
    hour_seconds: tuple[int, ...]

    def label_starts_at(self, label: int) -> datetime:
        """The UTC instant at which an hour label begins."""
        return self.starts_at + timedelta(seconds=sum(self.hour_seconds[:label]))

    @property
    def ends_at(self) -> datetime:
        """The UTC instant at which the date is over."""
        return self.label_starts_at(24)


@cache
def calendar(day: date, zone: str) -> Calendar:
    """Walks through UTC in steps of five minutes and asks what a clock on the wall shows."""
    wall = ZoneInfo(zone)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    lengths, starts_at = [0] * 24, None
    for _ in range(3 * 24 * 12):
        shown = at.astimezone(wall)
        if shown.date() == day:
            starts_at = starts_at or at
            lengths[shown.hour] += STEP.seconds
        at += STEP
    if starts_at is None:
        raise ValueError(f"{day} does not exist in {zone}")
    return Calendar(starts_at, tuple(lengths))
