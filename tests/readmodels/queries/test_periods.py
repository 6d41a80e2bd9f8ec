"""A range and its other period meet by the places of their dates."""

from datetime import UTC, date, datetime, timedelta

import pytest

from readmodels.queries.elapsed import reach
from readmodels.queries.periods import Frame, as_long
from readmodels.queries.ranges import DateRange

WEEK = DateRange(date(2026, 11, 15), date(2026, 11, 21))


def days(first: date, count: int) -> DateRange:
    """That many dates."""
    return DateRange(first, first + timedelta(days=count - 1))


@pytest.mark.parametrize(("has", "left"), [(28, 7), (7, 7), (3, 3)])
def test_a_longer_period_is_cut_behind_as_many_dates(has: int, left: int) -> None:
    """From its first date on; a shorter one stays as it is."""
    first = date(2026, 10, 1)
    assert as_long(days(first, has), WEEK) == days(first, left)


@pytest.mark.parametrize(
    ("read_until", "has", "compared"),
    [
        (datetime(2026, 11, 22, tzinfo=UTC), 7, (7, 7)),  # read to its end
        (datetime(2026, 11, 22, tzinfo=UTC), 3, (7, 3)),
        (datetime(2026, 11, 22, tzinfo=UTC), 31, (7, 31)),  # of the calendar: see api/dashboard
        (datetime(2026, 11, 20, 13, tzinfo=UTC), 6, (6, 6)),  # the last date was not begun
        (datetime(2026, 11, 20, 13, tzinfo=UTC), 5, (6, 5)),
        (datetime(2026, 11, 20, tzinfo=UTC), 5, (5, 5)),  # nothing of the sixth counts
        (datetime(2026, 11, 20, 13, tzinfo=UTC), 31, (6, 6)),
    ],
)
def test_the_dates_that_meet(read_until: datetime, has: int, compared: tuple[int, int]) -> None:
    """As far as the range was read, the date that is cut inside included."""
    now = datetime(2026, 11, 25, tzinfo=UTC)
    reaches = {("meta", "act_1"): reach(WEEK, "UTC", read_until, now)}
    otherwise = reach(WEEK, "UTC", now, now)
    other = days(date(2026, 10, 1), has)
    asked = Frame(WEEK, other, "UTC", now, reaches, otherwise, None, None, False)
    assert asked.days_compared == compared
