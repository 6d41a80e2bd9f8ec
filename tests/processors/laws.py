"""The laws of ad windows, each a claim about any story; a fold that breaks one is refuted."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.oracle.rows import expected
from tests.processors.memory import ANY_DAY, Memory
from tests.processors.readings import Story
from tests.streams.events import as_records

Rows = dict[str, set[tuple[Any, ...]]]

AD_VIEWS = (
    "ad_day", "ad_hour", "ad_quarter_hour", "ad_conversion_day", "ad_delivery_day", "account_day",
)  # fmt: skip


def rows_are_the_oracle_s(story: Story, open_from: date = ANY_DAY) -> None:
    """Rows moved chunk by chunk are those of one naive pass over all events."""
    wanted = expected(as_records(story.messages), open_from).rows
    assert folded(story, open_from) == {view: wanted[view] for view in AD_VIEWS}


def order_and_chunks_leave_no_trace(story: Story, seed: int) -> None:
    """All at once, shuffled, is event by event: the rows do not know how they came."""
    at_once, one_by_one = Memory(), Memory()
    at_once.fold(Random(seed).sample(story.events, len(story.events)))
    for event in story.events:
        one_by_one.fold([event])
    assert at_once.views() == one_by_one.views()


def sums_add_up(story: Story) -> None:
    """Σ quarter-hours = hour, wherever the hour has time; Σ hours = day."""
    rows = folded(story)
    by_day: dict[Any, list[int]] = defaultdict(lambda: [0] * 4)
    by_hour: dict[Any, list[int]] = defaultdict(lambda: [0] * 4)
    for row in rows["ad_hour"]:
        _add(by_day[row[:9]], row[-4:])
    assert {(*key, *figures) for key, figures in by_day.items()} == rows["ad_day"]
    spans = {row[:9] + (row[9],): row[10:12] for row in rows["ad_hour"]}
    for row in rows["ad_quarter_hour"]:
        labels = [
            key[9]
            for key, (starts_at, ends_at) in spans.items()
            if key[:9] == row[:9] and starts_at <= row[9] < ends_at
        ]
        assert len(labels) == 1, "a quarter-hour lies in no hour"
        _add(by_hour[row[:9] + (labels[0],)], row[-4:])
    for row in rows["ad_hour"]:
        if row[11] - row[10] > timedelta():
            assert tuple(by_hour[row[:10]]) == row[-4:]


def upper_levels_are_sums(story: Story) -> None:
    """An account holds its ads and its campaigns that are not broken down, and nothing else."""
    rows = folded(story)
    for view, width in (("ad_day", 4), ("ad_conversion_day", 2)):
        below: dict[Any, int] = defaultdict(int)
        for row in rows[view]:
            workspace, level, day, *_path, currency = row[:9]
            if level == "account":
                below[workspace, day, currency, row[9:-width]] -= row[-width]
            if level == "ad" or (level == "campaign" and row[5] == "c-3"):
                below[workspace, day, currency, row[9:-width]] += row[-width]
        assert not any(below.values())


def copies_change_nothing(story: Story, again: Sequence[int]) -> None:
    """What is delivered again, with any chunk and by itself, is known."""
    events = story.events
    copies = [events[number % len(events)] for number in again]
    once, twice = Memory(), Memory()
    for chunk in story.chunks:
        once.fold(chunk)
        twice.fold([*chunk, *copies])
        twice.fold(copies)
    assert once.views() == twice.views()


def no_window_is_negative(story: Story) -> None:
    """A falling reading lowers what was spread; it leaves no debt."""
    rows = folded(story)
    for view in ("ad_day", "ad_hour", "ad_quarter_hour", "ad_delivery_day"):
        assert all(min(row[-4:]) >= 0 for row in rows[view])


def folded(story: Story, open_from: date = ANY_DAY) -> Rows:
    """The rows that the story's chunks leave."""
    memory = Memory(open_from)
    for chunk in story.chunks:
        memory.fold(chunk)
    return memory.views()


def _add(held: list[int], figures: tuple[int, ...]) -> None:
    for i, figure in enumerate(figures):
        held[i] += figure
