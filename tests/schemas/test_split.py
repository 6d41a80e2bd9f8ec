"""Amounts shared out to the last micro, as the oracle shares them by another way."""

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from schemas.split import split
from tests.oracle import quarters as oracle

amounts = st.integers(-(10**18), 10**18)
weights = st.lists(st.integers(0, 10**15), min_size=1, max_size=24)


@given(amounts, weights)
def test_shares_add_up_and_are_within_one_of_their_due(amount: int, by: list[int]) -> None:
    """Largest remainder: nobody gets a whole unit more or less than by weight."""
    shares = split(amount, by)
    assert sum(shares) == amount
    due = [Fraction(amount * weight, sum(_or_equal(by))) for weight in _or_equal(by)]
    assert all(abs(share - fair) < 1 for share, fair in zip(shares, due, strict=True))


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=24))
def test_shares_are_those_of_the_oracle(amount: int, by: list[int]) -> None:
    """Ties too go to the earlier."""
    assert split(amount, by) == oracle.shares(amount, _or_equal(by))


@given(amounts, weights)
def test_what_is_taken_back_is_what_was_given(amount: int, by: list[int]) -> None:
    """Shares of an amount below zero are those of the same amount, turned round."""
    assert split(-amount, by) == [-share for share in split(amount, by)]


def test_by_hand() -> None:
    """10 by 3:2:2 is 4.29, 2.86 and 2.86: the two greater rests get the odd ones."""
    assert split(10, [3, 2, 2]) == [4, 3, 3]
    assert split(5, [0, 0]) == [3, 2]
    assert split(-5, [1, 1]) == [-3, -2]


def _or_equal(by: Sequence[int]) -> Sequence[int]:
    return by if any(by) else [1] * len(by)
