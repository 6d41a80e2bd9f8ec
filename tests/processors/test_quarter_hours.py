"""The arithmetic of one hour against the oracle's, over lengths and instants of every kind."""

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.quarter_hours import QUARTER, quarter_count, quarter_hours
from tests.oracle import quarters as oracle

START = 1_772_359_200_000_000
lengths = st.sampled_from((1, 2, 3, 4, 6, 8)).map(lambda count: count * QUARTER)
totals = st.integers(0, 30) | st.integers(0, 10**16)
instants = st.integers(-20, 60).map(lambda step: step * QUARTER // 4) | st.integers(
    -QUARTER, 10 * QUARTER
)
readings = st.lists(st.tuples(instants, totals), min_size=1, max_size=8)


@settings(max_examples=500)
@given(lengths, readings)
def test_quarter_hours_are_those_of_the_oracle(length: int, seen: list[tuple[int, int]]) -> None:
    """Two ways to cut time and to hand out remainders, one result."""
    looks = _looks(length, seen)
    [ours] = quarter_hours(START, length, [(at, (total,)) for at, total in looks])
    assert ours == oracle.quarter_hours(START, START + length, looks)


@settings(max_examples=200)
@given(lengths, readings)
def test_quarter_hours_add_up_to_the_last_reading_and_none_is_negative(
    length: int, seen: list[tuple[int, int]]
) -> None:
    """Whatever rose and fell before."""
    looks = _looks(length, seen)
    [ours] = quarter_hours(START, length, [(at, (total,)) for at, total in looks])
    assert len(ours) == quarter_count(length)
    assert sum(ours) == looks[-1][1]
    assert min(ours) >= 0


@given(lengths, st.lists(st.tuples(instants, st.tuples(totals, totals)), min_size=1, max_size=5))
def test_each_figure_is_spread_by_itself(
    length: int, seen: list[tuple[int, tuple[int, int]]]
) -> None:
    """What clicks do moves no spend."""
    looks = sorted((START + max(0, at), both) for at, both in seen)
    spend, clicks = quarter_hours(START, length, looks)
    [alone] = quarter_hours(START, length, [(at, both[:1]) for at, both in looks])
    assert spend == alone
    assert sum(clicks) == looks[-1][1][1]


def _looks(length: int, seen: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Oldest first; those before the last lie where registers do, the last lies anywhere."""
    *registers, (last_at, last) = sorted(seen)
    held = [(START + at, total) for at, total in registers if 0 <= at < length + QUARTER]
    return [*held, (START + last_at, last)]
