"""How far a range was read, and where the other period is cut for it."""

from datetime import UTC, date, datetime

import pytest

from readmodels.queries.elapsed import Cut, cut_days, cut_instant, floored, known_zone, reach
from readmodels.queries.ranges import DateRange

WEEK = DateRange(date(2026, 11, 14), date(2026, 11, 20))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_the_cut_is_the_last_whole_hour_that_was_read() -> None:
    """Read at 10:10, asked at 13:20: hours from 10 on count on neither side."""
    found = reach(WEEK, "UTC", at(20, 10, 10), at(20, 13, 20))
    assert found.cut == Cut(6, 10)


def test_quarter_hours_cut_finer() -> None:
    """Read at 10:50, three of four quarter-hours of that hour count."""
    assert reach(WEEK, "UTC", at(20, 10, 50), at(20, 11), quarters=True).cut == Cut(6, 10, 3)


def test_what_is_over_and_read_is_not_cut() -> None:
    """The first read after midnight completes the range."""
    assert reach(WEEK, "UTC", at(21, 0), at(21, 5)).cut is None
    assert reach(WEEK, "UTC", at(20, 23, 59), at(21, 5)).cut == Cut(6, 23)


def test_a_calendar_of_its_own() -> None:
    """At 02:30 in UTC it is still the 19th in New York: label 21 runs there."""
    found = reach(WEEK, "America/New_York", at(20, 2, 30), at(20, 2, 30))
    assert found.cut == Cut(5, 21)


def test_a_reading_never_counts_past_the_clock() -> None:
    """A clock that lags behind the poller's does not reach into the future."""
    assert reach(WEEK, "UTC", at(20, 12, 30), at(20, 11, 30)).cut == Cut(6, 11)


@pytest.mark.parametrize("observed", [None, at(10, 12)])
def test_nothing_read_is_cut_at_once(observed: datetime | None) -> None:
    """Neither an account never read, nor one that was last read before the range."""
    assert reach(WEEK, "UTC", observed, at(20, 12)).cut == Cut(0)


def test_the_fall_back_label_runs_for_two_hours() -> None:
    """01:30 in UTC lies in Berlin's second hour called 2, half an hour before its end."""
    span = DateRange(date(2026, 10, 25), date(2026, 10, 25))
    seen = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    found = reach(span, "Europe/Berlin", seen, seen, quarters=True)
    assert found.cut == Cut(0, 2, 6)
    # A week later that label lasts an hour: all of it is before the cut.
    assert cut_instant(Cut(0, 2, 6), date(2026, 11, 1), "Europe/Berlin") == datetime(
        2026, 11, 1, 2, 0, tzinfo=UTC
    )


def test_half_hour_zones_cut_at_their_own_hours() -> None:
    """10:40 in UTC is 16:10 in Kolkata: cut at 16:00, which is 10:30 in UTC."""
    found = reach(WEEK, "Asia/Kolkata", at(20, 10, 40), at(20, 10, 40))
    assert found.cut == Cut(6, 16)
    assert cut_instant(Cut(6, 16), WEEK.first, "Asia/Kolkata") == at(20, 10, 30)


def test_hours_are_loaded_for_the_last_two_dates_at_most() -> None:
    """New York stands a date behind Berlin; an account left since Tuesday is cut at its start."""
    now = at(20, 2, 30)
    berlin = reach(WEEK, "Europe/Berlin", now, now)
    new_york = reach(WEEK, "America/New_York", now, now)
    stale = reach(WEEK, "UTC", at(17, 12), now)
    assert cut_days(WEEK, [berlin, new_york, stale]) == DateRange(
        date(2026, 11, 19), date(2026, 11, 20)
    )
    assert floored(stale, 5).cut == Cut(3)
    assert floored(new_york, 5) == new_york


def test_an_unknown_zone_is_read_as_the_workspaces() -> None:
    """A name that this machine does not know breaks nothing."""
    assert known_zone("Mars/Olympus", "Europe/Berlin") == "Europe/Berlin"
    assert known_zone(None, "UTC") == "UTC"
    assert known_zone("Asia/Tokyo", "UTC") == "Asia/Tokyo"
