"""Topic `ad-metrics`: what a platform reported when it was asked.

A reading is one `hours_observation` or `day_observation` of one entity and account-local day;
a `coverage` says that a level of an account's day was read to its last page.
"""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from schemas.envelope import Envelope, Instant, check_day, check_instant, deterministic_id
from schemas.limits import Count, Currency, Id, Signed, Word, check_currency, check_word

Level = Literal["account", "campaign", "adset", "ad"]
LEVELS: tuple[Level, ...] = ("account", "campaign", "adset", "ad")

Kind = Literal["hours", "day"]

FIGURES = ("spend_micros", "impressions", "clicks", "link_clicks")
"""The delivery figures of a reading, in the order in which they lie in `HourFigures`."""

HOUR_LABELS = 24


class HourFigures(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """What an entity delivered under one hour label so far: `[label, spend_micros, …]`."""

    label: Annotated[int, Meta(ge=0, lt=HOUR_LABELS)]
    spend_micros: Count
    impressions: Count
    clicks: Count
    link_clicks: Count


_label_of = attrgetter("label")


class Conversions(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Conversions of one goal under one attribution window; fractions are micros."""

    goal: Word
    window: Word
    count_micros: Signed
    value_micros: Signed

    def __post_init__(self) -> None:
        check_word(self.goal)
        check_word(self.window)


class Delivery(Struct, frozen=True, kw_only=True):
    """Figures of a whole day, for a level that the platform gives no hours for."""

    spend_micros: Count
    impressions: Count
    clicks: Count
    link_clicks: Count


class Reading(Struct, frozen=True, kw_only=True):
    """Which entity was read, for which account-local day, and when.

    `observed_at` is the instant before the first request of the read. The ids at and above
    `level` are set where the platform knows them, those below are None.
    """

    provider: Word
    account_id: Id
    level: Level
    campaign_id: Id | None
    adset_id: Id | None
    ad_id: Id | None
    day: date
    currency: Currency
    observed_at: Instant

    def __post_init__(self) -> None:
        check_word(self.provider)
        check_currency(self.currency)
        check_day(self.day)
        check_instant(self.observed_at)
        entity_of(self)


class HoursReading(Reading, frozen=True, kw_only=True, gc=False):
    """Every hour of the day so far; a label that is not listed is zero.

    `hour_seconds[label]` is how long the label lasts in UTC: 7200 where clocks fall back, 0 in
    the spring gap. Labels lie end to end from `day_starts_at`.
    """

    day_starts_at: Instant
    hour_seconds: Annotated[
        tuple[Annotated[int, Meta(ge=0, le=10_800)], ...],
        Meta(min_length=HOUR_LABELS, max_length=HOUR_LABELS),
    ]
    hours: Annotated[tuple[HourFigures, ...], Meta(max_length=HOUR_LABELS)]

    def __post_init__(self) -> None:
        Reading.__post_init__(self)
        check_instant(self.day_starts_at)
        if len(set(map(_label_of, self.hours))) != len(self.hours):
            raise ValueError("an hour label is listed twice")


class DayReading(Reading, frozen=True, kw_only=True):
    """Figures that the platform dates by day."""

    conversions: Annotated[tuple[Conversions, ...], Meta(max_length=500)]
    delivery: Delivery | None

    def __post_init__(self) -> None:
        Reading.__post_init__(self)
        if len({(each.goal, each.window) for each in self.conversions}) != len(self.conversions):
            raise ValueError("a goal and window are listed twice")


class Covered(Struct, frozen=True, kw_only=True):
    """A level of an account's day was read to its last page by the read of `observed_at`."""

    provider: Word
    account_id: Id
    level: Level
    kind: Kind
    day: date
    observed_at: Instant

    def __post_init__(self) -> None:
        check_word(self.provider)
        check_day(self.day)
        check_instant(self.observed_at)


class HoursObservation(
    Envelope, frozen=True, kw_only=True, tag_field="type", tag="hours_observation"
):
    """A platform's figures of each hour of one entity's day."""

    v: Literal[1]
    body: HoursReading


class DayObservation(Envelope, frozen=True, kw_only=True, tag_field="type", tag="day_observation"):
    """A platform's figures of one entity's day as a whole."""

    v: Literal[1]
    body: DayReading


class Coverage(Envelope, frozen=True, kw_only=True, tag_field="type", tag="coverage"):
    """What is missing from a covered read was restated to nothing."""

    v: Literal[1]
    body: Covered


def entity_of(reading: Reading) -> str:
    """The id of the entity that was read; raises ValueError if the path lacks it."""
    if reading.level == "ad" and reading.ad_id is not None:
        return reading.ad_id  # nearly all are
    ids = (reading.account_id, reading.campaign_id, reading.adset_id, reading.ad_id)
    depth = LEVELS.index(reading.level)
    entity = ids[depth]
    if entity is None:
        raise ValueError(f"a reading of level {reading.level} has no {reading.level}_id")
    for below in range(depth + 1, len(LEVELS)):
        if ids[below] is not None:
            raise ValueError(f"a reading of level {reading.level} names an entity below it")
    return entity


def reading_id(workspace_id: UUID, body: HoursReading | DayReading) -> UUID:
    """The id of a reading: a hash of entity, day, kind, observed_at and figures."""
    figures: Sequence[object]
    if isinstance(body, HoursReading):
        kind, figures = "hours", body.hours
    else:
        kind, figures = "day", (*body.conversions, body.delivery)
    return deterministic_id(
        workspace_id, body.provider, body.account_id, body.level, entity_of(body), body.day,
        kind, body.observed_at.isoformat(), *figures,
    )  # fmt: skip


def coverage_id(workspace_id: UUID, body: Covered) -> UUID:
    """The id of a coverage: a hash of its scope and observed_at."""
    return deterministic_id(
        workspace_id, body.provider, body.account_id, body.level, body.day, body.kind,
        "coverage", body.observed_at.isoformat(),
    )  # fmt: skip
