"""An amount shared out by weights, exact to the last micro."""

from collections.abc import Sequence


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` by `weights`, exact to the last micro; equal shares if all weights are zero.

    Largest remainder (Hamilton): floors first, then one each by rest; earlier shares win ties.
    """
    total = sum(weights)
    if not total:
        weights, total = [1] * len(weights), len(weights)
    if len(weights) == 2:
        first = first_of_two(abs(amount), weights[0], total)
        return [first, amount - first] if amount >= 0 else [-first, amount + first]
    parts = [divmod(abs(amount) * weight, total) for weight in weights]
    shares = [floor for floor, _ in parts]
    left = abs(amount) - sum(shares)
    if left:
        by_rest = sorted(range(len(parts)), key=lambda i: -parts[i][1])
        for i in by_rest[:left]:
            shares[i] += 1
    return shares if amount >= 0 else [-share for share in shares]


def first_of_two(amount: int, weight: int, total: int) -> int:
    """The first of two shares of an amount >= 0: how nearly every rise falls, and much faster."""
    share, rest = divmod(amount * weight, total)
    # The two rests add up to nothing or to `total`: the larger half takes the one that is left.
    return share + 1 if rest and rest >= total - rest else share


def evenly(amount: int, count: int) -> list[int]:
    """An amount >= 0 in `count` equal shares, the earlier ones taking what is left: `split`."""
    share, left = divmod(amount, count)
    return [share + 1] * left + [share] * (count - left)
