"""Shares a whole by weights, to the last unit."""

from collections.abc import Sequence


def share(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` by `weights`, exactly; equal shares if all weights are zero.

    Largest remainder: floors first, then one each by rest; earlier shares win ties.
    """
    weights = weights if any(weights) else [1] * len(weights)
    whole = sum(weights)
    parts = [divmod(abs(amount) * weight, whole) for weight in weights]
    shares = [floor for floor, _ in parts]
    by_rest = sorted(range(len(parts)), key=lambda i: -parts[i][1])
    for i in by_rest[: abs(amount) - sum(shares)]:
        shares[i] += 1
    return shares if amount >= 0 else [-each for each in shares]
