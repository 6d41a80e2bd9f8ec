"""Today's delivery of each account, on the date that its own calendar shows."""

from datetime import date, datetime, timedelta

from msgspec import Struct
from sqlalchemy import Date, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from readmodels.queries.elapsed import known_zone
from readmodels.queries.ranges import today_in
from readmodels.semantic.views import ad_day, ad_entity

FARTHEST_ZONE = timedelta(hours=14)


class TodayTotals(Struct):
    """An account's delivery so far today."""

    provider: str
    account_id: str
    day: date
    currency: str
    spend_micros: int
    impressions: int
    clicks: int
    link_clicks: int


async def today_totals(db: AsyncConnection, zone: str, now: datetime) -> list[TodayTotals]:
    """A row for each account that delivered today, by provider and id.

    `zone` is the calendar of accounts that were not described yet.
    """
    window = {"first": (now - FARTHEST_ZONE).date(), "last": (now + FARTHEST_ZONE).date()}
    return [
        TodayTotals(*totals)
        for *totals, account_zone in await db.execute(_NEAR_TODAY, window)
        if totals[2] == today_in(known_zone(account_zone, zone), now)
    ]


_DAY = ad_day.c
_NEAR_TODAY = (
    select(
        *(_DAY.provider, _DAY.account_id, _DAY.day, _DAY.currency),
        *(_DAY.spend_micros, _DAY.impressions, _DAY.clicks, _DAY.link_clicks),
        ad_entity.c.zone,
    )
    .join_from(
        ad_day,
        ad_entity,
        (ad_entity.c.provider == _DAY.provider)
        & (ad_entity.c.account_id == _DAY.account_id)
        & (ad_entity.c.level == "account"),
        isouter=True,
    )
    .where(
        _DAY.level == "account",
        _DAY.day.between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
    )
    .order_by(_DAY.provider, _DAY.account_id, _DAY.day, _DAY.currency)
)
