"""How a catalogue describes campaigns, before seed and dates make them a world."""

from dataclasses import dataclass

from sandbox.shop.rhythms import Rhythm
from sandbox.shop.world import Rate, Trend

_STEADY = Trend(slope_permille=0, wave_days=28, wave_permille=40)


@dataclass(frozen=True, slots=True)
class Market:
    """What an objective's clicks cost and bring."""

    objective: str
    optimization_goal: str
    billing_event: str
    cpm_cents: int
    ctr_ppm: int
    link_permille: int
    rhythm: Rhythm
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Life:
    """When something is made and set to other states, in permille of the shop's days."""

    launch: int = 0
    turns: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AdDraft:
    """An ad to be."""

    name: str
    life: Life = Life()


@dataclass(frozen=True, slots=True)
class AdSetDraft:
    """An ad set to be, with its share of the campaign's daily money."""

    name: str
    share: int
    ads: tuple[AdDraft, ...]
    countries: tuple[str, ...] = ("US",)
    life: Life = Life()


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """A campaign to be."""

    name: str
    market: Market
    daily_cents: int
    adsets: tuple[AdSetDraft, ...]
    budget: str = "campaign"  # or "adset", or "lifetime"
    bid_strategy: str = "LOWEST_COST_WITHOUT_CAP"
    life: Life = Life()
    trend: Trend = _STEADY
