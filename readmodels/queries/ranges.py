"""Timeframes and comparisons as dates: pure, in the workspace's calendar.

"Last N days" are N dates that end with today, so that a live dashboard moves. A comparison
never overlaps the range that it is compared with, save year over year on request.
"""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from readmodels.semantic.query import LONGEST_DAYS

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
WEEK = 7


class Timeframe(StrEnum):
    """The spans a reader can ask for by name."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    LAST_7_DAYS = "last_7_days"
    LAST_14_DAYS = "last_14_days"
    LAST_28_DAYS = "last_28_days"
    LAST_30_DAYS = "last_30_days"
    LAST_90_DAYS = "last_90_days"
    MONTH_TO_DATE = "month_to_date"
    LAST_MONTH = "last_month"
    YEAR_TO_DATE = "year_to_date"
    CUSTOM = "custom"


class ComparisonMode(StrEnum):
    """What a range is compared with."""

    PREVIOUS_PERIOD = "previous_period"
    PREVIOUS_YEAR = "previous_year"
    CUSTOM = "custom"
    OFF = "off"


class DateRange(Struct, frozen=True, order=True):
    """Whole dates, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many dates it holds."""
        return (self.last - self.first).days + 1

    def dates(self) -> list[date]:
        """Every date, in order."""
        return [self.first + timedelta(days=i) for i in range(self.days)]

    def holds(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return self.first <= day <= self.last


class RangeInvalid(ValueError):
    """A range that cannot be asked for; the message says why and what can."""


ROLLING_DAYS = {
    Timeframe.LAST_7_DAYS: 7,
    Timeframe.LAST_14_DAYS: 14,
    Timeframe.LAST_28_DAYS: 28,
    Timeframe.LAST_30_DAYS: 30,
    Timeframe.LAST_90_DAYS: 90,
}


def today_in(zone: str, now: datetime) -> date:
    """The date that the workspace's calendar shows at `now`."""
    return now.astimezone(ZoneInfo(zone)).date()


def resolve(
    timeframe: Timeframe, today: date, first: date | None = None, last: date | None = None
) -> DateRange:
    """The dates of a timeframe; `first` and `last` are read for a custom one alone.

    Raises RangeInvalid for a custom range without both ends, reversed, or too long.
    """
    if timeframe is Timeframe.CUSTOM:
        return custom(first, last)
    if days := ROLLING_DAYS.get(timeframe):
        return DateRange(today - timedelta(days=days - 1), today)
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    yesterday = today - timedelta(days=1)
    return {
        Timeframe.TODAY: DateRange(today, today),
        Timeframe.YESTERDAY: DateRange(yesterday, yesterday),
        Timeframe.MONTH_TO_DATE: DateRange(month, today),
        Timeframe.LAST_MONTH: DateRange(before.replace(day=1), before),
        Timeframe.YEAR_TO_DATE: DateRange(today.replace(month=1, day=1), today),
    }[timeframe]


def custom(first: date | None, last: date | None) -> DateRange:
    """A range by its ends. Raises RangeInvalid."""
    if first is None or last is None:
        raise RangeInvalid("A custom range needs both its first and its last date.")
    if not EARLIEST <= first <= LATEST >= last >= EARLIEST:
        raise RangeInvalid(f"Dates lie between {EARLIEST} and {LATEST}.")
    if last < first:
        raise RangeInvalid(f"The range ends on {last}, before it starts on {first}.")
    if (span := DateRange(first, last)).days > LONGEST_DAYS:
        raise RangeInvalid(f"The range holds {span.days} dates; at most {LONGEST_DAYS} are read.")
    return span


def previous_period(timeframe: Timeframe, span: DateRange, match_weekdays: bool) -> DateRange:
    """The span before: the calendar's own one for months and years, else as many days.

    Matching weekdays, it is `span` moved back by whole weeks: those nearest to the calendar's
    step that keep the two apart.
    """
    before = _calendar_before(timeframe, span)
    if not match_weekdays:
        return before
    return _moved_back(span, _whole_weeks(span.first - before.first, at_least=span.days))


def previous_year(span: DateRange, match_weekdays: bool) -> DateRange:
    """The same dates a year before (29 February becomes the 28th), or the nearest weekdays."""
    before = DateRange(_years_before(span.first), _years_before(span.last))
    if not match_weekdays:
        return before
    return _moved_back(span, _whole_weeks(span.first - before.first, at_least=1))


def compared_with(
    mode: ComparisonMode,
    timeframe: Timeframe,
    span: DateRange,
    match_weekdays: bool,
    first: date | None = None,
    last: date | None = None,
) -> DateRange | None:
    """The dates that `span` is compared with; None if the comparison is off."""
    match mode:
        case ComparisonMode.OFF:
            return None
        case ComparisonMode.CUSTOM:
            return custom(first, last)
        case ComparisonMode.PREVIOUS_YEAR:
            return previous_year(span, match_weekdays)
        case ComparisonMode.PREVIOUS_PERIOD:
            return previous_period(timeframe, span, match_weekdays)


def label_intervals(day: date, zone: str) -> tuple[datetime, list[int]]:
    """A date's start in UTC, and the seconds that each hour label 0–23 of it lasts.

    The fall-back label lasts longer, the spring gap 0 seconds; a gap of half an hour lasts
    the other half. Labels lie end to end.
    """
    clock = ZoneInfo(zone)
    start = _first_instant(day, clock)
    end = _first_instant(day + timedelta(days=1), clock)
    seconds = [0] * 24
    step = timedelta(minutes=15)  # every zone's offset and shift is a multiple of it
    at = start
    while at < end:
        seconds[at.astimezone(clock).hour] += min(step, end - at).seconds
        at += step
    return start, seconds


def _first_instant(day: date, clock: ZoneInfo) -> datetime:
    """The earliest instant that carries this date (midnight itself may be skipped)."""
    local = datetime(day.year, day.month, day.day, tzinfo=clock)
    at = local.astimezone(UTC)
    while at.astimezone(clock).date() < day:
        at += timedelta(minutes=15)
    return at


def _calendar_before(timeframe: Timeframe, span: DateRange) -> DateRange:
    match timeframe:
        case Timeframe.LAST_MONTH:
            end = span.first - timedelta(days=1)
            return DateRange(end.replace(day=1), end)
        case Timeframe.MONTH_TO_DATE:
            end = span.first - timedelta(days=1)
            return DateRange(end.replace(day=1), end.replace(day=min(span.days, end.day)))
        case Timeframe.YEAR_TO_DATE:
            return DateRange(_years_before(span.first), _years_before(span.last))
        case _:
            return _moved_back(span, span.days)


def _whole_weeks(step: timedelta, at_least: int) -> int:
    """Days of the whole weeks nearest to `step`, no fewer than `at_least` days."""
    nearest = round(step.days / WEEK)
    fewest = -(-at_least // WEEK)
    return max(nearest, fewest) * WEEK


def _moved_back(span: DateRange, days: int) -> DateRange:
    return DateRange(span.first - timedelta(days=days), span.last - timedelta(days=days))


def _years_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
