"""Changes that tests and the demo inject: each counts from an instant on, in the order made."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sandbox.journal import Record
from sandbox.shop.conversions import Kind
from sandbox.shop.hours import Hour
from sandbox.shop.world import Channel, Goal

Part = Literal["all", "delivery", "conversions"]


@dataclass(frozen=True, slots=True)
class Added:
    """So much more in one hour of an ad's day."""

    at: int
    ad_id: str
    day: date
    more: Hour


@dataclass(frozen=True, slots=True)
class Scaled:
    """An ad's day, or one hour of it, times a factor; 0 makes it vanish."""

    at: int
    ad_id: str
    day: date
    label: int | None  # None: the whole day
    factor_ppm: int
    part: Part


@dataclass(frozen=True, slots=True)
class Replaced:
    """New figures for hours of an ad's day and, unless None, for its conversions."""

    at: int
    ad_id: str
    day: date
    whole_day: bool  # whether hours that are not listed are now empty
    hours: tuple[Hour, ...]
    conversions: tuple[tuple[Kind, tuple[int, int]], ...] | None


Change = Added | Scaled | Replaced

KINDS = ("spend", "scale", "replace")
"""The journal's kinds of record that are changes."""


def as_record(change: Change) -> Record:
    """The change as JSON values."""
    common = {"at": change.at, "ad_id": change.ad_id, "day": change.day.isoformat()}
    match change:
        case Added():
            return {"kind": "spend", **common, "more": _listed(change.more)}
        case Scaled():
            return {
                "kind": "scale",
                **common,
                "label": change.label,
                "factor_ppm": change.factor_ppm,
                "part": change.part,
            }
        case Replaced():
            conversions = change.conversions
            return {
                "kind": "replace",
                **common,
                "whole_day": change.whole_day,
                "hours": [_listed(hour) for hour in change.hours],
                "conversions": None if conversions is None else [[*k, *v] for k, v in conversions],
            }


def from_record(record: Record) -> Change:
    """The change that `as_record` wrote."""
    at, ad_id, day = record["at"], record["ad_id"], date.fromisoformat(record["day"])
    match record["kind"]:
        case "spend":
            return Added(at, ad_id, day, Hour(*record["more"]))
        case "scale":
            return Scaled(at, ad_id, day, record["label"], record["factor_ppm"], record["part"])
        case "replace":
            hours = tuple(Hour(*hour) for hour in record["hours"])
            told = record["conversions"]
            conversions = None if told is None else tuple(map(_conversion, told))
            return Replaced(at, ad_id, day, record["whole_day"], hours, conversions)
        case kind:
            raise ValueError(f"not a change: {kind}")


def _listed(hour: Hour) -> list[int]:
    return [hour.label, hour.spend_micros, hour.impressions, hour.clicks, hour.link_clicks]


def _conversion(row: tuple[Goal, Channel, str, int, int]) -> tuple[Kind, tuple[int, int]]:
    goal, channel, window, count, value_micros = row
    return (goal, channel, window), (count, value_micros)
