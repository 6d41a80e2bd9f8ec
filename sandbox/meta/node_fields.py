"""What each field of an account, campaign, ad set or ad holds; None is left out of the answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.meta.call import View
from sandbox.shop.calendar import day_of
from sandbox.shop.hours import MICROS_PER_CENT
from sandbox.shop.world import Account, Ad, AdSet, Campaign, History

_BUSINESS = {"id": "880042004200", "name": "Defang Labs"}
_ZONE_IDS = {"America/Los_Angeles": 1, "America/New_York": 7, "Asia/Kolkata": 71}
_ACTIVE, _DISABLED, _CLOSED_FOR_GOOD = 1, 2, 7

Fields = dict[str, Callable[[Any, View], Any]]


def set_state(history: History, view: View) -> str:
    """What people set something to; a platform's refusal does not show in it."""
    state = history.at(view.now)
    return "ACTIVE" if state == "DISAPPROVED" else state


def effective_state(thing: Campaign | AdSet | Ad, view: View) -> str:
    """The platform's verdict: its own state, unless something above it weighs more."""
    own = thing.history.at(view.now)
    if isinstance(thing, Campaign):
        return own
    campaign = view.ledger.world.campaigns[thing.campaign_id].history.at(view.now)
    if campaign == "ARCHIVED" or own != "ACTIVE":
        return "ARCHIVED" if campaign == "ARCHIVED" else own
    if campaign != "ACTIVE":
        return f"CAMPAIGN_{campaign}"
    if isinstance(thing, Ad):
        adset = view.ledger.world.adsets[thing.adset_id].history.at(view.now)
        return own if adset == "ACTIVE" else f"ADSET_{adset}"
    return own


def timestamp(instant: int, zone: str) -> str:
    """An instant in an account's zone, its offset without a colon."""
    return datetime.fromtimestamp(instant, ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M:%S%z")


def _zone(thing: Campaign | AdSet | Ad, view: View) -> str:
    return view.ledger.world.accounts[thing.account_id].zone


def _offset_hours(account: Account, view: View) -> int | float:
    offset = datetime.fromtimestamp(view.now, ZoneInfo(account.zone)).utcoffset()
    hours, rest = divmod(int(offset.total_seconds()) if offset else 0, 3600)
    return hours + rest / 3600 if rest else hours


def _spent_cents(thing: Campaign | AdSet, view: View, *, today: bool) -> int:
    world = view.ledger.world
    now_day = day_of(world.accounts[thing.account_id].zone, view.now)
    ads = thing.ads() if isinstance(thing, Campaign) else thing.ads
    days = [now_day] if today else view.ledger.days_until(now_day)
    return sum(view.ledger.spend_micros(ad, day, view.now) for ad in ads for day in days) // (
        MICROS_PER_CENT
    )


def _account_spent(account: Account, view: View) -> str:
    days = view.ledger.days_until(day_of(account.zone, view.now))
    micros = sum(
        view.ledger.spend_micros(ad, day, view.now) for ad in account.ads() for day in days
    )
    return str(micros // MICROS_PER_CENT)


def _money(cents: int | None) -> str | None:
    """Budgets are strings in minor units; what has none shows "0"."""
    return str(cents or 0)


def _remaining(thing: Campaign | AdSet, view: View) -> str:
    budget = thing.daily_budget_cents or thing.lifetime_budget_cents or 0
    spent = _spent_cents(thing, view, today=bool(thing.daily_budget_cents)) if budget else 0
    return str(max(budget - spent, 0))


def _shared(node: str) -> Fields:
    """What campaigns, ad sets and ads have in common."""
    return {
        "id": lambda thing, _: thing.id,
        "account_id": lambda thing, _: thing.account_id,
        "name": lambda thing, _: thing.name,
        "status": lambda thing, view: set_state(thing.history, view),
        "configured_status": lambda thing, view: set_state(thing.history, view),
        "effective_status": effective_state,
        "created_time": lambda thing, view: timestamp(thing.history.created_at, _zone(thing, view)),
        "start_time": lambda thing, view: (
            None if node == "ad" else timestamp(thing.history.created_at, _zone(thing, view))
        ),
        "updated_time": lambda thing, view: timestamp(
            thing.history.changed_at(view.now), _zone(thing, view)
        ),
    }


ACCOUNT: Fields = {
    "id": lambda account, _: f"act_{account.id}",
    "account_id": lambda account, _: account.id,
    "name": lambda account, _: account.name,
    "account_status": lambda account, _: _DISABLED if account.closed else _ACTIVE,
    "disable_reason": lambda account, _: _CLOSED_FOR_GOOD if account.closed else 0,
    "currency": lambda account, _: account.currency,
    "timezone_id": lambda account, _: _ZONE_IDS.get(account.zone, 0),
    "timezone_name": lambda account, _: account.zone,
    "timezone_offset_hours_utc": _offset_hours,
    "amount_spent": _account_spent,
    "balance": lambda _account, _view: "0",
    "spend_cap": lambda _account, _view: "0",
    "business": lambda _account, _view: _BUSINESS,
    "business_name": lambda _account, _view: _BUSINESS["name"],
    "min_daily_budget": lambda _account, _view: 100,
    "created_time": lambda account, _: timestamp(account.created_at, account.zone),
}

CAMPAIGN: Fields = {
    **_shared("campaign"),
    "objective": lambda campaign, _: campaign.objective,
    "daily_budget": lambda it, _: _money(it.daily_budget_cents) if it.daily_budget_cents else None,
    "lifetime_budget": lambda it, _: (
        _money(it.lifetime_budget_cents) if it.lifetime_budget_cents else None
    ),
    "budget_remaining": _remaining,
    "spend_cap": lambda _campaign, _view: None,
    "bid_strategy": lambda campaign, _: campaign.bid_strategy,
    "buying_type": lambda _campaign, _view: "AUCTION",
    "special_ad_categories": lambda _campaign, _view: [],
    "stop_time": lambda _campaign, _view: None,
}

ADSET: Fields = {
    **_shared("adset"),
    "campaign_id": lambda adset, _: adset.campaign_id,
    "optimization_goal": lambda adset, _: adset.optimization_goal,
    "billing_event": lambda adset, _: adset.billing_event,
    "bid_amount": lambda _adset, _view: None,
    "daily_budget": lambda adset, _: _money(adset.daily_budget_cents),
    "lifetime_budget": lambda adset, _: _money(adset.lifetime_budget_cents),
    "budget_remaining": _remaining,
    "attribution_spec": lambda _adset, _view: [
        {"event_type": "CLICK_THROUGH", "window_days": 7},
        {"event_type": "VIEW_THROUGH", "window_days": 1},
    ],
    "promoted_object": lambda _adset, _view: {"pixel_id": "990042004200"},
    "targeting": lambda adset, _: {"geo_locations": {"countries": list(adset.countries)}},
    "end_time": lambda _adset, _view: None,
}

AD: Fields = {
    **_shared("ad"),
    "campaign_id": lambda ad, _: ad.campaign_id,
    "adset_id": lambda ad, _: ad.adset_id,
    "creative": lambda ad, _: {"id": ad.creative_id},
    "tracking_specs": lambda _ad, _view: [
        {"action.type": ["offsite_conversion"], "fb_pixel": ["990042004200"]}
    ],
    "preview_shareable_link": lambda ad, _: f"https://fb.me/sandbox-{ad.id[-6:]}",
}
del AD["start_time"]
