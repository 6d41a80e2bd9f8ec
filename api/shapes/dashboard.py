"""The shape of `GET /dashboard/unified`."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from api.shapes.parts import Better, Day, Delta, Meta, Number, Series, Unit, Values

State = Annotated[
    Literal["needs-setup", "waiting-for-data", "has-data"],
    Field(description="Nothing connected; connected but never read; figures to show"),
]

# The functional form, since `from` is a word of Python.
Range = TypedDict(
    "Range",
    {
        "timeframe": Annotated[str, Field(examples=["last_28_days"])],
        "from": Day,
        "to": Day,
        "days": int,
        "zone": Annotated[str, Field(examples=["Europe/Berlin"])],
        "grain": Literal["hour", "day"],
    },
)
Range.__doc__ = "The dates asked for, both included, in the workspace's calendar."

Comparison = TypedDict(
    "Comparison",
    {
        "mode": Literal["previous_period", "previous_year", "custom"],
        "from": Day,
        "to": Day,
        "match_weekdays": bool,
        "elapsed_only": Annotated[
            bool,
            Field(description="Deltas compare only what was read of the range with as much"),
        ],
        "until": Annotated[
            str | None,
            Field(examples=["2026-11-20 13:00"], description="Where both sides are cut"),
        ],
        "note": Annotated[
            str | None, Field(examples=["Both sides count up to 13:00 of their last day."])
        ],
    },
)
Comparison.__doc__ = "The dates compared with, both included."


class Point(TypedDict):
    """A value of a bucket, beside that of the bucket at the same place of the other period."""

    at: Annotated[str, Field(examples=["2026-11-20"], description="As in `charts.buckets`")]
    value: Number | None
    previous: Number | None
    partial: bool


class Kpi(TypedDict):
    """A tile."""

    metric: Annotated[str, Field(examples=["cpc"])]
    label: Annotated[str, Field(examples=["CPC"])]
    meaning: Annotated[str, Field(examples=["Spend per click."])]
    unit: Unit
    better: Better
    formula: Annotated[str, Field(examples=["Ad spend ÷ clicks"])]
    basis: Literal["platform"]
    value: Annotated[Number | None, Field(description="Of the range, as far as it was read")]
    compared: Annotated[
        Number | None,
        Field(description="The part of `value` that is set against `previous`: see `elapsed_only`"),
    ]
    previous: Number | None
    delta: Delta
    series: list[Point]


class Bucket(TypedDict):
    """One step of the charts' time axis."""

    at: Annotated[
        str,
        Field(
            examples=["2026-11-20"], description="A date; by the hour, the UTC instant it starts"
        ),
    ]
    label: Annotated[str, Field(examples=["20 Nov", "13:00"])]
    partial: Annotated[bool, Field(description="Not over yet, or not read to its end")]


class ProviderChart(TypedDict):
    """A provider's values along the axis."""

    provider: Annotated[str, Field(examples=["meta"])]
    label: Annotated[str, Field(examples=["Meta"])]
    metrics: dict[str, Series]


class Totals(TypedDict):
    """A metric over all providers along the axis."""

    current: Series
    previous: Series


class Charts(TypedDict):
    """All that the charts draw; empty buckets are null where nothing was read, else 0."""

    grain: Literal["hour", "day"]
    buckets: list[Bucket]
    providers: list[ProviderChart]
    totals: dict[str, Totals]
    estimated: Annotated[
        list[str],
        Field(
            examples=[["purchases", "cpa"]],
            description="Metrics whose hours are shared out by clicks: platforms date them by day",
        ),
    ]


class CampaignRow(TypedDict):
    """A campaign's figures in both periods."""

    provider: str
    account_id: str
    campaign_id: str
    name: Annotated[str | None, Field(examples=["Spring sale"])]
    status: Annotated[str | None, Field(examples=["ACTIVE"], description="As the platform says")]
    metrics: Values
    compared: Values
    previous: Values
    delta: Annotated[Delta, Field(description="Of the metric that orders the campaigns")]
    share_of_spend: float | None


class Figures(TypedDict):
    """Metrics of the whole range."""

    metrics: Values


class Remainder(TypedDict):
    """What the rows leave out of the total: other campaigns, and spend not broken down."""

    metrics: Values
    count: Annotated[
        int, Field(description="Campaigns that are not shown; 0: all is spend of no campaign")
    ]


class TopCampaigns(TypedDict):
    """Campaigns by the metric asked for; rows and `other` add up to `total`."""

    metric: Annotated[str, Field(examples=["spend"], description="What orders the rows")]
    order: Annotated[Literal["asc", "desc"], Field(description="Of the rows, by that metric")]
    rows: list[CampaignRow]
    total: Figures
    other: Remainder | None


class SpendShare(TypedDict):
    """A provider's part of the spend."""

    provider: str
    label: str
    spend_micros: int
    share: float | None


class NotConnected(TypedDict):
    """A part of the dashboard that needs a shop."""

    state: Literal["connect-a-shop"]


class Dashboard(TypedDict):
    """The whole dashboard in one answer."""

    state: State
    range: Range
    comparison: Comparison | None
    currency: Annotated[str, Field(examples=["EUR"])]
    kpis: list[Kpi]
    charts: Charts
    top_campaigns: TopCampaigns
    spend_mix: list[SpendShare]
    shop: NotConnected
    attribution: NotConnected
    meta: Meta
