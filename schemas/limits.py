"""What PostgreSQL and Kafka can hold, so that a bad event is refused before it costs a chunk."""

import re
from functools import lru_cache
from typing import Annotated

from msgspec import Meta

MAX_FIGURE = 10**15
"""Largest delivery figure of one entity and hour: 9,000 such still add up within 64 bits."""

MAX_VALUE = 10**16
"""Largest conversion figure of one entity and day, either way; 900 still add up."""

MAX_EVENT_BYTES = 1_000_000
"""Largest encoded event; producer, topics and broker allow it and no more."""

Count = Annotated[int, Meta(ge=0, le=MAX_FIGURE)]
"""Micros or a whole count, never negative."""

Signed = Annotated[int, Meta(ge=-MAX_VALUE, le=MAX_VALUE)]
"""Micros that a platform may take back below zero."""

# No patterns: a regular expression a field costs more than decoding the event. `codec.decode`
# refuses NUL, which PostgreSQL's text cannot hold; `check_word` and `check_currency` do the rest.
Id = Annotated[str, Meta(min_length=1, max_length=128)]
"""An identifier of a provider; short, since an index entry must stay far below a page."""

Label = Annotated[str, Meta(max_length=1024)]
"""A name or reason that people read."""

Word = Annotated[str, Meta(min_length=1, max_length=64)]
"""A lower-case word out of a small vocabulary, open to growth: see `check_word`."""

Currency = Annotated[str, Meta(min_length=3, max_length=3)]
"""An ISO 4217 code: see `check_currency`."""

_WORD = re.compile(r"[a-z0-9_.\-]+")
_CURRENCY = re.compile(r"[A-Z]{3}")


@lru_cache(maxsize=4096)
def check_word(word: str) -> None:
    """Raises ValueError for what is no lower-case word."""
    if not _WORD.fullmatch(word):
        raise ValueError(f"{word!r} is not a word of a-z, 0-9, _, . and -")


@lru_cache(maxsize=4096)
def check_currency(code: str) -> None:
    """Raises ValueError for what has not the form of an ISO 4217 code."""
    if not _CURRENCY.fullmatch(code):
        raise ValueError(f"{code!r} is not a currency code of three capital letters")
