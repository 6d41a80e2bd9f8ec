"""The calendar of an ad account, against a clock on the wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.account_day import account_day, days_between, local_instant, on_real_hours, today_in

ZONES = (
    "UTC",
    "America/New_York",
    "America/Havana",  # clocks spring forward at midnight
    "America/Santiago",  # clocks fall back at midnight
    "America/St_Johns",  # half an hour off
    "Europe/Berlin",
    "Asia/Kolkata",  # half an hour off, no summer time
    "Asia/Kathmandu",  # a quarter of an hour off
    "Australia/Lord_Howe",  # clocks move by half an hour
    "Pacific/Apia",
    "Pacific/Chatham",
)

zones = st.sampled_from(ZONES).map(ZoneInfo)
instants = st.integers(1_325_376_000, 1_890_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))
days = st.dates(date(2012, 1, 1), date(2030, 12, 30))


@given(days, zones)
def test_a_day_ends_where_the_next_one_starts(day: date, zone: ZoneInfo) -> None:
    """Labels lie end to end and leave no second out."""
    today, tomorrow = account_day(day, zone), account_day(day + timedelta(days=1), zone)
    assert today.starts_at + timedelta(seconds=sum(today.hour_seconds)) == tomorrow.starts_at


@given(days, zones, st.integers(0, 26 * 60 - 1))
def test_a_label_holds_the_minutes_that_a_clock_shows_under_it(
    day: date, zone: ZoneInfo, minute: int
) -> None:
    """Each minute from local midnight lies in the interval of the label it is shown under."""
    local = account_day(day, zone)
    at = local.starts_at + timedelta(minutes=minute)
    shown = at.astimezone(zone)
    if shown.date() != day:
        return
    since = local.starts_at + timedelta(seconds=sum(local.hour_seconds[: shown.hour]))
    assert since <= at < since + timedelta(seconds=local.hour_seconds[shown.hour])


@pytest.mark.parametrize(
    ("day", "zone", "label", "seconds"),
    [
        ("2026-11-01", "America/New_York", 1, 7200),
        ("2026-03-08", "America/New_York", 2, 0),
        ("2026-03-08", "America/Havana", 0, 0),
        ("2026-04-05", "Australia/Lord_Howe", 1, 5400),
        ("2026-10-04", "Australia/Lord_Howe", 2, 1800),
        ("2026-10-25", "Europe/Berlin", 2, 7200),
        ("2026-11-20", "Asia/Kolkata", 2, 3600),
    ],
)
def test_a_moved_clock_lengthens_or_shortens_one_label(
    day: str, zone: str, label: int, seconds: int
) -> None:
    """The other 23 labels last an hour."""
    lengths = account_day(date.fromisoformat(day), ZoneInfo(zone)).hour_seconds
    assert lengths[label] == seconds
    assert [*lengths[:label], *lengths[label + 1 :]] == [3600] * 23


def test_a_half_hour_zone_starts_its_day_on_the_half_hour() -> None:
    """Midnight in Kolkata is 18:30 UTC of the day before."""
    local = account_day(date(2026, 11, 20), ZoneInfo("Asia/Kolkata"))
    assert local.starts_at == datetime(2026, 11, 19, 18, 30, tzinfo=UTC)


def test_figures_of_the_spring_gap_join_the_next_label() -> None:
    """02:00 to 02:59 does not exist on that day, whatever a platform files there."""
    local = account_day(date(2026, 3, 8), ZoneInfo("America/New_York"))
    assert on_real_hours({1: "a", 2: "b", 3: "c"}, local) == {1: ["a"], 3: ["b", "c"]}


@given(days, zones, st.dictionaries(st.integers(0, 23), st.integers(1, 9)))
def test_moving_figures_loses_none(day: date, zone: ZoneInfo, figures: dict[int, int]) -> None:
    """What is filed under a label that lasts no time is found under one that does."""
    local = account_day(day, zone)
    moved = on_real_hours(figures, local)
    assert sorted(f for held in moved.values() for f in held) == sorted(figures.values())
    assert all(local.hour_seconds[label] for label in moved)


@given(
    st.integers(1_325_376_000, 1_890_000_000).map(lambda s: datetime.fromtimestamp(s, UTC)), zones
)
def test_now_lies_in_today(now: datetime, zone: ZoneInfo) -> None:
    """Today's interval holds the instant of which it is the date."""
    local = account_day(today_in(zone, now), zone)
    assert local.starts_at <= now < local.starts_at + timedelta(seconds=sum(local.hour_seconds))


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        ("America/New_York", date(2026, 3, 8), time(1, 30), "06:30"),
        ("America/New_York", date(2026, 3, 8), time(2), "07:00"),  # the gap, and its end
        ("America/New_York", date(2026, 3, 8), time(2, 30), "07:30"),
        ("America/New_York", date(2026, 3, 8), time(3), "07:00"),
        ("Europe/Athens", date(2026, 3, 29), time(3), "01:00"),  # restatements of a gap at three
        ("America/Havana", date(2026, 3, 8), time(0), "05:00"),  # a date that begins at one
    ],
)
def test_a_time_inside_a_gap_comes_as_long_after_the_jump(
    zone: str, day: date, at: time, utc: str
) -> None:
    """At its first minute that is the jump itself: three o'clock and midnight lose no time."""
    found = local_instant(day, at, ZoneInfo(zone))
    assert found == datetime.combine(day, time.fromisoformat(utc), tzinfo=UTC)


def test_days_between_counts_both_ends() -> None:
    """From a day to itself is one day, backwards none."""
    day = date(2026, 11, 20)
    assert days_between(day, day) == [day]
    assert days_between(day, day - timedelta(days=1)) == []
