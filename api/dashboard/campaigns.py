"""The campaigns table: the first rows, the total, and what the rows leave out."""

from api.dashboard.ask import Found
from api.dashboard.deltas import missing_baseline, told_delta
from api.dashboard.sums import ZERO, DashboardSums
from api.shapes.dashboard import CampaignRow, Remainder, TopCampaigns
from readmodels.queries.campaigns import Campaign
from readmodels.semantic.answer import Sums, Value, added, less, values
from readmodels.semantic.catalogue import BY_ID, METRICS

_UNKNOWN: dict[str, Value] = {metric.id: None for metric in METRICS}


def campaigns(found: Found, sums: DashboardSums) -> TopCampaigns:
    """Rows and `other` add up to the total, which is that of the tiles."""
    top = found.campaigns
    total = sums.total or ZERO
    order, why_not = found.asked.order, missing_baseline(found)
    return {
        "metric": order.metric,
        "order": "desc" if order.descending else "asc",
        "rows": [_row(each, total["spend"], found, why_not) for each in top.rows],
        "total": {"metrics": _values(sums.total)},
        "other": _other(top.rows, top.count, total),
    }


def _row(campaign: Campaign, spend: int, found: Found, why_not: str | None) -> CampaignRow:
    provider, account_id, campaign_id = campaign.key
    metric = BY_ID[found.asked.order.metric]
    compared, previous = _values(campaign.compared), _values(campaign.previous)
    return {
        "provider": provider,
        "account_id": account_id,
        "campaign_id": campaign_id,
        "name": campaign.name,
        "status": campaign.status,
        "metrics": _values(campaign.sums),
        "compared": compared,
        "previous": previous,
        "delta": told_delta(metric, compared[metric.id], previous[metric.id], found, why_not),
        "share_of_spend": campaign.sums["spend"] / spend if spend else None,
    }


def _other(rows: list[Campaign], count: int, total: Sums) -> Remainder | None:
    rest = less(total, added((each.sums for each in rows), ZERO))
    if count == len(rows) and not any(rest.values()):
        return None
    return {"metrics": values(METRICS, rest), "count": count - len(rows)}


def _values(sums: Sums | None) -> dict[str, Value]:
    return dict(_UNKNOWN) if sums is None else values(METRICS, sums)
