"""Reads all that a dashboard shows, at one instant."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.session import Workspace
from readmodels.queries import currencies
from readmodels.queries.campaigns import TopCampaigns, top_campaigns
from readmodels.queries.elapsed import known_zone
from readmodels.queries.freshness import Freshness, freshness_of_all
from readmodels.queries.periods import Frame, Sides, as_long, frame, sides
from readmodels.queries.positions import position, written
from readmodels.queries.ranges import ComparisonMode, DateRange, Timeframe
from readmodels.queries.standstill import standing_still_since
from readmodels.semantic.query import Order

SHOWN_CAMPAIGNS = 10


class Asked(Struct):
    """A request, its dates resolved."""

    workspace: Workspace
    timeframe: Timeframe
    span: DateRange
    mode: ComparisonMode
    other: DateRange | None
    match_weekdays: bool
    order: Order  # of campaigns
    now: datetime


class Found(Struct):
    """What the read models say to it, in one currency."""

    asked: Asked
    frame: Frame
    accounts: list[Freshness]
    position: str
    standing_still_since: datetime | None
    sides: Sides
    campaigns: TopCampaigns
    currency: str
    other_currencies: list[str]

    @property
    def has_data(self) -> bool:
        """Whether anything was ever read."""
        return bool(self.sides.now) or any(each.observed_until for each in self.accounts)


async def ask(db: AsyncConnection, asked: Asked) -> Found:
    """All of it."""
    accounts = await freshness_of_all(db)
    zone = known_zone(asked.workspace.zone, "UTC")
    zones = {(each.provider, each.account_id): known_zone(each.zone, zone) for each in accounts}
    other = asked.other
    if other and asked.mode is ComparisonMode.CUSTOM:  # months and years are compared whole
        other = as_long(other, asked.span)
    framed = await frame(db, asked.span, other, accounts, zones, zone, asked.now)
    both = await sides(db, framed)
    currency, others = currencies.shown(asked.workspace.currency, _currencies(accounts, both))
    return Found(
        asked=asked,
        frame=framed,
        accounts=accounts,
        position=written(await position(db)),
        standing_still_since=await standing_still_since(db),
        sides=_in_currency(both, currency) if others else both,
        campaigns=await top_campaigns(db, framed, currency, asked.order, SHOWN_CAMPAIGNS),
        currency=currency,
        other_currencies=others,
    )


def _currencies(accounts: list[Freshness], both: Sides) -> list[str]:
    """One for each account, as it describes itself or as its figures say."""
    of_account = {(row.provider, row.account_id): row.currency for row in both.before}
    of_account |= {(row.provider, row.account_id): row.currency for row in both.now}
    described = {(each.provider, each.account_id): each.currency for each in accounts}
    return list((of_account | {key: said for key, said in described.items() if said}).values())


def _in_currency(both: Sides, currency: str) -> Sides:
    return Sides(
        *(
            [row for row in rows if row.currency == currency]
            for rows in (both.now, both.before, both.now_cut, both.before_cut)
        )
    )
