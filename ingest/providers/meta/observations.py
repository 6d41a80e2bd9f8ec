"""Insights rows to readings: pure, exact, one for each ad and date."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import add
from typing import TypedDict
from uuid import UUID

from ingest.account_day import account_day, days_between, on_real_hours
from ingest.amounts import UnreadableNumber, count, micros
from ingest.providers.errors import Unreadable
from ingest.providers.meta.insights import Action, InsightsRow
from ingest.providers.protocol import Facts
from schemas.ad_metrics import (
    Conversions,
    Coverage,
    Covered,
    DayObservation,
    DayReading,
    HourFigures,
    HoursObservation,
    HoursReading,
    Kind,
    Level,
    coverage_id,
    reading_id,
)

PROVIDER = "meta"

GOALS: Mapping[str, Sequence[str]] = {
    "purchase": ("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase"),
    "lead": ("lead",),
    "install": ("omni_app_install", "mobile_app_install"),
}
"""Action types of each goal, the preferred first. They contain each other: never add them up."""

_Figures = tuple[int, int, int, int]
_NOTHING: _Figures = (0, 0, 0, 0)


class Shared(TypedDict):
    """The envelope's fields that are the same in all events of one read."""

    workspace_id: UUID
    occurred_at: datetime
    recorded_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Read:
    """What all events of one read share."""

    workspace_id: UUID
    account_id: str
    facts: Facts
    observed_at: datetime

    @property
    def shared(self) -> Shared:
        """Its part of the envelope; `recorded_at` is stamped anew at the door to Kafka."""
        return {
            "workspace_id": self.workspace_id,
            "occurred_at": self.observed_at,
            "recorded_at": self.observed_at,
            "source": PROVIDER,
        }


class _Of(TypedDict):
    """The ad and day that a reading is of, and when it was read."""

    provider: str
    account_id: str
    level: Level
    campaign_id: str | None
    adset_id: str | None
    ad_id: str
    day: date
    currency: str
    observed_at: datetime


def hours_observations(rows: Iterable[InsightsRow], read: Read) -> Iterator[HoursObservation]:
    """One event for each ad and date; needs all rows of a date, for an hour not listed is zero.

    A row that comes twice, since a page moved while it was read, counts once.
    """
    ads: dict[tuple[date, str], InsightsRow] = {}
    hours: defaultdict[tuple[date, str], dict[int, _Figures]] = defaultdict(dict)
    for row in rows:
        key = (row.day, row.ad)
        ads[key] = row
        figures, label = _figures(row), row.label
        if label is not None:
            hours[key][label] = figures
        elif figures != _NOTHING:
            raise Unreadable(f"ad {row.ad} delivered on {row.day} in no hour")
    for key in sorted(ads):
        yield _hours_observation(ads[key], hours[key], read)


def day_observations(rows: Iterable[InsightsRow], read: Read) -> Iterator[DayObservation]:
    """One event for each ad and date, with what was converted, which may be nothing."""
    ads = {(row.day, row.ad): row for row in rows}
    for key in sorted(ads):
        row = ads[key]
        body = DayReading(**_of(row, read), conversions=tuple(_conversions(row)), delivery=None)
        yield DayObservation(
            v=1, event_id=reading_id(read.workspace_id, body), body=body, **read.shared
        )


def coverages(kind: Kind, first: date, last: date, read: Read) -> Iterator[Coverage]:
    """Each date of the span was read to its last page."""
    for day in days_between(first, last):
        body = Covered(
            provider=PROVIDER,
            account_id=read.account_id,
            level="ad",
            kind=kind,
            day=day,
            observed_at=read.observed_at,
        )
        yield Coverage(v=1, event_id=coverage_id(read.workspace_id, body), body=body, **read.shared)


def _hours_observation(
    row: InsightsRow, hours: Mapping[int, _Figures], read: Read
) -> HoursObservation:
    local = account_day(row.day, read.facts.zone)
    try:
        listed = on_real_hours(hours, local)
    except ValueError as error:
        raise Unreadable(str(error)) from error
    body = HoursReading(
        **_of(row, read),
        day_starts_at=local.starts_at,
        hour_seconds=local.hour_seconds,
        hours=tuple(_hours(listed)),
    )
    return HoursObservation(
        v=1, event_id=reading_id(read.workspace_id, body), body=body, **read.shared
    )


def _of(row: InsightsRow, read: Read) -> _Of:
    return {
        "provider": PROVIDER,
        "account_id": read.account_id,
        "level": "ad",
        "campaign_id": row.campaign_id,
        "adset_id": row.adset_id,
        "ad_id": row.ad,
        "day": row.day,
        "currency": read.facts.currency,
        "observed_at": read.observed_at,
    }


def _hours(listed: Mapping[int, Sequence[_Figures]]) -> Iterator[HourFigures]:
    for label in sorted(listed):
        total = _NOTHING
        for figures in listed[label]:
            total = tuple(map(add, total, figures))
        if total != _NOTHING:
            yield HourFigures(label, *total)


def _figures(row: InsightsRow) -> _Figures:
    try:
        return (
            micros(row.spend or "0"),
            count(row.impressions or "0"),
            count(row.clicks or "0"),
            count(row.inline_link_clicks or "0"),
        )
    except UnreadableNumber as error:
        raise Unreadable(f"ad {row.ad} on {row.day}: {error}") from error


def _conversions(row: InsightsRow) -> Iterator[Conversions]:
    """By goal and window; what is zero in count and value is left out."""
    for goal, preferred in GOALS.items():
        counts = _first_of(preferred, row.actions)
        values = _first_of(preferred, row.action_values)
        for window in dict.fromkeys([*counts, *values]):
            try:
                number = micros(counts.get(window, "0"), may_fall_below_zero=True)
                value = micros(values.get(window, "0"), may_fall_below_zero=True)
            except UnreadableNumber as error:
                raise Unreadable(f"{goal} of ad {row.ad} on {row.day}: {error}") from error
            if number or value:
                yield Conversions(goal, window, number, value)


def _first_of(preferred: Sequence[str], actions: Sequence[Action]) -> dict[str, str]:
    found = {action.action_type: action for action in actions if action.action_type in preferred}
    for action_type in preferred:
        if action_type in found:
            return found[action_type].by_window()
    return {}
