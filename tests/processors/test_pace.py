"""Chunks get as large as their events allow, and no larger."""

from itertools import repeat

from processors.pace import LEAST_RECORDS, TARGET_SECONDS, Pace

MOST = 20_000


def _after(pace: Pace, seconds_per_record: float, chunks: int) -> list[int]:
    """The limits while chunks of the whole limit are worked off."""
    limits: list[int] = []
    for _ in repeat(None, chunks):
        pace.took(pace.limit, pace.limit * seconds_per_record)
        limits.append(pace.limit)
    return limits


def test_light_events_come_in_the_largest_chunks() -> None:
    """From the first on."""
    assert _after(Pace(MOST), 20e-6, 3) == [MOST, MOST, MOST]


def test_heavy_events_come_in_chunks_that_are_done_in_time() -> None:
    """At once, and for good."""
    for each in (0.001, 0.005, 0.02):
        pace = Pace(MOST)
        pace.took(MOST, MOST * each)
        assert all(limit * each <= TARGET_SECONDS for limit in _after(pace, each, 50))


def test_an_outage_is_forgotten() -> None:
    """It shrinks chunks to the least, from which they grow again."""
    pace = Pace(MOST)
    pace.took(MOST, 60)
    pace.took(1, 600)
    assert pace.limit == LEAST_RECORDS
    assert _after(pace, 20e-6, 3) == [200, 400, 800]
    assert _after(pace, 20e-6, 5)[-1] == MOST


def test_small_chunks_say_little() -> None:
    """Live traffic neither raises the limit nor, unless slow, lowers it."""
    pace = Pace(MOST)
    pace.took(10, 0.01)
    assert pace.limit == MOST


def test_a_limit_may_be_smaller_than_the_least() -> None:
    """Whoever asks for chunks of 50 gets them."""
    pace = Pace(50)
    assert pace.limit == 50
    pace.took(50, 60)
    assert pace.limit == 50
