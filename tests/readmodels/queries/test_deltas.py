"""How two values compare."""

import pytest

from readmodels.queries.deltas import delta
from readmodels.semantic.catalogue import CPC, CTR, ROAS, SPEND
from readmodels.semantic.metrics import Metric


@pytest.mark.parametrize(
    ("metric", "now", "before", "kind", "value"),
    [
        (SPEND, 150_000_000, 100_000_000, "percent", 0.5),
        (SPEND, 50, 100, "percent", -0.5),
        (CPC, 90, 100, "percent", -0.1),
        (ROAS, 3.0, 2.0, "percent", 0.5),
        (CTR, 0.05, 0.03, "points", 0.02),
        (CTR, 0.05, 0, "points", 0.05),
        (SPEND, 7, 0, "new", None),
        (SPEND, 0, 0, "percent", 0.0),
        (SPEND, 0, 10, "percent", -1.0),
    ],
)
def test_amounts_in_percent_and_rates_in_points(
    metric: Metric, now: float, before: float, kind: str, value: float | None
) -> None:
    """From zero is new, never +100 %."""
    found = delta(metric, now, before)
    assert found.kind == kind
    assert found.value == (value if value is None else pytest.approx(value))


def test_a_missing_side_gives_none_and_says_which() -> None:
    """No clicks on either side leave nothing to compare."""
    assert "clicks" in str(delta(CPC, None, 5).reason)
    assert delta(CPC, None, 5).kind == delta(CPC, 5, None).kind == "none"
    assert delta(CPC, None, 5).reason != delta(CPC, 5, None).reason
