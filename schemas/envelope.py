"""The fields that every event carries around its body."""

from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

Instant = Annotated[datetime, Meta(tz=True)]
"""A moment in time; written in UTC."""

EARLIEST_DAY = date(2000, 1, 1)
LATEST_DAY = date(2100, 1, 1)


class Envelope(Struct, frozen=True, kw_only=True):
    """One event: what happened, whose it is, when it happened and when we accepted it.

    `recorded_at` is stamped once at the edge, before the first send; no fold reads it.
    Subclasses add `v`, `body` and the `type` tag.
    """

    event_id: UUID
    workspace_id: UUID
    occurred_at: Instant
    recorded_at: Instant
    source: Annotated[str, Meta(max_length=64)]


def deterministic_id(*parts: object) -> UUID:
    """The same id for the same parts, so that a repeated reading is a known duplicate."""
    digest = blake2b(digest_size=16)
    for part in parts:
        encoded = str(part).encode()
        # Length first: ("ab", "c") and ("a", "bc") must differ.
        digest.update(len(encoded).to_bytes(4, "big"))
        digest.update(encoded)
    return UUID(bytes=digest.digest())


def utc(instant: datetime) -> datetime:
    """The same moment, written in UTC."""
    return instant if instant.tzinfo is UTC else instant.astimezone(UTC)


def check_day(day: date) -> None:
    """Raises ValueError outside the years that metricx keeps."""
    if not EARLIEST_DAY <= day < LATEST_DAY:
        raise ValueError(f"day {day} is not between {EARLIEST_DAY} and {LATEST_DAY}")


def check_instant(instant: datetime) -> None:
    """Raises ValueError outside the years that metricx keeps."""
    if not EARLIEST_DAY.year <= instant.year < LATEST_DAY.year:
        raise ValueError(f"instant {instant} is not in {EARLIEST_DAY.year}-{LATEST_DAY.year - 1}")
