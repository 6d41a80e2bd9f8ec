"""Tiles: each metric's value, delta and sparkline."""

from api.dashboard.ask import Found
from api.dashboard.deltas import missing_baseline, told_delta
from api.dashboard.sums import DashboardSums
from api.shapes.dashboard import Kpi, Point
from readmodels.semantic.answer import Sums, Value
from readmodels.semantic.catalogue import METRICS
from readmodels.semantic.metrics import Metric


def tiles(found: Found, sums: DashboardSums) -> list[Kpi]:
    """One for each metric of the catalogue, in its order."""
    why_not = missing_baseline(found)
    return [_tile(metric, found, sums, why_not) for metric in METRICS]


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
        "delta": told_delta(metric, compared, previous, found, why_not),
        "series": _series(metric, sums),
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
