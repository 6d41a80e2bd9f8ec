"""What can be asked: a SemanticQuery names metrics, spans, breakdown and filters, and no SQL."""

from datetime import date, datetime
from enum import StrEnum
from typing import Self

from msgspec import Struct

from readmodels.semantic.catalogue import BY_ID, METRICS
from readmodels.semantic.metrics import Better, Metric

LONGEST_DAYS = 400
MOST_ROWS = 1_000


class Grain(StrEnum):
    """How finely a span is cut."""

    TOTAL = "total"  # not at all
    DAY = "day"
    HOUR = "hour"  # hour labels of the account's calendar
    PARTS = "parts"  # each date in two: before an hour label of it, and from there on
    FINE_PARTS = "fine_parts"  # before a quarter-hour, and from there on; of open dates alone

    @property
    def is_within_day(self) -> bool:
        """Whether dates are cut up, so that their conversions have to be shared out."""
        return self in (Grain.HOUR, Grain.PARTS, Grain.FINE_PARTS)


class Breakdown(StrEnum):
    """What the answer has a row for."""

    NONE = "none"
    PROVIDER = "provider"
    ACCOUNT = "account"
    CAMPAIGN = "campaign"
    ADSET = "adset"
    AD = "ad"

    @property
    def level(self) -> str:
        """The level of the rows that are summed: the coarsest that can tell."""
        return self.value if self in _OWN_LEVEL else "account"


_OWN_LEVEL = {Breakdown.CAMPAIGN, Breakdown.ADSET, Breakdown.AD}


class Dimension(StrEnum):
    """What can be filtered by."""

    PROVIDER = "provider"
    ACCOUNT = "account_id"
    CAMPAIGN = "campaign_id"
    ADSET = "adset_id"
    AD = "ad_id"
    CURRENCY = "currency"


class DayCut(Struct, frozen=True):
    """Where the dates of one account are cut in two."""

    provider: str  # '' with account_id '': every account that has no cut of its own
    account_id: str
    label: int  # the first hour label after the cut
    at: datetime  # the instant of the cut, for FINE_PARTS


class Span(Struct, frozen=True):
    """Account-local dates, both included, at a grain; `cuts` are for the two kinds of parts."""

    first: date
    last: date
    grain: Grain = Grain.TOTAL
    cuts: tuple[DayCut, ...] = ()


class Filter(Struct, frozen=True):
    """Rows whose dimension is one of the values."""

    dimension: Dimension
    values: tuple[str, ...]


class Order(Struct, frozen=True):
    """The rows that come first, by a metric of the first span; best first unless `worst`."""

    metric: str
    worst: bool = False

    @classmethod
    def directed(cls, metric: str, *, descending: bool) -> Self:
        """The greatest first, or the least, whichever of them is good news."""
        return cls(metric, worst=descending is (BY_ID[metric].better is Better.LOWER))

    @property
    def descending(self) -> bool:
        """Whether the greatest comes first: best first, and of a neutral metric the greatest."""
        lower_first = BY_ID[self.metric].better is Better.LOWER
        return lower_first is self.worst


class SemanticQuery(Struct, frozen=True, kw_only=True):
    """Metrics over one or more spans; spans of one query are seen at one instant.

    Rows of several spans stay apart (`Row.span` is the span's place). `order` and `limit` pick
    entities by the first span; the others then answer for the same entities. Raises
    QueryInvalid.
    """

    spans: tuple[Span, ...]
    metrics: tuple[str, ...] = tuple(metric.id for metric in METRICS)
    breakdown: Breakdown = Breakdown.NONE
    filters: tuple[Filter, ...] = ()
    order: Order | None = None
    limit: int | None = None

    def __post_init__(self) -> None:
        unknown = [name for name in self.metrics if name not in BY_ID]
        if unknown or not self.metrics:
            raise QueryInvalid(f"Unknown metrics {unknown}; known: {sorted(BY_ID)}.")
        if not self.spans:
            raise QueryInvalid("A query needs at least one span of dates.")
        for span in self.spans:
            if not 0 <= (span.last - span.first).days < LONGEST_DAYS:
                raise QueryInvalid(f"A span holds 1 to {LONGEST_DAYS} dates, not {span}.")
        if self.order and self.order.metric not in self.metrics:
            raise QueryInvalid(f"Ordered by {self.order.metric}, which is not asked for.")
        if self.limit is not None and not (self.order and 1 <= self.limit <= MOST_ROWS):
            raise QueryInvalid(f"A limit needs an order, and is 1 to {MOST_ROWS}.")

    @property
    def asked(self) -> tuple[Metric, ...]:
        """The catalogue's entries of the metrics."""
        return tuple(BY_ID[name] for name in self.metrics)


class QueryInvalid(ValueError):
    """A query that has no answer; the message says what would have one."""
