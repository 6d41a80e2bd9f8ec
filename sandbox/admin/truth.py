"""The truth of a range: every figure of an account as of an instant, straight from the books."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sandbox.shop.ad_day import Figures
from sandbox.shop.calendar import day_of, days_between, local_day, rfc3339
from sandbox.shop.hours import Hour
from sandbox.shop.ledger import Ledger
from sandbox.shop.world import Account, Ad

LEVELS = ("account", "campaign", "adset", "ad")
_MICROS = 1_000_000

_Ids = tuple[str, ...]
"""Campaign, ad set and ad: as many as the level has."""


@dataclass(slots=True)
class _Sum:
    """Figures added up."""

    hours: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    conversions: dict[tuple[str, str], list[int]] = field(
        default_factory=dict[tuple[str, str], list[int]]
    )

    def add(self, figures: Figures) -> None:
        """Add one ad's day."""
        for hour in figures.hours:
            _add(self.hours.setdefault(hour.label, [0, 0, 0, 0]), _measures(hour))
        for (goal, _, window), (count, value_micros) in figures.conversions.items():
            of_goal = self.conversions.setdefault((goal, window), [0, 0])
            _add(of_goal, (count * _MICROS, value_micros))

    def told(self, *, hours: bool = False) -> dict[str, Any]:
        """The sums as JSON values."""
        columns = list(zip(*self.hours.values(), strict=True)) or [(0,)] * 4
        spend, impressions, clicks, link_clicks = map(sum, columns)
        answer: dict[str, Any] = {
            "spend_micros": spend,
            "impressions": impressions,
            "clicks": clicks,
            "link_clicks": link_clicks,
        }
        if hours:
            answer["hours"] = [[label, *self.hours[label]] for label in sorted(self.hours)]
        answer["conversions"] = [
            [*kind, *self.conversions[kind]] for kind in sorted(self.conversions)
        ]
        return answer


def account_truth(
    ledger: Ledger,
    account: Account,
    instant: int,
    first: date | None,
    last: date | None,
    levels: Iterable[str] = LEVELS,
    *,
    hours: bool = True,
) -> dict[str, Any]:
    """Everything that a client which reads all at the instant must end up with."""
    today = day_of(account.zone, instant)
    last = last or today
    first = first or last
    rows = defaultdict[tuple[date, int, _Ids], _Sum](_Sum)
    per_day = {day: _Sum() for day in days_between(first, last)}
    per_campaign, total = defaultdict[str, _Sum](_Sum), _Sum()
    for ad in account.ads():
        for day, day_sum in per_day.items():
            figures = ledger.figures(ad, day, instant)
            if not figures.hours and not figures.conversions:
                continue
            for add_to in (total, day_sum, per_campaign[ad.campaign_id]):
                add_to.add(figures)
            for depth, level in enumerate(LEVELS):
                if level in levels:
                    rows[day, depth, _ids(ad)[:depth]].add(figures)
    return {
        "account_id": account.id,
        "name": account.name,
        "currency": account.currency,
        "zone": account.zone,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "totals": total.told(),
        "campaigns": _campaigns(ledger, per_campaign, instant),
        "days": [_day(account.zone, day, day_sum) for day, day_sum in per_day.items()],
        "rows": [_row(*key, rows[key], hours=hours) for key in sorted(rows)],
    }


def _row(day: date, depth: int, ids: _Ids, row: _Sum, *, hours: bool) -> dict[str, Any]:
    campaign_id, adset_id, ad_id = (*ids, None, None, None)[:3]
    return {
        "day": day.isoformat(),
        "level": LEVELS[depth],
        "campaign_id": campaign_id,
        "adset_id": adset_id,
        "ad_id": ad_id,
        **row.told(hours=hours),
    }


def _day(zone: str, day: date, day_sum: _Sum) -> dict[str, Any]:
    layout = local_day(zone, day)
    return {
        "day": day.isoformat(),
        "day_starts_at": rfc3339(layout.starts_at),
        "hour_seconds": list(layout.hour_seconds),
        **day_sum.told(),
    }


def _campaigns(ledger: Ledger, per_campaign: dict[str, _Sum], instant: int) -> list[dict[str, Any]]:
    """The campaigns of the range, the most spent first."""
    told = [
        {
            "campaign_id": campaign_id,
            "name": (campaign := ledger.world.campaigns[campaign_id]).name,
            "status": campaign.history.at(instant),
            **campaign_sum.told(),
        }
        for campaign_id, campaign_sum in per_campaign.items()
    ]
    return sorted(told, key=lambda campaign: (-campaign["spend_micros"], campaign["campaign_id"]))


def _ids(ad: Ad) -> _Ids:
    return ad.campaign_id, ad.adset_id, ad.id


def _measures(hour: Hour) -> tuple[int, int, int, int]:
    return hour.spend_micros, hour.impressions, hour.clicks, hour.link_clicks


def _add(to: list[int], amounts: Iterable[int]) -> None:
    for place, amount in enumerate(amounts):
        to[place] += amount
