"""What a shop advertises: accounts, campaigns, ad sets and ads, and their states over time."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from sandbox.shop.rhythms import Rhythm

Goal = Literal["purchase", "lead", "install"]
Channel = Literal["web", "app", "onsite"]
"""Where a conversion happens: on the shop's site, in its app, or on the platform itself."""


@dataclass(frozen=True, slots=True)
class History:
    """A state that was set at instants; the first entry is the creation."""

    instants: tuple[int, ...]
    states: tuple[str, ...]

    @property
    def created_at(self) -> int:
        """The instant before which the thing does not exist."""
        return self.instants[0]

    def at(self, instant: int) -> str:
        """The state as of an instant; the first one before creation."""
        return self.states[max(bisect_right(self.instants, instant) - 1, 0)]

    def changed_at(self, instant: int) -> int:
        """The instant of the last change as of an instant."""
        return self.instants[max(bisect_right(self.instants, instant) - 1, 0)]


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a click becomes a conversion, and what that is worth."""

    goal: Goal
    channel: Channel
    per_link_click_ppm: int
    lowest_value_cents: int
    highest_value_cents: int


@dataclass(frozen=True, slots=True)
class Economics:
    """What an ad costs and brings on an ordinary day."""

    daily_cents: int
    cpm_cents: int
    ctr_ppm: int
    link_permille: int  # of clicks, that go to the advertised place
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """How a campaign's days differ: a rise or fall over the story, and a slow wave."""

    slope_permille: int  # over the whole story
    wave_days: int
    wave_permille: int


@dataclass(frozen=True, slots=True)
class Ad:
    """One ad. Delivery needs it, its ad set and its campaign to be active."""

    id: str
    name: str
    account_id: str
    campaign_id: str
    adset_id: str
    creative_id: str
    history: History
    histories: tuple[History, ...]  # campaign's, ad set's, its own
    economics: Economics
    rhythm: Rhythm
    trend: Trend

    def delivers_at(self, instant: int) -> bool:
        """Whether the ad is shown at an instant."""
        return all(
            history.created_at <= instant and history.at(instant) == "ACTIVE"
            for history in self.histories
        )


@dataclass(frozen=True, slots=True)
class AdSet:
    """One ad set: an audience, an optimisation goal, and perhaps a budget."""

    id: str
    name: str
    account_id: str
    campaign_id: str
    optimization_goal: str
    billing_event: str
    daily_budget_cents: int | None
    lifetime_budget_cents: int | None
    countries: tuple[str, ...]
    history: History
    ads: tuple[Ad, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign: an objective, and perhaps a budget."""

    id: str
    name: str
    account_id: str
    objective: str
    bid_strategy: str
    daily_budget_cents: int | None
    lifetime_budget_cents: int | None
    history: History
    adsets: tuple[AdSet, ...]

    def ads(self) -> Iterator[Ad]:
        """Every ad of the campaign."""
        return (ad for adset in self.adsets for ad in adset.ads)


@dataclass(frozen=True, slots=True)
class Account:
    """One ad account of a platform."""

    id: str
    name: str
    currency: str
    zone: str
    created_at: int
    campaigns: tuple[Campaign, ...]
    closed: bool

    def adsets(self) -> Iterator[AdSet]:
        """Every ad set of the account."""
        return (adset for campaign in self.campaigns for adset in campaign.adsets)

    def ads(self) -> Iterator[Ad]:
        """Every ad of the account."""
        return (ad for adset in self.adsets() for ad in adset.ads)


@dataclass(frozen=True, slots=True)
class World:
    """All accounts of a shop, with every entity by its id."""

    accounts: dict[str, Account]
    campaigns: dict[str, Campaign] = field(default_factory=dict[str, Campaign])
    adsets: dict[str, AdSet] = field(default_factory=dict[str, AdSet])
    ads: dict[str, Ad] = field(default_factory=dict[str, Ad])

    def __post_init__(self) -> None:
        for account in self.accounts.values():
            self.campaigns.update((campaign.id, campaign) for campaign in account.campaigns)
            self.adsets.update((adset.id, adset) for adset in account.adsets())
            self.ads.update((ad.id, ad) for ad in account.ads())
