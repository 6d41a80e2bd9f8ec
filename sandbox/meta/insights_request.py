"""What an insights call asks for: whose figures, at which level, over which days, cut how."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sandbox.meta.call import Call, View
from sandbox.meta.errors import bad_parameter
from sandbox.meta.field_list import parse_fields
from sandbox.meta.filtering import Condition, conditions
from sandbox.meta.presets import preset_range
from sandbox.shop.calendar import day_of
from sandbox.shop.conversions import WINDOWS
from sandbox.shop.world import Account, Ad, AdSet, Campaign

Level = Literal["account", "campaign", "adset", "ad"]
LEVELS: tuple[Level, ...] = ("account", "campaign", "adset", "ad")

HOURLY = "hourly_stats_aggregated_by_advertiser_time_zone"
_RETENTION_MONTHS = 37
_GONE_WINDOWS = ("7d_view", "28d_view")  # accepted, and no longer answered since 2026-01-12
_DEFAULT_FIELDS = ("account_id", "campaign_id", "adset_id", "ad_id", "impressions", "spend")


@dataclass(frozen=True, slots=True)
class Bucket:
    """Days that are added up into one row."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class InsightsRequest:
    """An insights call, understood."""

    account: Account
    scope: Account | Campaign | AdSet | Ad
    level: Level
    fields: tuple[str, ...]
    buckets: tuple[Bucket, ...]
    hourly: bool
    windows: tuple[str, ...]  # asked for beyond the default
    conditions: tuple[Condition, ...]
    sort: tuple[str, bool] | None  # metric, descending

    @property
    def entity_conditions(self) -> list[Condition]:
        """Those on campaigns, ad sets and ads."""
        return [one for one in self.conditions if "." in one.field]

    @property
    def metric_conditions(self) -> list[Condition]:
        """Those on a row's figures."""
        return [one for one in self.conditions if "." not in one.field]

    @property
    def last_day(self) -> date:
        """The latest date asked for."""
        return max(bucket.last for bucket in self.buckets)


def read_request(call: Call, view: View, scope: Account | Campaign | AdSet | Ad) -> InsightsRequest:
    """The request in a call's parameters; an error says which of them is wrong."""
    world = view.ledger.world
    account = scope if isinstance(scope, Account) else world.accounts[scope.account_id]
    level = _level(call, scope)
    return InsightsRequest(
        account=account,
        scope=scope,
        level=level,
        fields=_fields(call, level),
        buckets=_buckets(call, day_of(account.zone, view.now)),
        hourly=_hourly(call),
        windows=_windows(call),
        conditions=tuple(conditions(call)),
        sort=_sort(call),
    )


def _level(call: Call, scope: Account | Campaign | AdSet | Ad) -> Level:
    own = {Account: "account", Campaign: "campaign", AdSet: "adset", Ad: "ad"}[type(scope)]
    level = call.params.get("level", own)
    if level not in LEVELS:
        raise bad_parameter(f"level must be one of the following values: {', '.join(LEVELS)}")
    # A level above the node itself is answered at the node's own.
    return LEVELS[max(LEVELS.index(level), LEVELS.index(own))]


def _fields(call: Call, level: Level) -> tuple[str, ...]:
    asked = tuple(field.name for field in parse_fields(call.params.get("fields", "")))
    return asked or _DEFAULT_FIELDS[: LEVELS.index(level) + 1] + _DEFAULT_FIELDS[-2:]


def _hourly(call: Call) -> bool:
    breakdowns = call.list_param("breakdowns")
    for breakdown in breakdowns:
        if breakdown != HOURLY:
            raise bad_parameter(f"breakdowns: '{breakdown}' is not simulated by this sandbox.")
    report_time = call.params.get("action_report_time", "impression")
    if report_time != "impression":
        raise bad_parameter(
            f"action_report_time: '{report_time}' is not simulated by this sandbox."
        )
    return bool(breakdowns)


def _windows(call: Call) -> tuple[str, ...]:
    asked = call.list_param("action_attribution_windows")
    for window in asked:
        if window not in WINDOWS and window not in _GONE_WINDOWS:
            raise bad_parameter(
                "action_attribution_windows[0] must be one of the following values: "
                f"{', '.join(WINDOWS)}"
            )
    return tuple(window for window in WINDOWS if window in asked and window != "default")


def _sort(call: Call) -> tuple[str, bool] | None:
    asked = call.list_param("sort")
    if not asked:
        return None
    metric, _, direction = asked[0].rpartition("_")
    if direction not in ("ascending", "descending"):
        raise bad_parameter("sort must end in _ascending or _descending")
    return metric, direction == "descending"


def _buckets(call: Call, today: date) -> tuple[Bucket, ...]:
    ranges = _ranges(call, today)
    increment = call.params.get("time_increment", "all_days")
    if increment == "all_days":
        return tuple(ranges)
    if increment == "monthly":
        return tuple(month for one in ranges for month in _months(one))
    if not increment.isdecimal() or not 1 <= int(increment) <= 90:
        raise bad_parameter("time_increment must be an integer from 1 to 90, monthly or all_days")
    step = timedelta(days=int(increment))
    return tuple(bucket for one in ranges for bucket in _steps(one, step))


def _ranges(call: Call, today: date) -> list[Bucket]:
    if (several := call.json_param("time_ranges")) is not None:
        return [_range(one, today) for one in several]
    if (one := call.json_param("time_range")) is not None:
        return [_range(one, today)]
    preset = call.params.get("date_preset", "last_30d")
    found = preset_range(preset, today)
    if found is None:
        raise bad_parameter(f"date_preset: '{preset}' is not a known value")
    return [Bucket(*found)]


def _range(told: Any, today: date) -> Bucket:
    try:
        since, until = date.fromisoformat(told["since"]), date.fromisoformat(told["until"])
    except (KeyError, TypeError, ValueError) as malformed:
        raise bad_parameter("time_range must have since and until as YYYY-MM-DD") from malformed
    if since > until:
        raise bad_parameter("time_range: since must not be later than until")
    months = (today.year - since.year) * 12 + today.month - since.month
    if months > _RETENTION_MONTHS:
        raise bad_parameter(
            "The start date of the time range cannot be beyond 37 months from the current date",
            subcode=3018,
        )
    return Bucket(since, until)


def _months(whole: Bucket) -> list[Bucket]:
    months, first = list[Bucket](), whole.first
    while first <= whole.last:
        last = min(first.replace(day=monthrange(first.year, first.month)[1]), whole.last)
        months.append(Bucket(first, last))
        first = last + timedelta(days=1)
    return months


def _steps(whole: Bucket, step: timedelta) -> list[Bucket]:
    steps, first = list[Bucket](), whole.first
    while first <= whole.last:
        steps.append(Bucket(first, min(first + step - timedelta(days=1), whole.last)))
        first += step
    return steps
