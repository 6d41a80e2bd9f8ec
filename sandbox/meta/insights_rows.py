"""Insights rows on the wire: strings for numbers, nothing for what is empty."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sandbox.meta.actions import action_values, actions, cost_per_action, roas
from sandbox.meta.amounts import money, ratio
from sandbox.meta.call import Call, View
from sandbox.meta.errors import bad_parameter
from sandbox.meta.insights_measures import Measures, measured
from sandbox.meta.insights_request import HOURLY, LEVELS, InsightsRequest
from sandbox.meta.node_fields import timestamp
from sandbox.meta.paging import Place, paged, stretch
from sandbox.shop.world import Account, AdSet, Campaign

Value = str | list[dict[str, str]] | None


class _Row:
    """One row with what its fields need."""

    __slots__ = ("account", "adset", "campaign", "request", "sums", "view")

    def __init__(self, sums: Measures, request: InsightsRequest, view: View) -> None:
        world = view.ledger.world
        self.sums, self.request, self.view = sums, request, view
        self.account: Account = request.account
        self.campaign: Campaign = world.campaigns[sums.ad.campaign_id]
        self.adset: AdSet = world.adsets[sums.ad.adset_id]

    @property
    def reach(self) -> int:
        """People seen: fewer than impressions, and the fewer the longer; none by the hour."""
        if self.request.hourly:
            return 0
        days = (self.sums.bucket.last - self.sums.bucket.first).days + 1
        share = max(82 - 3 * (days - 1), 35)
        return -(-self.sums.impressions * share // 100)


def insights_page(call: Call, view: View, request: InsightsRequest) -> dict[str, Any]:
    """One page of the request's rows."""
    unknown = [name for name in request.fields if name not in _FIELDS and name not in _EMPTY]
    if unknown:
        raise bad_parameter(
            f"{unknown[0]} is not valid for fields param. please check https://developers.facebook."
            "com/docs/marketing-api/reference/ads-insights/ for all valid values"
        )
    summary = call.params.get("default_summary", "").casefold() == "true"
    whole = summary or request.sort or request.metric_conditions or "before" in call.params
    rows = measured(request, view, None if whole else stretch(call))
    items = _sorted(request, _chosen(request, rows))
    page = paged(call, items, lambda sums: _rendered(_Row(sums, request, view)))
    if summary:
        page["summary"] = _summary(request, view, items)
    return page


def _rendered(row: _Row) -> dict[str, Any]:
    answer = dict[str, Any]()
    depth = LEVELS.index(row.request.level)
    for name in row.request.fields:
        above, field = _FIELDS.get(name, (0, _nothing))
        if above <= depth and (value := field(row)):
            answer[name] = value
    answer["date_start"] = row.sums.bucket.first.isoformat()
    answer["date_stop"] = row.sums.bucket.last.isoformat()
    if row.sums.label is not None:
        answer[HOURLY] = f"{row.sums.label:02d}:00:00 - {row.sums.label:02d}:59:59"
    return answer


def _chosen(
    request: InsightsRequest, items: list[tuple[Place, Measures]]
) -> list[tuple[Place, Measures]]:
    """The rows whose metrics meet the conditions on metrics."""
    told = request.metric_conditions
    return [item for item in items if all(one.holds(_number(item[1], one.field)) for one in told)]


def _sorted(
    request: InsightsRequest, items: list[tuple[Place, Measures]]
) -> list[tuple[Place, Measures]]:
    """By the metric asked for; places are then ranks, for values move between pages."""
    if request.sort is None:
        return items
    metric, descending = request.sort
    ordered = sorted(items, key=lambda item: Decimal(_number(item[1], metric)), reverse=descending)
    return [((rank,), sums) for rank, (_, sums) in enumerate(ordered)]


def _number(sums: Measures, name: str) -> str:
    match name:
        case "spend":
            return money(sums.spend_micros)
        case "impressions":
            return str(sums.impressions)
        case "clicks":
            return str(sums.clicks)
        case "inline_link_clicks":
            return str(sums.link_clicks)
        case _:
            raise bad_parameter(f"'{name}' is neither a filter nor an order of this sandbox.")


def _summary(
    request: InsightsRequest, view: View, items: list[tuple[Place, Measures]]
) -> dict[str, Any]:
    """All rows in one, without names."""
    if not items:
        return {}
    first = items[0][1]
    total = Measures(first.ad, request.buckets[0], None)
    for _, sums in items:
        total.spend_micros += sums.spend_micros
        total.impressions += sums.impressions
        total.clicks += sums.clicks
        total.link_clicks += sums.link_clicks
        for kind, (count, worth) in sums.tallies.items():
            known = total.tallies.get(kind, (0, 0))
            total.tallies[kind] = (known[0] + count, known[1] + worth)
    answer = _rendered(_Row(total, request, view))
    return {key: value for key, value in answer.items() if not key.endswith(("_id", "_name"))}


def _nothing(_: _Row) -> Value:
    return None


def _counted(count: int) -> str | None:
    return str(count) if count else None


# The level below which a field does not exist, and what it holds.
_FIELDS: dict[str, tuple[int, Callable[[_Row], Value]]] = {
    "account_id": (0, lambda row: row.account.id),
    "account_name": (0, lambda row: row.account.name),
    "account_currency": (0, lambda row: row.account.currency),
    "campaign_id": (1, lambda row: row.campaign.id),
    "campaign_name": (1, lambda row: row.campaign.name),
    "objective": (1, lambda row: row.campaign.objective),
    "buying_type": (1, lambda _: "AUCTION"),
    "adset_id": (2, lambda row: row.adset.id),
    "adset_name": (2, lambda row: row.adset.name),
    "optimization_goal": (2, lambda row: row.adset.optimization_goal),
    "attribution_setting": (2, lambda _: "7d_click_1d_view"),
    "ad_id": (3, lambda row: row.sums.ad.id),
    "ad_name": (3, lambda row: row.sums.ad.name),
    "created_time": (3, lambda row: _time(row, row.sums.ad.history.created_at)),
    "updated_time": (3, lambda row: _time(row, row.sums.ad.history.changed_at(row.view.now))),
    "spend": (0, lambda row: money(row.sums.spend_micros)),
    "impressions": (0, lambda row: str(row.sums.impressions)),
    "clicks": (0, lambda row: str(row.sums.clicks)),
    "inline_link_clicks": (0, lambda row: _counted(row.sums.link_clicks)),
    "outbound_clicks": (0, lambda row: _outbound(row)),
    "reach": (0, lambda row: _counted(row.reach)),
    "frequency": (0, lambda row: ratio(row.sums.impressions, row.reach)),
    "cpm": (0, lambda row: ratio(row.sums.spend_micros, row.sums.impressions * 1000)),
    "cpc": (0, lambda row: ratio(row.sums.spend_micros, row.sums.clicks * 1_000_000)),
    "cpp": (0, lambda row: ratio(row.sums.spend_micros, row.reach * 1000)),
    "ctr": (0, lambda row: ratio(row.sums.clicks * 100, row.sums.impressions)),
    "inline_link_click_ctr": (
        0,
        lambda row: ratio(row.sums.link_clicks * 100, row.sums.impressions),
    ),
    "cost_per_inline_link_click": (
        0,
        lambda row: ratio(row.sums.spend_micros, row.sums.link_clicks * 1_000_000),
    ),
    "actions": (0, lambda row: actions(row.sums, row.request.windows)),
    "action_values": (0, lambda row: action_values(row.sums, row.request.windows)),
    "cost_per_action_type": (0, lambda row: cost_per_action(row.sums, row.request.windows)),
    "purchase_roas": (0, lambda row: roas(row.sums, row.request.windows, "omni_purchase")),
    "website_purchase_roas": (
        0,
        lambda row: roas(row.sums, row.request.windows, "offsite_conversion.fb_pixel_purchase"),
    ),
    "date_start": (0, _nothing),  # always told, after the fields asked for
    "date_stop": (0, _nothing),
}

# Known to Meta, without figures in this shop: accepted and, being empty, left out.
_EMPTY_NAMES = """
    age_targeting conversions conversion_values conversion_rate_ranking quality_ranking
    engagement_rate_ranking social_spend unique_clicks unique_ctr unique_actions
    unique_inline_link_clicks cost_per_unique_click cost_per_conversion
    estimated_ad_recallers full_view_impressions full_view_reach
    instant_experience_clicks_to_open video_play_actions video_p25_watched_actions
    video_p50_watched_actions video_p75_watched_actions video_p95_watched_actions
    video_p100_watched_actions video_avg_time_watched_actions
    video_thruplay_watched_actions mobile_app_purchase_roas website_ctr
    inline_post_engagement labels location cost_per_outbound_click outbound_clicks_ctr
    cost_per_thruplay gender_targeting
"""
_EMPTY = frozenset(_EMPTY_NAMES.split())


def _time(row: _Row, instant: int) -> str:
    return timestamp(instant, row.account.zone)[:10]


def _outbound(row: _Row) -> Value:
    count = row.sums.link_clicks
    return [{"action_type": "outbound_click", "value": str(count)}] if count else None
