"""Charts: every metric along the axis, in total and by provider."""

from api.dashboard.ask import Found
from api.dashboard.sums import DashboardSums, Line
from api.shapes.dashboard import Charts, Kpi, SpendShare, Totals
from readmodels.queries.freshness import provider_label
from readmodels.semantic.answer import Value, is_shared_out
from readmodels.semantic.catalogue import METRICS
from readmodels.semantic.query import Grain


def charts(found: Found, sums: DashboardSums, kpis: list[Kpi]) -> Charts:
    """All lines; those of the total are the tiles' own."""
    totals: dict[str, Totals] = {
        kpi["metric"]: {
            "current": [point["value"] for point in kpi["series"]],
            "previous": [point["previous"] for point in kpi["series"]],
        }
        for kpi in kpis
    }
    alone = len(sums.by_provider) == 1
    by_hour = found.frame.grain is Grain.HOUR
    return {
        "grain": "hour" if by_hour else "day",
        "buckets": [
            {"at": step.at, "label": step.name, "partial": partial}
            for step, partial in zip(sums.axis, sums.partial, strict=True)
        ],
        "providers": [
            {
                "provider": name,
                "label": provider_label(name),
                "metrics": {metric: line["current"] for metric, line in totals.items()}
                if alone
                else _lines(line),
            }
            for name, line in sums.by_provider.items()
        ],
        "totals": totals,
        "estimated": [metric.id for metric in METRICS if by_hour and is_shared_out(metric)],
    }


def spend_mix(sums: DashboardSums) -> list[SpendShare]:
    """Each provider's spend, the greatest first."""
    spent = {name: each["spend"] for name, each in sums.provider_totals.items()}
    whole = sum(spent.values())
    return [
        {
            "provider": name,
            "label": provider_label(name),
            "spend_micros": micros,
            "share": micros / whole if whole else None,
        }
        for name, micros in sorted(spent.items(), key=lambda each: (-each[1], each[0]))
    ]


def _lines(line: Line) -> dict[str, list[Value]]:
    return {
        metric.id: [None if sums is None else metric.value(sums) for sums in line]
        for metric in METRICS
    }
