"""The sandbox's truth as readings tell it, and readings of a topic as the truth tells them."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import msgspec

from schemas.ad_metrics import Coverage, DayObservation, HoursObservation
from schemas.envelope import Envelope
from tests.sandbox.running import Sandbox


class Figures(NamedTuple):
    """All that is known of one ad and date."""

    hours: tuple[tuple[int, ...], ...]  # (label, spend_micros, impressions, clicks, link_clicks)
    conversions: frozenset[tuple[Any, ...]]  # (goal, window, count_micros, value_micros)


NOTHING = Figures((), frozenset())
AdDays = dict[tuple[str, str], Figures]  # by ad and date


def truth(sandbox: Sandbox, account_id: str, first: date, last: date, **asked: str) -> AdDays:
    """What the sandbox holds to be so, ads with no figure left out."""
    span = {"from": first.isoformat(), "to": last.isoformat(), "levels": "ad", "hours": "true"}
    told = sandbox.tell("truth", account_id=account_id, **span, **asked)
    (account,) = told["accounts"]
    return {
        (row["ad_id"], row["day"]): Figures(
            tuple(tuple(hour) for hour in row["hours"]),
            frozenset(tuple(each) for each in row["conversions"]),
        )
        for row in account["rows"]
    }


def told_by(events: Iterable[Envelope]) -> AdDays:
    """What the newest readings say, after coverage: what a covered read lacks is zero."""
    hours: dict[tuple[str, str], HoursObservation] = {}
    days: dict[tuple[str, str], DayObservation] = {}
    covered: dict[tuple[str, str], Any] = {}
    for event in events:
        match event:
            case HoursObservation():
                _keep_newer(hours, (event.body.ad_id or "", str(event.body.day)), event)
            case DayObservation():
                _keep_newer(days, (event.body.ad_id or "", str(event.body.day)), event)
            case Coverage():
                scope = (event.body.kind, str(event.body.day))
                covered[scope] = max(
                    event.body.observed_at, covered.get(scope, event.body.observed_at)
                )
            case _:
                pass
    told: AdDays = {}
    for key in hours.keys() | days.keys():
        seen_hours, seen_day = hours.get(key), days.get(key)
        figures = Figures(
            tuple(msgspec.structs.astuple(hour) for hour in seen_hours.body.hours)
            if seen_hours and seen_hours.body.observed_at >= covered["hours", key[1]]
            else (),
            frozenset(msgspec.structs.astuple(each) for each in seen_day.body.conversions)
            if seen_day and seen_day.body.observed_at >= covered["day", key[1]]
            else frozenset(),
        )
        if figures != NOTHING:
            told[key] = figures
    return told


def _keep_newer(held: dict[tuple[str, str], Any], key: tuple[str, str], event: Any) -> None:
    known = held.get(key)
    if known is None or event.body.observed_at > known.body.observed_at:
        held[key] = event
