"""All rows of all read models, from raw records in any order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tests.oracle.ad_rows import Row, ad_rows
from tests.oracle.entity_rows import entity_rows
from tests.oracle.facts import Fact, Record
from tests.oracle.fields import PoisonError
from tests.oracle.repeats import Place
from tests.oracle.sync_rows import sync_rows
from tests.oracle.wire import fact_of

_AD_KEY = (
    "workspace_id", "level", "day", "provider", "account_id",
    "campaign_id", "adset_id", "ad_id", "currency",
)  # fmt: skip
_FIGURES = ("spend_micros", "impressions", "clicks", "link_clicks")
_ENTITY_KEY = ("workspace_id", "provider", "account_id", "level", "entity_id")

COLUMNS: dict[str, tuple[str, ...]] = {
    "ad_day": (*_AD_KEY, *_FIGURES),
    "ad_hour": (*_AD_KEY, "label", "starts_at", "ends_at", *_FIGURES),
    "ad_quarter_hour": (*_AD_KEY, "starts_at", *_FIGURES),
    "ad_conversion_day": (*_AD_KEY, "goal", "window", "count_micros", "value_micros"),
    "ad_delivery_day": (*_AD_KEY, *_FIGURES),
    "account_day": (
        "workspace_id", "provider", "account_id", "day", "day_starts_at", "hour_seconds",
    ),
    "ad_entity": (
        *_ENTITY_KEY, "campaign_id", "adset_id", "name", "status", "currency", "zone",
        "daily_budget_micros", "lifetime_budget_micros", "observed_at",
    ),
    "ad_entity_status": (*_ENTITY_KEY, "known_on", "status", "observed_at"),
    "sync_request": (
        "workspace_id", "provider", "connection_id", "account_id", "piece", "requested_at",
        "requested_by",
    ),
    "sync_run": (
        "workspace_id", "run_id", "provider", "connection_id", "account_id", "piece",
        "started_at", "observed_at", "finished_at", "outcome", "reason", "next_step",
        "retry_at", "data_from", "data_through", "rows", "events",
    ),
    "connection_freshness": (
        "workspace_id", "connection_id", "provider", "account_id", "observed_until",
        "last_outcome", "last_reason", "last_next_step", "last_finished_at",
        "last_success_at", "data_from", "data_through",
    ),
}  # fmt: skip
"""Each view with its columns in the order of the oracle's rows."""

MAY_REPEAT = ("sync_request",)
"""Views that do not show their key: two rows may look alike."""


@dataclass(frozen=True)
class Expected:
    """What the read models must hold, and which records must lie in `dead_letter`."""

    rows: dict[str, set[Row]]
    dead: set[Place]
    facts: Mapping[Place, Fact]


def expected(records: Iterable[Record], open_from: date | None = None) -> Expected:
    """Every row of every view, as a function of the set of records alone."""
    facts: dict[Place, Fact] = {}
    dead: set[Place] = set()
    for record in records:
        place = (record.topic, record.partition, record.offset)
        try:
            facts[place] = fact_of(record)
        except PoisonError:
            dead.add(place)
    said = facts.values()
    rows = {**ad_rows(said, open_from), **entity_rows(said), **sync_rows(said)}
    return Expected(
        rows={view: _distinct(view, found) for view, found in rows.items()},
        dead=dead,
        facts=facts,
    )


def _distinct(view: str, rows: list[Row]) -> set[Row]:
    distinct = set(rows)
    if len(distinct) != len(rows) and view not in MAY_REPEAT:
        raise AssertionError(f"the oracle itself made a row of {view} twice")
    return distinct
