"""The dashboard's answer from what was found: pure."""

from api.dashboard.ask import Found
from api.dashboard.campaigns import campaigns
from api.dashboard.charts import charts, spend_mix
from api.dashboard.provenance import comparison, meta
from api.dashboard.sums import dashboard_sums
from api.dashboard.tiles import tiles
from api.shapes.dashboard import Dashboard, State
from readmodels.semantic.query import Grain


def build(found: Found) -> Dashboard:
    """All parts of the answer."""
    sums = dashboard_sums(found)
    kpis = tiles(found, sums)
    span = found.frame.span
    return {
        "state": _state(found),
        "range": {
            "timeframe": found.asked.timeframe.value,
            "from": span.first.isoformat(),
            "to": span.last.isoformat(),
            "days": span.days,
            "zone": found.frame.zone,
            "grain": "hour" if found.frame.grain is Grain.HOUR else "day",
        },
        "comparison": comparison(found),
        "currency": found.currency,
        "kpis": kpis,
        "charts": charts(found, sums, kpis),
        "top_campaigns": campaigns(found, sums),
        "spend_mix": spend_mix(sums),
        "shop": {"state": "connect-a-shop"},
        "attribution": {"state": "connect-a-shop"},
        "meta": meta(found, sums),
    }


def _state(found: Found) -> State:
    if found.has_data:
        return "has-data"
    return "waiting-for-data" if found.accounts else "needs-setup"
