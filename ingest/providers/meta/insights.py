"""Meta's Insights: what is asked for, and a row of what comes back."""

from datetime import date
from typing import Any

import msgspec

from ingest.providers.errors import Unreadable

HOUR_BREAKDOWN = "hourly_stats_aggregated_by_advertiser_time_zone"

WINDOWS = ("1d_click", "7d_click", "28d_click", "1d_view", "1d_ev")
"""Attribution windows that Meta still returns; it names the account's own choice `value`."""

_PATH = ("account_id", "campaign_id", "adset_id", "ad_id")


class Action(msgspec.Struct, frozen=True):
    """Conversions of one action type, as text: by default, and by each window asked for."""

    action_type: str
    value: str | None = None
    default: str | None = None
    click_1d: str | None = msgspec.field(name="1d_click", default=None)
    click_7d: str | None = msgspec.field(name="7d_click", default=None)
    click_28d: str | None = msgspec.field(name="28d_click", default=None)
    view_1d: str | None = msgspec.field(name="1d_view", default=None)
    engaged_1d: str | None = msgspec.field(name="1d_ev", default=None)

    def by_window(self) -> dict[str, str]:
        """What each window counts; one that is absent counts nothing."""
        default = self.default if self.default is not None else self.value
        counts = (self.click_1d, self.click_7d, self.click_28d, self.view_1d, self.engaged_1d)
        windows = zip(("default", *WINDOWS), (default, *counts), strict=True)
        return {window: count for window, count in windows if count is not None}


class InsightsRow(msgspec.Struct, frozen=True):
    """One ad and date, or one hour of it; metrics that are zero may be left out."""

    date_start: date
    date_stop: date
    campaign_id: str | None = None
    adset_id: str | None = None
    ad_id: str | None = None
    spend: str | None = None
    impressions: str | None = None
    clicks: str | None = None
    inline_link_clicks: str | None = None
    hour: str | None = msgspec.field(name=HOUR_BREAKDOWN, default=None)
    actions: list[Action] = []
    action_values: list[Action] = []

    @property
    def day(self) -> date:
        """Its date; a row over several was added up and cannot be taken apart."""
        if self.date_start != self.date_stop:
            raise Unreadable(f"a row spans {self.date_start} to {self.date_stop}")
        return self.date_start

    @property
    def ad(self) -> str:
        """The ad it is of."""
        if not self.ad_id:
            raise Unreadable("a row at level ad names no ad")
        return self.ad_id

    @property
    def label(self) -> int | None:
        """The hour from its breakdown, as in "13:00:00 - 13:59:59"; None if it has none."""
        if self.hour is None:
            return None
        hour = self.hour[:2]
        if not (hour.isdigit() and int(hour) < 24):
            raise Unreadable(f"{self.hour!r} is no hour")
        return int(hour)


def hours_query(first: date, last: date) -> dict[str, str]:
    """Delivery of each ad by date and hour. Conversions off Meta are not told by hour."""
    return {
        **_by_date(first, last),
        "fields": ",".join((*_PATH, "spend", "impressions", "clicks", "inline_link_clicks")),
        "breakdowns": HOUR_BREAKDOWN,
    }


def day_query(first: date, last: date) -> dict[str, str]:
    """Conversions of each ad by date, dated by the click or view that they are credited to."""
    return {
        **_by_date(first, last),
        "fields": ",".join((*_PATH, "actions", "action_values")),
        "action_attribution_windows": _json(WINDOWS),
        "action_report_time": "impression",
        "use_unified_attribution_setting": "true",
    }


def _by_date(first: date, last: date) -> dict[str, str]:
    # Without time_increment the same hour of all dates would be added up.
    return {
        "level": "ad",
        "time_range": _json({"since": first.isoformat(), "until": last.isoformat()}),
        "time_increment": "1",
    }


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
