"""Faults built into the fold on purpose: the laws must see each of them."""

from collections.abc import Callable
from contextlib import ExitStack
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

import processors.quarter_hours as quarters
import schemas.split as splitting
from processors.windows import effective, fold, open_hours, registers, rows
from tests.processors import laws, memory
from tests.processors.readings import stories

Mutation = list[tuple[Any, str, Any]]
"""What is replaced: module or class, name, replacement."""


def _by_instant_alone(one: registers.Stamp, other: registers.Stamp) -> bool:
    return one.observed_at > other.observed_at


def _unlowered(totals: list[int], weights: Any, count: int) -> list[int]:
    """Each rise and each fall where it was seen: a fall is taken from what lies there."""
    shares, known = [0] * count, 0
    for total, held in zip(totals, weights, strict=True):
        open_for = [dict(held).get(quarter, 0) for quarter in range(count)]
        gains = splitting.split(total - known, open_for if held else shares)
        shares = [share + gain for share, gain in zip(shares, gains, strict=True)]
        known = total
    return shares


def _last_arrival(held: dict[int, Any], made_in: int, glimpse: Any) -> None:
    """Not the newest reading of a quarter-hour is kept, but the one that came last."""
    held[made_in] = glimpse


def _forgetful(entity: Any, before: Any, after: Any) -> tuple[Any, Any]:
    """What counted before is not taken back."""
    return None, effective.hours_around(entity, before, after)[1]


def _without_the_account(key: Any) -> Any:
    found = above(key)
    return None if found is None or found[1] == "account" else found


def _only_changed_figures(old: Any, new: Any) -> list[int]:
    """As if the instant at which a figure was seen did not matter."""
    if old is None:
        return [label for label in range(24) if any(new.figures(label))]
    return [label for label in range(24) if old.figures(label) != new.figures(label)]


def _later_wins_ties(amount: int, weights: Any) -> list[int]:
    return splitting.split(amount, list(weights)[::-1])[::-1]


def _floors_alone(amount: int, weights: Any) -> list[int]:
    weights = weights if any(weights) else [1] * len(weights)
    return [amount * weight // sum(weights) for weight in weights]


def _closed_at_its_end(start: int, length: int, instant: int) -> bool:
    return length > 0 and start <= instant < start + length


def _registers_of_all_calendars(start: int, length: int, instant: int) -> bool:
    return length > 0


def _at_an_equal_instant_too(stamp: Any, coverage: Any) -> bool:
    return coverage is not None and coverage.observed_at >= stamp.observed_at


def _never(stamp: Any, coverage: Any) -> bool:
    return False


def _always(one: registers.Stamp, other: registers.Stamp) -> bool:
    return True


def _no_hours(state: Any) -> set[Any]:
    return set()


def _nobody(self: Any, covered: Any, kind: str) -> list[Any]:
    return []


above = rows.window_above

MUTANTS: dict[str, Mutation] = {
    "a register keeps the oldest": [(registers.Stamp, "__gt__", tuple.__lt__)],
    "ties are won by arrival": [(registers.Stamp, "__gt__", _by_instant_alone)],
    "nothing is lowered": [(quarters, "_spread", _unlowered)],
    "a quarter-hour keeps what came last": [(open_hours, "_keep", _last_arrival)],
    "a coverage zeroes its own read": [(effective, "is_zero", _at_an_equal_instant_too)],
    "a coverage zeroes nothing": [(effective, "is_zero", _never)],
    "the old figures are not taken back": [(fold, "hours_around", _forgetful)],
    "the account is left out": [(rows, "window_above", _without_the_account)],
    "instants do not move quarter-hours": [
        (fold, "moved_labels", _only_changed_figures),
    ],
    "the later quarter-hour wins ties": [(quarters, "split", _later_wins_ties)],
    "remainders are dropped": [(quarters, "split", _floors_alone)],
    "no register after the hour": [
        (open_hours, "is_open_at", _closed_at_its_end),
    ],
    "registers count for hours in which they were not made": [
        (effective, "is_open_at", _registers_of_all_calendars),
    ],
    "hours are folded without the registers that they hold": [
        (memory, "hours_needed", _no_hours),
    ],
    "uncovered ads are not looked for": [
        (memory.Memory, "_uncovered", _nobody),
    ],
    "a register keeps what came last": [(registers.Stamp, "__gt__", _always)],
}

Law = Callable[..., None]

one, anyhow = st.tuples(stories()), st.tuples(stories(), st.integers(0, 99))
at_home = st.tuples(stories(one_calendar=True))
with_copies = st.tuples(stories(), st.lists(st.integers(0, 20), max_size=6))

BROKEN_BY: list[tuple[Law, Any, str]] = [
    *((laws.rows_are_the_oracle_s, one, name) for name in MUTANTS),
    (laws.order_and_chunks_leave_no_trace, anyhow, "ties are won by arrival"),
    (laws.order_and_chunks_leave_no_trace, anyhow, "a quarter-hour keeps what came last"),
    (laws.order_and_chunks_leave_no_trace, anyhow, "uncovered ads are not looked for"),
    (laws.sums_add_up, at_home, "remainders are dropped"),
    (laws.upper_levels_are_sums, one, "the account is left out"),
    (laws.copies_change_nothing, with_copies, "a register keeps what came last"),
    (laws.copies_change_nothing, with_copies, "a quarter-hour keeps what came last"),
    (laws.no_window_is_negative, one, "nothing is lowered"),
]
"""Which law each fault breaks: the oracle's sees all of them, the others those of their kind."""


@pytest.mark.parametrize(
    ("law", "strategy", "name"), BROKEN_BY, ids=[f"{law.__name__}-{n}" for law, _, n in BROKEN_BY]
)
def test_a_fault_in_the_fold_breaks_its_law(law: Law, strategy: Any, name: str) -> None:
    """Some story refutes it; that a mutant cannot go on refutes nothing."""
    with ExitStack() as mutated:
        for place, attribute, replacement in MUTANTS[name]:
            mutated.enter_context(patch.object(place, attribute, replacement))
        find(strategy, lambda drawn: _breaks(law, drawn), settings=SEARCH, random=Random(5))


@pytest.mark.parametrize(
    ("law", "strategy"),
    {law: strategy for law, strategy, _ in BROKEN_BY}.items(),
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_the_fold_itself_breaks_no_law(law: Law, strategy: Any) -> None:
    """The same search finds nothing where nothing is wrong."""
    few = settings(SEARCH, max_examples=100)
    with pytest.raises(NoSuchExample):
        find(strategy, lambda drawn: _breaks(law, drawn), settings=few, random=Random(5))


def _breaks(law: Law, drawn: tuple[Any, ...]) -> bool:
    try:
        law(*drawn)
    except AssertionError:
        return True
    except (ArithmeticError, LookupError, ValueError):
        return False
    return False


SEARCH = settings(
    max_examples=4_000,
    phases=[Phase.generate],
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
