"""The quarter-hours of one hour label, from what was read of it while it ran.

A function of the set of readings: no order, no clock, no float. docs/architecture.md, "Windows".
"""

from collections.abc import Sequence
from functools import lru_cache
from operator import add

from schemas.split import evenly, first_of_two, split

QUARTER = 900_000_000
"""Microseconds of a quarter-hour."""

Figures = tuple[int, ...]
"""Delivery figures in the order of `schemas.ad_metrics.FIGURES`."""

Seen = tuple[int, Figures]
"""What one reading saw of an hour so far: UTC microseconds, figures."""

Weights = tuple[tuple[tuple[int, int], ...], ...]
"""For each reading, quarter-hours with the microseconds of them that it tells of."""


def quarter_count(length: int) -> int:
    """How many quarter-hours an hour label of `length` microseconds has; the last may be short."""
    return -(-length // QUARTER)


def is_open_at(start: int, length: int, instant: int) -> bool:
    """Whether a reading at `instant` tells how an hour filled: until a quarter-hour after it."""
    return length > 0 and start <= instant < start + length + QUARTER


def quarter_hours(start: int, length: int, readings: Sequence[Seen]) -> list[list[int]]:
    """Per figure, shares >= 0 of each quarter-hour that add up to the last reading's figure.

    `readings` are ordered from the oldest to the newest, the effective one last. A reading counts
    no more than any later one. A rise falls on the quarter-hours between two readings by the
    time that each holds of it, a rise wholly outside the hour on what they already hold.
    """
    count = quarter_count(length)
    if len(readings) == 1 and readings[0][0] >= start + length and not length % QUARTER:
        # Read once, when it was over, as nearly every hour of a first read: ten times as fast.
        return [evenly(figure, count) for figure in readings[0][1]]
    weights = _weights(start, length, tuple([instant for instant, _ in readings]))
    return [
        _spread([figures[i] for _, figures in readings], weights, count)
        for i in range(len(readings[-1][1]))
    ]


def _spread(totals: list[int], weights: Weights, count: int) -> list[int]:
    least = totals[-1]
    for i in range(len(totals) - 2, -1, -1):
        least = min(least, totals[i])
        totals[i] = least
    shares = [0] * count
    known = 0
    for total, held in zip(totals, weights, strict=True):
        if total == known:
            continue
        gain, known = total - known, total
        if len(held) == 2:
            (quarter, weight), (later, other) = held
            part = first_of_two(gain, weight, weight + other)
            shares[quarter] += part
            shares[later] += gain - part
        elif len(held) == 1:
            shares[held[0][0]] += gain
        elif not held:
            shares = list(map(add, shares, split(gain, shares)))
        else:
            for (quarter, _), part in zip(held, split(gain, [w for _, w in held]), strict=True):
                shares[quarter] += part
    return shares


# All entities of a read share its instant: an account's weights are worked out once.
@lru_cache(maxsize=4096)
def _weights(start: int, length: int, instants: tuple[int, ...]) -> Weights:
    """For each reading, the quarter-hours since the one before with their microseconds of it."""
    end = start + length
    weights: list[tuple[tuple[int, int], ...]] = []
    since = start
    for instant in instants:
        at = min(max(instant, start), end)
        weights.append(_overlaps(start, since, at))
        since = max(since, at)
    return tuple(weights)


def _overlaps(start: int, since: int, at: int) -> tuple[tuple[int, int], ...]:
    if at <= since:
        return ()
    first, last = (since - start) // QUARTER, (at - 1 - start) // QUARTER
    borders = [since, *(start + QUARTER * i for i in range(first + 1, last + 1)), at]
    return tuple((first + i, borders[i + 1] - borders[i]) for i in range(last - first + 1))
