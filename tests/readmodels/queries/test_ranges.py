"""Timeframes and comparisons as laws over all dates, and by hand where calendars are odd."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readmodels.queries.ranges import (
    LONGEST_DAYS,
    ComparisonMode,
    DateRange,
    RangeInvalid,
    Timeframe,
    compared_with,
    custom,
    label_intervals,
    previous_period,
    previous_year,
    resolve,
    today_in,
)

NAMED = [each for each in Timeframe if each is not Timeframe.CUSTOM]
days = st.dates(date(2020, 1, 1), date(2032, 12, 31))
spans = st.builds(
    lambda first, n: DateRange(first, first + timedelta(days=n)), days, st.integers(0, 399)
)
zones = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))


@given(days, st.sampled_from(NAMED))
def test_a_timeframe_ends_today_or_in_the_past(today: date, timeframe: Timeframe) -> None:
    """No named timeframe reaches into the future, none is empty."""
    span = resolve(timeframe, today)
    assert span.first <= span.last <= today


@given(days, st.sampled_from(NAMED), st.booleans())
def test_the_previous_period_never_overlaps(today: date, timeframe: Timeframe, match: bool) -> None:
    """It ends before the range begins."""
    span = resolve(timeframe, today)
    assert previous_period(timeframe, span, match).last < span.first


@given(days, st.sampled_from(NAMED))
def test_matched_weekdays_agree_day_by_day(today: date, timeframe: Timeframe) -> None:
    """As many dates, each of the same weekday as the one at its place."""
    span = resolve(timeframe, today)
    for other in (previous_period(timeframe, span, True), previous_year(span, True)):
        assert other.days == span.days
        assert other.first.weekday() == span.first.weekday()


@given(spans, st.booleans())
def test_a_custom_range_is_compared_with_as_many_days(span: DateRange, match: bool) -> None:
    """Unmatched, they end on the eve; matched, less than a week before that."""
    other = previous_period(Timeframe.CUSTOM, span, match)
    gap = (span.first - other.last).days
    assert other.days == span.days
    assert gap == 1 if not match else 1 <= gap <= 7


@given(spans)
def test_a_matched_year_lies_within_four_days_of_the_year(span: DateRange) -> None:
    """52 weeks back: never further from the same date than half a week."""
    exact, matched = previous_year(span, False), previous_year(span, True)
    assert abs((exact.first - matched.first).days) <= 3


@pytest.mark.parametrize(
    ("timeframe", "today", "wanted", "before", "matched"),
    [
        ("today", "2026-11-20", "2026-11-20 2026-11-20", "2026-11-19", "2026-11-13"),
        ("yesterday", "2026-03-01", "2026-02-28 2026-02-28", "2026-02-27", "2026-02-21"),
        ("last_7_days", "2026-11-20", "2026-11-14 2026-11-20", "2026-11-07", "2026-11-07"),
        ("last_28_days", "2026-11-20", "2026-10-24 2026-11-20", "2026-09-26", "2026-09-26"),
        ("last_30_days", "2026-11-20", "2026-10-22 2026-11-20", "2026-09-22", "2026-09-17"),
        ("month_to_date", "2026-11-20", "2026-11-01 2026-11-20", "2026-10-01", "2026-10-04"),
        ("month_to_date", "2026-03-31", "2026-03-01 2026-03-31", "2026-02-01", "2026-01-25"),
        ("last_month", "2026-03-31", "2026-02-01 2026-02-28", "2026-01-01", "2026-01-04"),
        ("year_to_date", "2026-11-20", "2026-01-01 2026-11-20", "2025-01-01", "2025-01-02"),
    ],
)
def test_dates_by_hand(timeframe: str, today: str, wanted: str, before: str, matched: str) -> None:
    """The range, and where the previous period begins, without and with matching weekdays."""
    span = resolve(Timeframe(timeframe), date.fromisoformat(today))
    assert f"{span.first} {span.last}" == wanted
    assert str(previous_period(Timeframe(timeframe), span, False).first) == before
    assert str(previous_period(Timeframe(timeframe), span, True).first) == matched


def test_a_month_to_date_meets_the_shorter_month_whole() -> None:
    """31 days of March are compared with all 28 of February, not with days of March."""
    span = resolve(Timeframe.MONTH_TO_DATE, date(2026, 3, 31))
    assert previous_period(Timeframe.MONTH_TO_DATE, span, False) == DateRange(
        date(2026, 2, 1), date(2026, 2, 28)
    )


def test_the_year_before_a_leap_day() -> None:
    """29 February 2028 is compared with 28 February 2027."""
    leap = DateRange(date(2028, 2, 29), date(2028, 2, 29))
    assert previous_year(leap, False).first == date(2027, 2, 28)


def test_a_comparison_can_be_off_or_chosen() -> None:
    """Off is None; a custom one is what was asked for, whatever the weekdays."""
    span = DateRange(date(2026, 11, 1), date(2026, 11, 7))
    chosen = DateRange(date(2026, 1, 1), date(2026, 1, 3))
    assert compared_with(ComparisonMode.OFF, Timeframe.CUSTOM, span, True) is None
    assert (
        compared_with(
            ComparisonMode.CUSTOM, Timeframe.CUSTOM, span, True, chosen.first, chosen.last
        )
        == chosen
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (None, date(2026, 1, 1)),
        (date(2026, 1, 1), None),
        (date(2026, 1, 2), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=LONGEST_DAYS)),
    ],
)
def test_a_custom_range_must_have_ends_in_order_and_reach(
    first: date | None, last: date | None
) -> None:
    """What cannot be read is refused with its reason."""
    with pytest.raises(RangeInvalid):
        custom(first, last)


def test_today_is_the_workspaces_own() -> None:
    """Half past eleven at night in UTC is tomorrow in Kolkata."""
    at = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert today_in("Asia/Kolkata", at) == date(2026, 11, 21)
    assert today_in("America/New_York", at) == date(2026, 11, 20)


@given(days, zones)
def test_labels_lie_end_to_end_and_make_the_date(day: date, zone: str) -> None:
    """The first instant of each label shows that label, and the last is the next date's start."""
    start, seconds = label_intervals(day, zone)
    after, _ = label_intervals(day + timedelta(days=1), zone)
    clock = ZoneInfo(zone)
    if sum(seconds) == 0:  # a date that its zone never had
        return
    assert start + timedelta(seconds=sum(seconds)) == after
    at = start
    for label, length in enumerate(seconds):
        if length:
            assert at.astimezone(clock).hour == label
        at += timedelta(seconds=length)


@pytest.mark.parametrize(
    ("zone", "day", "label", "seconds"),
    [
        ("Europe/Berlin", date(2026, 10, 25), 2, 7_200),
        ("Europe/Berlin", date(2026, 3, 29), 2, 0),
        ("Australia/Lord_Howe", date(2026, 4, 5), 1, 5_400),
        ("Australia/Lord_Howe", date(2026, 10, 4), 2, 1_800),
        ("Asia/Kolkata", date(2026, 10, 25), 2, 3_600),
        ("America/Havana", date(2026, 11, 1), 0, 7_200),
    ],
)
def test_odd_hours_by_hand(zone: str, day: date, label: int, seconds: int) -> None:
    """Fall-back labels last longer, gaps shorter or not at all."""
    assert label_intervals(day, zone)[1][label] == seconds
