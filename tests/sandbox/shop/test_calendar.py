"""An account's calendar, on the days that go wrong."""

from datetime import UTC, date, datetime

import pytest

from sandbox.shop.calendar import day_of, local_day


def _utc(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # type: ignore[misc]


@pytest.mark.parametrize(
    ("zone", "day", "odd"),
    [
        ("America/New_York", date(2026, 11, 1), {1: 7200}),  # said twice
        ("America/New_York", date(2026, 3, 8), {2: 0}),  # skipped
        ("Australia/Lord_Howe", date(2026, 4, 5), {1: 5400}),  # by half an hour
        ("Australia/Lord_Howe", date(2026, 10, 4), {2: 1800}),
        ("Africa/Cairo", date(2026, 4, 24), {0: 0}),  # midnight itself is skipped
        ("America/Havana", date(2026, 11, 1), {0: 7200}),  # the first hour is said twice
        ("Asia/Kolkata", date(2026, 11, 1), {}),
    ],
)
def test_each_label_lasts_as_long_as_the_clock_says_it(
    zone: str, day: date, odd: dict[int, int]
) -> None:
    """All labels last an hour but the odd ones."""
    seconds = local_day(zone, day).hour_seconds
    assert {label: lasts for label, lasts in enumerate(seconds) if lasts != 3600} == odd


@pytest.mark.parametrize("zone", ["America/New_York", "Africa/Cairo", "America/Havana"])
def test_days_lie_end_to_end(zone: str) -> None:
    """A day ends where the next one starts, all year long."""
    ordinal = date(2026, 1, 1).toordinal()
    days = [local_day(zone, date.fromordinal(ordinal + n)) for n in range(365)]
    assert [day.ends_at for day in days[:-1]] == [day.starts_at for day in days[1:]]
    assert all(day_of(zone, day.starts_at) == day.day for day in days)


def test_a_half_hour_zone_starts_its_day_at_half_past() -> None:
    """Kolkata's midnight is 18:30 UTC."""
    assert local_day("Asia/Kolkata", date(2026, 11, 20)).starts_at == _utc(2026, 11, 19, 18, 30)


def test_an_instant_falls_on_the_label_that_is_said_then() -> None:
    """06:30 UTC is the second 01:30 of New York's longest day."""
    day = local_day("America/New_York", date(2026, 11, 1))
    assert day.label_at(_utc(2026, 11, 1, 6, 30)) == 1
    assert day.label_at(_utc(2026, 11, 1, 7, 0)) == 2
