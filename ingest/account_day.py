"""The day of an ad account in its own zone, laid on UTC, so that no fold needs zone data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from schemas.ad_metrics import HOUR_LABELS

_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)

_F = TypeVar("_F")


@dataclass(frozen=True, slots=True)
class AccountDay:
    """A local date: its first instant, and how long each hour label lasts in UTC.

    `hour_seconds[label]` is 3600, but 7200 where the clock falls back over that label, 0 in a
    spring gap, and 5400 or 1800 where it moves by half an hour. Labels lie end to end from
    `starts_at` and end where the next date starts.
    """

    day: date
    starts_at: datetime
    hour_seconds: tuple[int, ...]


def today_in(zone: ZoneInfo, now: datetime) -> date:
    """The local date at this instant."""
    return now.astimezone(zone).date()


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the local clock first shows this time of the day, in UTC.

    A time that a gap skips is as long after the jump as it lies in the gap: where 02:00 to 02:59
    are skipped, 02:00 is the jump itself, and 02:30 is when the clock shows 03:30.
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def days_between(first: date, last: date) -> list[date]:
    """Every date from first to last, both included; empty if last is earlier."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@lru_cache(maxsize=4096)
def account_day(day: date, zone: ZoneInfo) -> AccountDay:
    """The date's interval in UTC and that of each of its labels.

    A moment belongs to the day that started last before it: where a clock crosses midnight
    backwards, the second showing of 23 o'clock counts to the date that had begun.
    """
    starts_at, ends_at = _first_instant(day, zone), _first_instant(day + timedelta(days=1), zone)
    seconds = [0] * HOUR_LABELS
    for since, until, local in _stretches(starts_at, ends_at, zone):
        while since < until:
            next_hour = local.replace(minute=0, second=0, microsecond=0) + _HOUR
            step = min(next_hour - local, until - since)
            seconds[_label(local, day)] += int(step.total_seconds())
            since, local = since + step, local + step
    return AccountDay(day, starts_at, tuple(seconds))


def on_real_hours(figures: Mapping[int, _F], of: AccountDay) -> dict[int, list[_F]]:
    """Figures by label with those of a label that lasts no time moved to the next that does.

    At the end of a day without a next one they go to the label before. Figures that share a
    label are listed together, to be added up.
    """
    lasting = [label for label in range(HOUR_LABELS) if of.hour_seconds[label]]
    if figures and not lasting:
        raise ValueError(f"figures for {of.day}, a date that this zone never had")
    moved: dict[int, list[_F]] = {}
    for label in sorted(figures):
        home = next((other for other in lasting if other >= label), lasting[-1])
        moved.setdefault(home, []).append(figures[label])
    return moved


def _first_instant(day: date, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which the local date is `day` or later."""
    # No offset is further from UTC than 16 hours, so the date starts within these two days.
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    since, until = noon - timedelta(days=2), noon + timedelta(days=1)
    for start, end, local in _stretches(since, until, zone):
        midnight = datetime.combine(day, time())
        if local >= midnight:
            return start
        if local + (end - start) > midnight:
            return start + (midnight - local)
    raise AssertionError(f"{day} never starts in {zone}")


def _stretches(
    since: datetime, until: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Spans of one offset each: (start, end, local time without zone at the start)."""
    start = since
    while start < until:
        offset, end = _offset(start, zone), start
        while end < until:
            probe = min(end + _HOUR, until)
            if _offset(probe, zone) != offset:
                end = _transition(end, probe, zone)
                break
            end = probe
        yield start, end, start.replace(tzinfo=None) + offset
        start = end


def _transition(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second with another offset than `before`, by halving the span."""
    offset = _offset(before, zone)
    while after - before > _SECOND:
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if _offset(middle, zone) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)


def _label(local: datetime, day: date) -> int:
    if local.date() == day:
        return local.hour
    return 0 if local.date() < day else HOUR_LABELS - 1
