"""A shop's world: its catalogue, with ids, dates and economics drawn from the seed."""

from dataclasses import dataclass
from datetime import timedelta

from sandbox.shop.blueprint import AdDraft, AdSetDraft, CampaignDraft, Life, Market
from sandbox.shop.calendar import local_day
from sandbox.shop.catalogue import DEFANG_LABS
from sandbox.shop.chance import Draws
from sandbox.shop.generated import generated
from sandbox.shop.northwind import NORTHWIND_COFFEE
from sandbox.shop.plan import AccountPlan, ShopPlan
from sandbox.shop.world import Account, Ad, AdSet, Campaign, Economics, History, Trend, World

_CATALOGUES = {"defang_labs": DEFANG_LABS, "northwind_coffee": NORTHWIND_COFFEE}
_ID_BASE = 120_210_000_000_000_000  # Meta's ids of late years begin like this


def build_world(plan: ShopPlan) -> World:
    """The accounts of a plan; the same ones whenever and wherever it is built."""
    accounts = [_Builder(plan, account).account() for account in plan.accounts]
    return World({account.id: account for account in accounts})


@dataclass(frozen=True, slots=True)
class _Builder:
    """One account in the making."""

    plan: ShopPlan
    of: AccountPlan

    def account(self) -> Account:
        """The whole account."""
        drafts = (
            _CATALOGUES[self.of.catalogue]
            if self.of.campaigns is None
            else generated(self.plan.seed, self.of, self.of.campaigns)
        )
        campaigns = tuple(self._campaign(f"{n}", draft) for n, draft in enumerate(drafts))
        founded = local_day(self.of.zone, self.plan.start - timedelta(days=200)).starts_at
        of = self.of
        return Account(of.id, of.name, of.currency, of.zone, founded, campaigns, of.closed)

    def _campaign(self, path: str, draft: CampaignDraft) -> Campaign:
        campaign_id = self._id("campaign", path)
        history = self._history(path, draft.life, draft.life.launch)
        shares = sum(adset.share for adset in draft.adsets)
        adsets = tuple(
            self._adset(
                f"{path}.{n}", adset, draft, campaign_id, history,
                draft.daily_cents * adset.share // shares,
            )
            for n, adset in enumerate(draft.adsets)
        )  # fmt: skip
        return Campaign(
            id=campaign_id,
            name=draft.name,
            account_id=self.of.id,
            objective=draft.market.objective,
            bid_strategy=draft.bid_strategy,
            daily_budget_cents=_whole(draft.daily_cents) if draft.budget == "campaign" else None,
            lifetime_budget_cents=(
                _whole(draft.daily_cents * self.plan.days) if draft.budget == "lifetime" else None
            ),
            history=history,
            adsets=adsets,
        )

    def _adset(
        self, path: str, draft: AdSetDraft, parent: CampaignDraft, campaign_id: str,
        above: History, daily_cents: int,
    ) -> AdSet:  # fmt: skip
        adset_id = self._id("adset", path)
        history = self._history(path, draft.life, parent.life.launch)
        draws = Draws(self.plan.seed, self.of.id, "shares", path)
        weights = [draws.between(50, 150) for _ in draft.ads]
        ads = tuple(
            self._ad(
                f"{path}.{n}", ad, parent, campaign_id, adset_id, (above, history),
                daily_cents * weight // sum(weights),
            )
            for n, (ad, weight) in enumerate(zip(draft.ads, weights, strict=True))
        )  # fmt: skip
        return AdSet(
            id=adset_id,
            name=draft.name,
            account_id=self.of.id,
            campaign_id=campaign_id,
            optimization_goal=parent.market.optimization_goal,
            billing_event=parent.market.billing_event,
            daily_budget_cents=_whole(daily_cents) if parent.budget == "adset" else None,
            lifetime_budget_cents=None,
            countries=draft.countries,
            history=history,
            ads=ads,
        )

    def _ad(
        self, path: str, draft: AdDraft, parent: CampaignDraft, campaign_id: str, adset_id: str,
        above: tuple[History, History], daily_cents: int,
    ) -> Ad:  # fmt: skip
        history = self._history(path, draft.life, parent.life.launch)
        return Ad(
            id=self._id("ad", path),
            name=draft.name,
            account_id=self.of.id,
            campaign_id=campaign_id,
            adset_id=adset_id,
            creative_id=self._id("creative", path),
            history=history,
            histories=(*above, history),
            economics=self._economics(path, parent.market, daily_cents),
            rhythm=parent.market.rhythm,
            trend=parent.trend if daily_cents else Trend(0, 28, 0),
        )

    def _economics(self, path: str, market: Market, daily_cents: int) -> Economics:
        draws = Draws(self.plan.seed, self.of.id, "economics", path)
        return Economics(
            daily_cents=daily_cents,
            cpm_cents=market.cpm_cents * draws.between(80, 125) // 100,
            ctr_ppm=market.ctr_ppm * draws.between(65, 140) // 100,
            link_permille=market.link_permille,
            rates=market.rates,
        )

    def _history(self, path: str, life: Life, launch: int) -> History:
        """Set up on the hour some days before the launch; later turns on some hour of their day."""
        draws = Draws(self.plan.seed, self.of.id, "history", path)
        # A launch at 0 lies before the first day, so that the first day is whole.
        launched = self._instant(launch, draws) if launch else self._instant(0, draws) - 5 * 86_400
        turns = [(self._instant(permille, draws), state) for permille, state in life.turns]
        # In a story of few days, several turns fall on one: their order holds, whatever the hour.
        return History(
            tuple(sorted((launched, *(instant for instant, _ in turns)))),
            ("ACTIVE", *(state for _, state in turns)),
        )

    def _instant(self, permille: int, draws: Draws) -> int:
        day = self.plan.start + timedelta(days=self.plan.days * permille // 1000)
        return local_day(self.of.zone, day).hour_starts[draws.between(9, 18)]

    def _id(self, kind: str, path: str) -> str:
        draws = Draws(self.plan.seed, self.of.id, "id", kind, path)
        return str(_ID_BASE + draws.below(1_000_000) * 10_000_000 + draws.below(10_000_000))


def _whole(cents: int) -> int:
    """A budget as people set it: in whole units of five."""
    return max(cents // 500 * 500, 500)
