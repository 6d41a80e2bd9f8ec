"""Sharing by largest remainder."""

from hypothesis import given
from hypothesis import strategies as st

from readmodels.semantic.share import share

weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=30)


@given(st.integers(-(10**15), 10**15), weights)
def test_shares_add_up_and_lie_within_one_of_exact(amount: int, parts: list[int]) -> None:
    """To the last unit; none is further from its exact share than one unit."""
    shares = share(amount, parts)
    whole = sum(parts) or len(parts)
    exact = parts if any(parts) else [1] * len(parts)
    assert sum(shares) == amount
    assert all(
        abs(got * whole - amount * weight) < whole
        for got, weight in zip(shares, exact, strict=True)
    )


def test_by_hand() -> None:
    """10 by 3:2:2 is 4.29, 2.86 and 2.86: the two greater rests get the odd ones."""
    assert share(10, [3, 2, 2]) == [4, 3, 3]
    assert share(5, [0, 0]) == [3, 2]
    assert share(-5, [1, 1]) == [-3, -2]
