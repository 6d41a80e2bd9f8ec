"""Shapes that several answers share: units, deltas, freshness, what an answer says of itself."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

Unit = Literal["money_micros", "count", "fraction", "ratio"]
Better = Literal["higher", "lower", "neutral"]
Number = float  # whole numbers go over the wire as integers
Values = Annotated[
    dict[str, Number | None],
    Field(description="A value for each metric id; null where it cannot be said"),
]
Series = Annotated[list[Number | None], Field(description="One value for each bucket")]
Day = Annotated[str, Field(examples=["2026-11-20"], description="A date of the account's calendar")]
Instant = Annotated[str, Field(examples=["2026-11-20T13:05:00Z"], description="UTC, RFC 3339")]
Position = Annotated[
    str,
    Field(
        examples=["ad_windows.v1/ad-metrics/0=1042,ad_windows.v1/ad-metrics/1=998"],
        description="The events that the figures include: `projection.version/topic/partition="
        "next offset`, sorted. Give it to `/live` to resume.",
    ),
]


class Delta(TypedDict):
    """How a value compares with the other period's."""

    kind: Annotated[
        Literal["percent", "points", "new", "none"],
        Field(description="`new`: from zero. `none`: cannot be said; `reason` tells why"),
    ]
    value: Annotated[
        float | None,
        Field(examples=[0.125], description="A fraction: 0.125 is +12.5 %, or +12.5 points"),
    ]
    reason: Annotated[str | None, Field(examples=["No figures before 2026-09-01."])]
    estimated: Annotated[
        bool, Field(description="Conversions of part of a day, shared out by clicks")
    ]


class Caution(TypedDict):
    """Something a reader should know before trusting a number."""

    code: Annotated[str, Field(examples=["several-zones"])]
    message: Annotated[str, Field(examples=["Accounts lie in different time zones."])]


class Freshness(TypedDict):
    """How far the figures of one account of a connection reach."""

    connection_id: str
    provider: Annotated[str, Field(examples=["meta"])]
    account_id: Annotated[str, Field(examples=["act_1001"])]
    label: Annotated[str, Field(examples=["Defang Labs EU"])]
    status: Annotated[
        Literal["fresh", "late", "failing", "waiting"],
        Field(description="`waiting`: never read. `failing`: the last attempt failed"),
    ]
    last_success_at: Instant | None
    observed_until: Annotated[Instant | None, Field(description="Figures are as of this instant")]
    data_from: Day | None
    data_through: Day | None
    lag_seconds: int | None
    late_after_seconds: Annotated[int, Field(description="A greater lag is `late`")]
    reason: str | None
    next_step: str | None


class Meta(TypedDict):
    """What an answer says of itself."""

    generated_at: Instant
    as_of: Annotated[Instant | None, Field(description="The least recent of the accounts' reads")]
    position: Position
    zone: Annotated[str, Field(examples=["Europe/Berlin"])]
    currency: Annotated[str, Field(examples=["EUR"])]
    basis: Annotated[Literal["platform"], Field(description="Who says so: the ad platforms")]
    attribution_window: Annotated[str, Field(examples=["default"])]
    formulas: Annotated[dict[str, str], Field(examples=[{"cpc": "Ad spend ÷ clicks"}])]
    freshness: list[Freshness]
    partial: Annotated[list[str], Field(description="`at` of the buckets that are not whole")]
    warnings: list[Caution]
