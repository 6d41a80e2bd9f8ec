"""Tiles: each metric's value, delta and sparkline."""

from api.dashboard.ask import Found
from api.dashboard.sums import DashboardSums
from api.shapes.dashboard import Kpi, Point
from api.shapes.parts import Delta as DeltaShape
from readmodels.queries.deltas import OFF, Delta, delta
from readmodels.semantic.answer import Sums, Value, is_shared_out
from readmodels.semantic.catalogue import METRICS
from readmodels.semantic.metrics import Metric


def tiles(found: Found, sums: DashboardSums) -> list[Kpi]:
    """One for each metric of the catalogue, in its order."""
    why_not = missing_baseline(found)
    return [_tile(metric, found, sums, why_not) for metric in METRICS]


def missing_baseline(found: Found) -> str | None:
    """Why the other period cannot be compared with; None if it can."""
    other = found.frame.other
    if other is None:
        return OFF.reason
    starts = [
        (each.data_from, each.name)
        for each in found.accounts
        if each.data_from and each.data_from > other.first and each.observed_until
    ]
    if not starts:
        return None
    first, label = max(starts)
    return f"The figures of {label} begin on {first}, after the other period does."


def value(metric: Metric, sums: Sums | None) -> Value:
    """The metric of these sums; None if nothing was read."""
    return None if sums is None else metric.value(sums)


def _tile(metric: Metric, found: Found, sums: DashboardSums, why_not: str | None) -> Kpi:
    compared = value(metric, sums.compared)
    previous = value(metric, sums.previous)
    return {
        "metric": metric.id,
        "label": metric.label,
        "meaning": metric.meaning,
        "unit": metric.unit.value,
        "better": metric.better.value,
        "formula": metric.formula,
        "basis": "platform",
        "value": value(metric, sums.total),
        "compared": compared,
        "previous": previous,
        "delta": _delta(metric, compared, previous, found, why_not),
        "series": _series(metric, sums),
    }


def _delta(
    metric: Metric, compared: Value, previous: Value, found: Found, why_not: str | None
) -> DeltaShape:
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


def _series(metric: Metric, sums: DashboardSums) -> list[Point]:
    return [
        {
            "at": step.at,
            "value": value(metric, now),
            "previous": value(metric, before),
            "partial": partial,
        }
        for step, now, before, partial in zip(
            sums.axis, sums.now, sums.before, sums.partial, strict=True
        )
    ]
