"""Quarter-hours of one figure under one label, by cutting time at every instant that matters."""

from collections.abc import Sequence

QUARTER = 900 * 1_000_000


def slices(start: int, end: int) -> list[tuple[int, int]]:
    """The label's quarter-hours end to end; the last is shorter if the label is uneven."""
    cuts = [*range(start, end, QUARTER), end]
    return [(cuts[i], cuts[i + 1]) for i in range(len(cuts) - 1)]


def quarter_hours(start: int, end: int, looks: Sequence[tuple[int, int]]) -> list[int]:
    """What each quarter-hour of [start, end) holds after all looks (instant, total so far).

    The looks come oldest first, the effective one last. Between two looks a rise flowed evenly
    over the label's open time; after the label closed it flowed where the rest already lies.
    """
    parts = slices(start, end)
    held = [0] * len(parts)
    for i, (at, _) in enumerate(looks):
        since = looks[i - 1][0] if i else start
        lowest_yet_to_come = min(total for _, total in looks[i:])
        rise = lowest_yet_to_come - sum(held)
        weights = [_open_time(part, since, at, (start, end)) for part in parts]
        if sum(weights) == 0:
            weights = held if sum(held) else [1] * len(parts)
        held = [had + more for had, more in zip(held, shares(rise, weights), strict=True)]
    return held


def shares(amount: int, weights: Sequence[int]) -> list[int]:
    """Whole shares by largest remainder, handed out one unit at a time to whom most is owed."""
    whole = sum(weights)
    given = [amount * weight // whole for weight in weights]
    while sum(given) < amount:
        owed = [amount * weight - got * whole for weight, got in zip(weights, given, strict=True)]
        given[owed.index(max(owed))] += 1
    return given


def _open_time(part: tuple[int, int], since: int, at: int, label: tuple[int, int]) -> int:
    """Microseconds that lie in the part, in the label, and from `since` up to `at`."""
    spans = (part, (since, at), label)
    cuts = sorted({edge for span in spans for edge in span})
    pieces = [(cuts[i], cuts[i + 1]) for i in range(len(cuts) - 1)]
    return sum(
        right - left for left, right in pieces if all(a <= left and right <= b for a, b in spans)
    )
