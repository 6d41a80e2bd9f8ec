"""An account's calendar: local days, and how long each hour label of a day lasts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LABELS = 24
_STEP = 900  # seconds; every zone's offset since 1972 but Liberia's is a multiple of it


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A date of an account's calendar, laid out in UTC.

    The hour labels lie end to end from `starts_at`; a label that the clock skips lasts 0 seconds,
    one that it says twice lasts both times.
    """

    day: date
    starts_at: int  # unix seconds
    hour_starts: tuple[int, ...]  # unix seconds, one for each label 0–23
    hour_seconds: tuple[int, ...]

    @property
    def ends_at(self) -> int:
        """The instant after the day's last second."""
        return self.starts_at + sum(self.hour_seconds)

    def label_at(self, instant: int) -> int:
        """The hour label that holds an instant of this day."""
        for label in range(LABELS):
            if instant < self.hour_starts[label] + self.hour_seconds[label]:
                return label
        raise ValueError(f"instant {instant} lies after {self.day}")


@lru_cache(maxsize=4096)
def local_day(zone: str, day: date) -> LocalDay:
    """The layout of one date in one zone."""
    tz = ZoneInfo(zone)
    starts_at, ends_at = _midnight(tz, day), _midnight(tz, day + timedelta(days=1))
    seconds = [0] * LABELS
    for instant in range(starts_at, ends_at, _STEP):
        seconds[datetime.fromtimestamp(instant, tz).hour] += min(_STEP, ends_at - instant)
    starts = [starts_at + sum(seconds[:label]) for label in range(LABELS)]
    return LocalDay(day, starts_at, tuple(starts), tuple(seconds))


def day_of(zone: str, instant: int) -> date:
    """The date that an instant falls on in a zone."""
    return datetime.fromtimestamp(instant, ZoneInfo(zone)).date()


def days_between(first: date, last: date) -> list[date]:
    """Every date from first to last, both included; none if they are in the wrong order."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def rfc3339(instant: int) -> str:
    """An instant as RFC 3339 in UTC: 2026-11-20T15:04:05Z."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _midnight(tz: ZoneInfo, day: date) -> int:
    """A date's first instant; where midnight is skipped, the instant of the skip."""
    # fold=0 reads a skipped midnight with the offset before the skip: that very instant.
    return int(datetime(day.year, day.month, day.day, tzinfo=tz).timestamp())
