"""The laws of ad windows, over readings of every kind; break the fold and they fail."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.processors import laws
from tests.processors.memory import ANY_DAY
from tests.processors.readings import Story, stories

open_froms = st.sampled_from((ANY_DAY, ANY_DAY, ANY_DAY, date(2026, 4, 1), date(2100, 1, 1)))


@settings(max_examples=400)
@given(stories(), open_froms)
def test_any_order_and_any_chunking_give_the_rows_of_the_oracle(
    story: Story, open_from: date
) -> None:
    """Whichever dates are closed."""
    laws.rows_are_the_oracle_s(story, open_from)


@settings(max_examples=150)
@given(stories(), st.integers(0, 99))
def test_no_chunk_is_like_any_other_order_in_one(story: Story, seed: int) -> None:
    """However the events come."""
    laws.order_and_chunks_leave_no_trace(story, seed)


@settings(max_examples=150)
@given(stories(one_calendar=True))
def test_quarter_hours_add_up_to_hours_and_hours_to_days(story: Story) -> None:
    """To the last micro, at every level, also on dates of 23 and 25 hours."""
    laws.sums_add_up(story)


@settings(max_examples=150)
@given(stories())
def test_upper_levels_are_the_sums_of_what_lies_below(story: Story) -> None:
    """Per currency and day, and conversions per goal and window."""
    laws.upper_levels_are_sums(story)


@settings(max_examples=120)
@given(stories(), st.lists(st.integers(0, 20), max_size=6))
def test_copies_of_events_change_nothing(story: Story, again: list[int]) -> None:
    """Sooner, later and twice in one chunk."""
    laws.copies_change_nothing(story, again)


@settings(max_examples=120)
@given(stories())
def test_no_window_is_negative(story: Story) -> None:
    """Whatever a later reading takes back."""
    laws.no_window_is_negative(story)
