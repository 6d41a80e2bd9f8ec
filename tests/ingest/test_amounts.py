"""Text to exact integers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.amounts import UnreadableNumber, count, micros, micros_of_minor_units
from schemas.limits import MAX_FIGURE


@given(st.integers(0, MAX_FIGURE))
def test_every_micro_survives(figure: int) -> None:
    """Written in major units with six decimals, as the finest ratio of a platform is."""
    assert micros(f"{figure // 10**6}.{figure % 10**6:06d}") == figure


@given(st.decimals(0, 10**9, places=9))
def test_finer_digits_round_half_to_even(amount: Decimal) -> None:
    """At most half a micro is lost, and never summed beforehand."""
    assert abs(Decimal(micros(str(amount))) - amount * 10**6) <= Decimal("0.5")


def test_a_float_is_refused() -> None:
    """0.1 + 0.2 was wrong before it came here."""
    with pytest.raises(UnreadableNumber):
        micros(0.1)


@pytest.mark.parametrize("text", ["", "nan", "-inf", "1e99999999", "12,5", "1 000", None, True])
def test_what_is_no_number_is_refused(text: object) -> None:
    """An unreadable figure is never taken for zero."""
    with pytest.raises(UnreadableNumber):
        micros(text)


@pytest.mark.parametrize("text", ["-0.01", str(MAX_FIGURE)])
def test_a_figure_beyond_the_limits_is_refused(text: str) -> None:
    """Below zero, and above what 64 bits can sum."""
    with pytest.raises(UnreadableNumber):
        micros(text)


def test_half_a_click_is_refused() -> None:
    """Delivery comes in whole numbers."""
    assert count("41") == 41
    with pytest.raises(UnreadableNumber):
        count("41.5")


def test_minor_units_become_micros() -> None:
    """5000 are 50 dollars, or 5000 yen."""
    assert micros_of_minor_units("5000", 100) == 50_000_000
    assert micros_of_minor_units("5000", 1) == 5_000_000_000
