"""When the dates turn that a workspace's calendars show."""

from datetime import UTC, date, datetime

import pytest

from api.live.dates import Dates, dates

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "now", "today", "until"),
    [
        ("UTC", NOON, date(2026, 11, 20), datetime(2026, 11, 21, tzinfo=UTC)),
        ("Asia/Tokyo", NOON, date(2026, 11, 20), datetime(2026, 11, 20, 15, tzinfo=UTC)),
        ("Asia/Kolkata", NOON, date(2026, 11, 20), datetime(2026, 11, 20, 18, 30, tzinfo=UTC)),
        # 25 hours, of which the second midnight is no turn; and a date that begins at 01:00.
        (
            "America/Havana",
            datetime(2026, 11, 1, 4, 30, tzinfo=UTC),
            date(2026, 11, 1),
            datetime(2026, 11, 2, 5, tzinfo=UTC),
        ),
        (
            "Africa/Cairo",
            datetime(2026, 4, 23, 20, tzinfo=UTC),
            date(2026, 4, 23),
            datetime(2026, 4, 23, 22, tzinfo=UTC),
        ),
    ],
)
def test_a_date_lasts_until_the_next_one_begins(
    zone: str, now: datetime, today: date, until: datetime
) -> None:
    """By the calendar, whatever its clock does at midnight."""
    assert dates([zone], now) == Dates({zone: today}, until)


def test_the_first_calendar_that_turns_ends_it() -> None:
    """Tokyo's midnight comes before New York's."""
    shown = dates(["America/New_York", "Asia/Tokyo"], NOON)
    assert shown.until == datetime(2026, 11, 20, 15, tzinfo=UTC)


def test_dates_that_began() -> None:
    """Only those of calendars that turned: one that is new to us began nothing."""
    before = dates(["UTC", "Asia/Tokyo"], NOON)
    after = dates(["UTC", "Asia/Tokyo", "Pacific/Kiritimati"], before.until)
    assert after.begun_since(before) == ("2026-11-21",)
    assert after.begun_since(after) == ()
