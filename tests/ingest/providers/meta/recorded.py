"""Answers of Meta that lie in `replies/`, and the read that they belong to."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from ingest.providers.meta.client import Page
from ingest.providers.meta.insights import InsightsRow
from ingest.providers.meta.observations import Read
from ingest.providers.protocol import Facts

T = TypeVar("T")

REPLIES = Path(__file__).parent / "replies"
WORKSPACE = UUID("5b0b1c52-9a3f-4f8e-9a55-0d5c3f1d2e01")
OBSERVED_AT = datetime(2026, 11, 20, 15, 4, 5, 678901, tzinfo=UTC)


def reply(name: str, shape: type[T]) -> T:
    """One answer as the client decodes it."""
    return msgspec.json.decode((REPLIES / f"{name}.json").read_bytes(), type=shape)


def rows(name: str) -> list[InsightsRow]:
    """The rows of an Insights answer."""
    return reply(name, Page[InsightsRow]).data


def read(currency: str = "USD", zone: str = "America/New_York") -> Read:
    """A read of account 1."""
    return Read(WORKSPACE, "1", Facts(currency, ZoneInfo(zone)), OBSERVED_AT)
