"""The control schema as SQLAlchemy Core sees it: its name, and kinds of column."""

from typing import Any

from sqlalchemy import Column, DateTime, MetaData, Uuid

SCHEMA = "control"
metadata = MetaData(schema=SCHEMA)


def key(name: str, kind: Any = Uuid) -> Column[Any]:
    """A part of the primary key."""
    return Column(name, kind, primary_key=True)


def value(name: str, kind: Any, default: str | None = None) -> Column[Any]:
    """Never null."""
    return Column(name, kind, nullable=False, server_default=default)


def instant(name: str) -> Column[Any]:
    """A moment at which something happened; null if it has not."""
    return Column(name, DateTime(timezone=True))


def since(name: str) -> Column[Any]:
    """A moment that the database notes by itself."""
    return Column(name, DateTime(timezone=True), nullable=False, server_default="now()")


def until(name: str) -> Column[Any]:
    """A moment after which it no longer holds."""
    return Column(name, DateTime(timezone=True), nullable=False)
