"""Columns that tables of several projections share."""

from typing import Any

from sqlalchemy import BigInteger, Column, Date, DateTime, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from schemas.ad_metrics import FIGURES


def key(name: str, kind: Any = Text) -> Column[Any]:
    """A column of the primary key."""
    return Column(name, kind, primary_key=True, nullable=False)


def workspace() -> Column[Any]:
    """First in every primary key, so that the schema distributes by workspace."""
    return key("workspace_id", Uuid)


def value(name: str, kind: Any = BigInteger, *, nullable: bool = False) -> Column[Any]:
    """A column that is no part of the key."""
    return Column(name, kind, nullable=nullable)


def instant(name: str, *, nullable: bool = False) -> Column[Any]:
    """A UTC moment."""
    return value(name, DateTime(timezone=True), nullable=nullable)


def figures() -> list[Column[Any]]:
    """The delivery figures."""
    return [value(name) for name in FIGURES]


def figure_arrays(suffix: str) -> list[Column[Any]]:
    """The delivery figures of each part of a window, e.g. `spend_micros_by_hour`."""
    return [value(f"{name}_{suffix}", ARRAY(BigInteger)) for name in FIGURES]


def path() -> list[Column[Any]]:
    """The key of a window: level first for reading, then where its entity hangs.

    Ids at and above the row's level are set, those below, and unknown ones, are ''.
    """
    return [
        workspace(),
        key("level"),
        key("day", Date),
        key("provider"),
        key("account_id"),
        key("campaign_id"),
        key("adset_id"),
        key("ad_id"),
        key("currency"),
    ]


def entity_day() -> list[Column[Any]]:
    """The key of what was read: an entity and its account-local day."""
    return [
        workspace(),
        key("provider"),
        key("account_id"),
        key("level"),
        key("day", Date),
        key("entity_id"),
    ]
