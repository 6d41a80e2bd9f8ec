"""What PostgreSQL and Kafka can hold, so that a bad event is refused before it costs a chunk."""

from typing import Annotated

from msgspec import Meta

MAX_FIGURE = 10**16
"""Largest figure of one entity and hour or day; 900 such still add up within 64 bits."""

MAX_EVENT_BYTES = 1_000_000
"""Largest encoded event; producer, topics and broker allow it and no more."""

Count = Annotated[int, Meta(ge=0, le=MAX_FIGURE)]
"""Micros or a whole count, never negative."""

Signed = Annotated[int, Meta(ge=-MAX_FIGURE, le=MAX_FIGURE)]
"""Micros that a platform may take back below zero."""

# PostgreSQL's text holds no NUL; an index entry must stay far below a third of a page.
Id = Annotated[str, Meta(min_length=1, max_length=128, pattern=r"\A[^\x00]+\Z")]
"""An identifier of a provider."""

Label = Annotated[str, Meta(max_length=1024, pattern=r"\A[^\x00]*\Z")]
"""A name or reason that people read."""

Word = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"\A[a-z0-9_.\-]+\Z")]
"""A lower-case word out of a small vocabulary, open to growth."""

Currency = Annotated[str, Meta(pattern=r"\A[A-Z]{3}\Z")]
"""An ISO 4217 code."""
