"""The laws of ad windows, over readings of every kind; break the fold and they fail."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle.rows import expected
from tests.processors.memory import ANY_DAY, Memory
from tests.processors.readings import Story, stories
from tests.streams.events import as_records

Rows = dict[str, set[tuple[Any, ...]]]

AD_VIEWS = (
    "ad_day", "ad_hour", "ad_quarter_hour", "ad_conversion_day", "ad_delivery_day", "account_day",
)  # fmt: skip

open_froms = st.sampled_from((ANY_DAY, ANY_DAY, ANY_DAY, date(2026, 4, 1), date(2100, 1, 1)))


@settings(max_examples=400)
@given(stories(), open_froms)
def test_any_order_and_any_chunking_give_the_rows_of_the_oracle(
    story: Story, open_from: date
) -> None:
    """Rows moved chunk by chunk are those of one naive pass over all events."""
    assert folded(story, open_from) == wanted(story, open_from)


@settings(max_examples=150)
@given(stories(), st.randoms(use_true_random=False))
def test_no_chunk_is_like_any_other_order_in_one(story: Story, random: Any) -> None:
    """All at once, shuffled, is event by event: the rows do not know how they came."""
    at_once, one_by_one = Memory(), Memory()
    events = story.events
    random.shuffle(events)
    at_once.fold(events)
    for event in story.events:
        one_by_one.fold([event])
    assert at_once.views() == one_by_one.views()


@settings(max_examples=150)
@given(stories(one_calendar=True))
def test_quarter_hours_add_up_to_hours_and_hours_to_days(story: Story) -> None:
    """To the last micro, at every level, also on dates of 23 and 25 hours."""
    check_sums(folded(story, ANY_DAY))


@settings(max_examples=150)
@given(stories())
def test_upper_levels_are_the_sums_of_what_lies_below(story: Story) -> None:
    """An account holds its ads and its campaigns that are not broken down, and nothing else."""
    rows = folded(story, ANY_DAY)
    for view, width in (("ad_day", 4), ("ad_conversion_day", 2)):
        below: dict[Any, int] = defaultdict(int)
        for row in rows[view]:
            workspace, level, day, *_path, currency = row[:9]
            if level == "account":
                below[workspace, day, currency, row[9:-width]] -= row[-width]
            if level == "ad" or (level == "campaign" and row[5] == "c-3"):
                below[workspace, day, currency, row[9:-width]] += row[-width]
        assert not any(below.values())


@settings(max_examples=120)
@given(stories(), st.data())
def test_copies_of_events_change_nothing(story: Story, data: st.DataObject) -> None:
    """What is delivered again, sooner or later, is known."""
    again = data.draw(st.lists(st.sampled_from(story.events), max_size=6))
    once, twice = Memory(), Memory()
    for chunk in story.chunks:
        once.fold(chunk)
        twice.fold([*chunk, *again])
        twice.fold(again)
    once.fold(again)
    assert once.views() == twice.views()


@settings(max_examples=120)
@given(stories())
def test_no_window_is_negative(story: Story) -> None:
    """A falling reading lowers what was spread; it leaves no debt."""
    rows = folded(story, ANY_DAY)
    for view in ("ad_day", "ad_hour", "ad_quarter_hour", "ad_delivery_day"):
        assert all(min(row[-4:]) >= 0 for row in rows[view])


def folded(story: Story, open_from: date) -> Rows:
    """The rows that the story's chunks leave."""
    memory = Memory(open_from)
    for chunk in story.chunks:
        memory.fold(chunk)
    return memory.views()


def wanted(story: Story, open_from: date) -> Rows:
    """The oracle's rows."""
    rows = expected(as_records(story.messages), open_from).rows
    return {view: rows[view] for view in AD_VIEWS}


def check_sums(rows: Rows) -> None:
    """Σ quarter-hours = hour, wherever the hour has time; Σ hours = day."""
    by_day: dict[Any, list[int]] = defaultdict(lambda: [0] * 4)
    by_hour: dict[Any, list[int]] = defaultdict(lambda: [0] * 4)
    for row in rows["ad_hour"]:
        _add(by_day[row[:9]], row[-4:])
    assert {(*key, *figures) for key, figures in by_day.items()} == rows["ad_day"]
    spans = {row[:9] + (row[9],): row[10:12] for row in rows["ad_hour"]}
    for row in rows["ad_quarter_hour"]:
        [label] = [
            key[9]
            for key, (starts_at, ends_at) in spans.items()
            if key[:9] == row[:9] and starts_at <= row[9] < ends_at
        ]
        _add(by_hour[row[:9] + (label,)], row[-4:])
    for row in rows["ad_hour"]:
        if row[11] - row[10] > timedelta():
            assert tuple(by_hour[row[:10]]) == row[-4:]


def _add(held: list[int], figures: tuple[int, ...]) -> None:
    for i, figure in enumerate(figures):
        held[i] += figure
