"""How figures moved, as tiles and campaigns tell it: by the same rules."""

from api.dashboard.ask import Found
from api.shapes.parts import Delta as DeltaShape
from readmodels.queries.deltas import OFF, Delta, delta
from readmodels.queries.ranges import ComparisonMode
from readmodels.semantic.answer import Value, is_shared_out
from readmodels.semantic.metrics import Metric


def missing_baseline(found: Found) -> str | None:
    """Why the other period cannot be compared with; None if it can."""
    other = found.frame.other
    if other is None:
        return OFF.reason
    own, others = found.frame.days_compared
    if own != others and found.asked.mode is ComparisonMode.CUSTOM:
        return f"The other period is too short: {others} of {own} days."
    starts = [
        (each.data_from, each.name)
        for each in found.accounts
        if each.data_from and each.data_from > other.first and each.observed_until
    ]
    if not starts:
        return None
    first, label = max(starts)
    return f"The figures of {label} begin on {first}, after the other period does."


def told_delta(
    metric: Metric, compared: Value, previous: Value, found: Found, why_not: str | None
) -> DeltaShape:
    """The delta of two values of a metric; none of any, if `why_not` says why."""
    if why_not is not None:
        made = Delta("none", reason=why_not)
    else:
        estimated = found.frame.elapsed_only and is_shared_out(metric)
        made = delta(metric, compared, previous, estimated=estimated)
    return {
        "kind": made.kind,
        "value": made.value,
        "reason": made.reason,
        "estimated": made.estimated,
    }
