"""Orders to spend and to restate, read strictly and turned into changes of the books."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import accumulate, starmap
from operator import sub
from typing import Any, cast, get_args

from sandbox.admin.orders import OrderError
from sandbox.shop.ad_day import Figures
from sandbox.shop.calendar import LocalDay, day_of, local_day
from sandbox.shop.changes import Added, Change, Part, Replaced, Scaled
from sandbox.shop.conversions import WINDOWS, Kind
from sandbox.shop.hours import MICROS_PER_CENT, Hour
from sandbox.shop.ledger import Ledger
from sandbox.shop.world import Account, Ad, Channel, Goal

_PPM = 1_000_000
_LARGEST_FACTOR = 1000
_NOON = 12
_CHANNELS: dict[str, Channel] = {"purchase": "web", "lead": "web", "install": "app"}


Order = Mapping[str, Any]


def spend(ledger: Ledger, order: Order, now: int) -> Added:
    """More of an hour, exactly as ordered, from now on."""
    ad = _ad(ledger, order, now)
    account = ledger.account_of(ad)
    day = _day(order, account, now)
    layout = local_day(account.zone, day)
    label = _label(order, _current(layout, now))
    if not _has_begun(layout, label, now):
        raise OrderError(f"hour {label} of {day} has not begun, or the clock skips it")
    clicks = _count(order, "clicks", 0)
    more = Hour(
        label,
        _micros(order.get("spend", "0"), "spend"),
        _count(order, "impressions", clicks),
        clicks,
        _count(order, "link_clicks", clicks),
    )
    _must_nest(more)
    return Added(now, ad.id, day, more)


def restatement(ledger: Ledger, order: Order, now: int) -> Change:
    """An ad's day, or one hour of it, scaled, zeroed or set, from now on."""
    ad = _ad(ledger, order, now, needed=True)
    account = ledger.account_of(ad)
    day = _day(order, account, now, needed=True)
    label = _label(order, None) if order.get("hour") is not None else None
    ways = [way for way in ("factor", "zero", "set") if order.get(way) not in (None, False)]
    if len(ways) != 1:
        raise OrderError("exactly one of factor, zero: true, or set is needed")
    part = order.get("of", "all")
    if part not in get_args(Part):
        raise OrderError(f"of must be one of {', '.join(get_args(Part))}")
    if ways == ["set"]:
        return _replaced(ledger, ad, day, label, order, now)
    factor_ppm = 0 if ways == ["zero"] else _factor(order["factor"])
    return Scaled(now, ad.id, day, label, factor_ppm, cast("Part", part))


def _replaced(
    ledger: Ledger, ad: Ad, day: date, label: int | None, order: Order, now: int
) -> Replaced:
    told = order["set"]
    if not isinstance(told, dict):
        raise OrderError("set must be an object")
    figures = cast("dict[str, Any]", told)
    whole = Hour(
        label or 0,
        _micros(figures.get("spend", "0"), "spend"),
        _count(figures, "impressions", 0),
        _count(figures, "clicks", 0),
        _count(figures, "link_clicks", 0),
    )
    _must_nest(whole)
    layout = local_day(ledger.account_of(ad).zone, day)
    if label is not None and not _has_begun(layout, label, now):
        raise OrderError(f"hour {label} of {day} has not begun, or the clock skips it")
    hours = (whole,)
    if label is None:
        hours = shared_out(whole, ledger.figures(ad, day, now), _current(layout, now))
    conversions = None
    if "conversions" in order:
        conversions = tuple(_conversion(row) for row in order["conversions"])
    return Replaced(now, ad.id, day, label is None, hours, conversions)


def shared_out(whole: Hour, over: Figures, otherwise: int) -> tuple[Hour, ...]:
    """A day's figures over its hours by their spend; all on one label if no hour spent anything.

    Exact in every measure, and clicks lie where impressions do, so that they nest in each hour.
    """
    spent = {hour.label: hour.spend_micros for hour in over.hours if hour.spend_micros}
    weights = spent or {otherwise: 1}
    cents = _cumulative(whole.spend_micros // MICROS_PER_CENT, list(accumulate(weights.values())))
    impressions = _cumulative(whole.impressions, list(accumulate(weights.values())))
    clicks = _cumulative(whole.clicks, impressions)
    link_clicks = _cumulative(whole.link_clicks, clicks)
    columns = ([cent * MICROS_PER_CENT for cent in cents], impressions, clicks, link_clicks)
    parts = (map(sub, column, [0, *column[:-1]]) for column in columns)
    return tuple(starmap(Hour, zip(weights, *parts, strict=True)))


def _cumulative(total: int, over: list[int]) -> list[int]:
    """A total that grows as `over`, itself cumulative, does."""
    return [total * reached // over[-1] if over[-1] else 0 for reached in over]


def _ad(ledger: Ledger, order: Order, now: int, *, needed: bool = False) -> Ad:
    ad_id = order.get("ad_id")
    if ad_id is None and not needed:
        accounts = ledger.world.accounts
        account_id = str(order.get("account_id", next(iter(accounts))))
        if account_id not in accounts:
            raise OrderError(f"no account {account_id}")
        for ad in accounts[account_id].ads():
            if ad.delivers_at(now):
                return ad
        raise OrderError(f"account {account_id} has no active ad")
    ad = ledger.world.ads.get(str(ad_id))
    if ad is None or order.get("account_id") not in (None, ad.account_id):
        raise OrderError(f"no ad {ad_id}")
    return ad


def _day(order: Order, account: Account, now: int, *, needed: bool = False) -> date:
    today = day_of(account.zone, now)
    if order.get("day") is None and not needed:
        return today
    try:
        day = date.fromisoformat(str(order.get("day")))
    except ValueError as malformed:
        raise OrderError("day must be YYYY-MM-DD") from malformed
    if day > today:
        raise OrderError(f"{day} has not begun in {account.zone}")
    return day


def _current(layout: LocalDay, now: int) -> int:
    """The hour label that runs; of a past day its noon."""
    return layout.label_at(now) if now < layout.ends_at else _NOON


def _has_begun(layout: LocalDay, label: int, now: int) -> bool:
    return layout.hour_starts[label] <= now and layout.hour_seconds[label] > 0


def _label(order: Order, default: int | None) -> int:
    label = order.get("hour", default)
    if not isinstance(label, int) or isinstance(label, bool) or not 0 <= label <= 23:
        raise OrderError("hour must be a label from 0 to 23")
    return label


def _micros(text: object, name: str) -> int:
    try:
        cents = Decimal(str(text)) * 100
    except InvalidOperation as malformed:
        raise OrderError(f'{name} must be an amount like "12.34"') from malformed
    if not cents.is_finite() or cents != int(cents) or cents < 0:
        raise OrderError(f"{name} must be whole cents, not negative")
    return int(cents) * MICROS_PER_CENT


def _count(order: Order, name: str, default: int) -> int:
    count = order.get(name, default)
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise OrderError(f"{name} must be a whole number, not negative")
    return count


def _factor(told: object) -> int:
    try:
        ppm = Decimal(str(told)) * _PPM
    except InvalidOperation as malformed:
        raise OrderError('factor must be a number like "0.5"') from malformed
    if not ppm.is_finite() or ppm != int(ppm) or not 0 <= ppm <= _LARGEST_FACTOR * _PPM:
        raise OrderError("factor must lie between 0 and 1000, with at most 6 decimals")
    return int(ppm)


def _conversion(row: object) -> tuple[Kind, tuple[int, int]]:
    match cast("Any", row):
        case [str(goal), str(window), int(count), str(value)]:
            if goal not in _CHANNELS or window not in WINDOWS or count < 1:
                raise OrderError(f"not a conversion: {row}")
            kind = (cast("Goal", goal), _CHANNELS[goal], window)
            return kind, (count, _micros(value, "value"))
        case _:
            raise OrderError("conversions are rows of goal, window, count, value")


def _must_nest(hour: Hour) -> None:
    if not hour.impressions >= hour.clicks >= hour.link_clicks:
        raise OrderError("it must hold that impressions >= clicks >= link_clicks")
