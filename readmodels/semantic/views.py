"""The views of the schema `readmodels` as SQLAlchemy Core sees them; `versions.py` makes them."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

SCHEMA = "readmodels"
_metadata = MetaData(schema=SCHEMA)


def _text(*names: str) -> list[Column[Any]]:
    return [Column(name, Text) for name in names]


def _integer(*names: str) -> list[Column[Any]]:
    return [Column(name, BigInteger) for name in names]


def _instant(*names: str) -> list[Column[Any]]:
    return [Column(name, DateTime(timezone=True)) for name in names]


def _window(name: str, *columns: Column[Any]) -> Table:
    """A view with a row for each entity, date and whatever `columns` add."""
    return Table(
        name,
        _metadata,
        Column("workspace_id", Uuid),
        Column("level", Text),
        Column("day", Date),
        *_text("provider", "account_id", "campaign_id", "adset_id", "ad_id", "currency"),
        *columns,
    )


def _delivery() -> list[Column[Any]]:
    return _integer("spend_micros", "impressions", "clicks", "link_clicks")


ad_day = _window("ad_day", *_delivery())
ad_hour = _window(
    "ad_hour", Column("label", SmallInteger), *_instant("starts_at", "ends_at"), *_delivery()
)
ad_quarter_hour = _window("ad_quarter_hour", *_instant("starts_at"), *_delivery())
ad_conversion_day = _window(
    "ad_conversion_day", *_text("goal", "window"), *_integer("count_micros", "value_micros")
)

ad_entity = Table(
    "ad_entity",
    _metadata,
    Column("workspace_id", Uuid),
    *_text("provider", "account_id", "level", "entity_id", "campaign_id", "adset_id"),
    *_text("name", "status", "currency", "zone"),
    *_integer("daily_budget_micros", "lifetime_budget_micros"),
    *_instant("observed_at"),
)

connection_freshness = Table(
    "connection_freshness",
    _metadata,
    Column("workspace_id", Uuid),
    Column("connection_id", Uuid),
    *_text("provider", "account_id"),
    *_instant("observed_until"),
    *_text("last_outcome", "last_reason", "last_next_step"),
    *_instant("last_finished_at", "last_success_at"),
    Column("data_from", Date),
    Column("data_through", Date),
)

sync_run = Table(
    "sync_run",
    _metadata,
    Column("workspace_id", Uuid),
    Column("run_id", Uuid),
    Column("connection_id", Uuid),
    *_text("provider", "account_id", "piece"),
    *_instant("started_at", "observed_at", "finished_at"),
    *_text("outcome", "reason", "next_step"),
    *_instant("retry_at"),
    Column("data_from", Date),
    Column("data_through", Date),
    *_integer("rows", "events"),
)

USED = (
    ad_day,
    ad_hour,
    ad_quarter_hour,
    ad_conversion_day,
    ad_entity,
    connection_freshness,
    sync_run,
)
"""The views that the read side asks; `/ready` names those that are missing."""
