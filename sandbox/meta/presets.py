"""The names that Meta has for spans of days, counted from an account's today."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

Span = tuple[date, date]

_DAY = timedelta(days=1)


def preset_range(name: str, today: date) -> Span | None:
    """First and last date of a preset; None if there is none of that name."""
    preset = _PRESETS.get(name)
    return preset(today) if preset else None


def _last(days: int) -> Callable[[date], Span]:
    """So many whole days, today not among them."""
    return lambda today: (today - days * _DAY, today - _DAY)


def _month_before(today: date) -> Span:
    last = today.replace(day=1) - _DAY
    return last.replace(day=1), last


def _quarter(today: date) -> date:
    return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)


def _quarter_before(today: date) -> Span:
    last = _quarter(today) - _DAY
    return _quarter(last), last


def _week_before(first_weekday: int) -> Callable[[date], Span]:
    def span(today: date) -> Span:
        this_week = today - ((today.weekday() - first_weekday) % 7) * _DAY
        return this_week - 7 * _DAY, this_week - _DAY

    return span


def _this_week(first_weekday: int) -> Callable[[date], Span]:
    return lambda today: (today - ((today.weekday() - first_weekday) % 7) * _DAY, today)


def _ever(today: date) -> Span:
    months = today.year * 12 + today.month - 1 - 36
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1])), today


_PRESETS: dict[str, Callable[[date], Span]] = {
    "today": lambda today: (today, today),
    "yesterday": _last(1),
    "last_3d": _last(3),
    "last_7d": _last(7),
    "last_14d": _last(14),
    "last_28d": _last(28),
    "last_30d": _last(30),
    "last_90d": _last(90),
    "this_month": lambda today: (today.replace(day=1), today),
    "last_month": _month_before,
    "this_quarter": lambda today: (_quarter(today), today),
    "last_quarter": _quarter_before,
    "this_year": lambda today: (today.replace(month=1, day=1), today),
    "last_year": lambda today: (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    "last_week_mon_sun": _week_before(0),
    "last_week_sun_sat": _week_before(6),
    "this_week_mon_today": _this_week(0),
    "this_week_sun_today": _this_week(6),
    "maximum": _ever,
    "data_maximum": _ever,
}
