"""How a value compares with the other period's: pure."""

from typing import Literal

from msgspec import Struct

from readmodels.semantic.answer import Value
from readmodels.semantic.metrics import Metric, Unit

Kind = Literal["percent", "points", "new", "none"]


class Delta(Struct, frozen=True):
    """A difference, as a fraction: 0.125 is +12.5 % of an amount, +12.5 points of a rate."""

    kind: Kind
    value: float | None = None
    reason: str | None = None
    estimated: bool = False


OFF = Delta("none", reason="Comparison is off.")


def delta(metric: Metric, now: Value, before: Value, *, estimated: bool = False) -> Delta:
    """Rates differ in points, amounts in percent; from zero is "new", never +100 %.

    Where either side has no value there is no delta, and the reason says which.
    """
    if now is None:
        return Delta("none", reason=f"{metric.label} cannot be said of this period: {_why(metric)}")
    if before is None:
        return Delta("none", reason=f"{metric.label} cannot be said of the other: {_why(metric)}")
    if metric.unit is Unit.FRACTION:
        return Delta("points", now - before, estimated=estimated)
    if before == 0:
        if now == 0:
            return Delta("percent", 0.0, estimated=estimated)
        return Delta("new", reason="The other period has none.", estimated=estimated)
    return Delta("percent", (now - before) / abs(before), estimated=estimated)


def _why(metric: Metric) -> str:
    """What must have been zero for a ratio to have no value."""
    over = getattr(metric, "over", None)
    return f"no {over.label.lower()}." if over else "nothing was read."
