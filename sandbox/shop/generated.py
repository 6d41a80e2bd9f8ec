"""Campaigns by number, for the extra accounts of tests and benches."""

from sandbox.shop.blueprint import AdDraft, AdSetDraft, CampaignDraft
from sandbox.shop.chance import Draws
from sandbox.shop.markets import APP, LEADS, PROSPECTING, RETARGETING, TRAFFIC
from sandbox.shop.plan import AccountPlan

_MARKETS = (PROSPECTING, LEADS, APP, TRAFFIC, RETARGETING)
_HOOKS = ("Save an hour", "Ask an expert", "New in store", "Five stars", "Try it free", "Last days")
_FORMATS = ("Video 15s", "Static", "Carousel", "UGC", "Collection")


def generated(seed: int, plan: AccountPlan, campaigns: int) -> tuple[CampaignDraft, ...]:
    """So many campaigns of the plan's shape, through all objectives in turn."""
    draws = Draws(seed, "catalogue", plan.id)
    return tuple(
        CampaignDraft(
            name=f"Campaign {number} | {_MARKETS[number % len(_MARKETS)].objective}",
            market=_MARKETS[number % len(_MARKETS)],
            daily_cents=4_000 * plan.adsets * plan.ads,
            adsets=tuple(_adset(draws, place, plan.ads) for place in range(plan.adsets)),
        )
        for number in range(campaigns)
    )


def _adset(draws: Draws, place: int, ads: int) -> AdSetDraft:
    names = (
        f"{_FORMATS[draws.below(len(_FORMATS))]} | {_HOOKS[draws.below(len(_HOOKS))]} {n}"
        for n in range(ads)
    )
    share = draws.between(60, 140)
    return AdSetDraft(f"Audience {place}", share, tuple(AdDraft(name) for name in names))
