"""Tables of `ad_windows`: registers of what platforms said, windows that add up from them.

Windows are stored a row per entity and day, with its hours as arrays: a reading of a whole day
then moves one row a level, where narrow rows would move 25. The views unfold them.
"""

from sqlalchemy import (
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT

from readmodels.tables.columns import (
    FIGURES,
    entity_day,
    figure_arrays,
    figures,
    instant,
    key,
    path,
    value,
    workspace,
)

_metadata = MetaData()

hour_reading = Table(
    "hour_reading",
    _metadata,
    *entity_day(),
    key("known_on", Date),
    value("campaign_id", Text),
    value("adset_id", Text),
    value("ad_id", Text),
    value("currency", Text),
    instant("observed_at"),
    value("event_id", Uuid),
    instant("day_starts_at"),
    value("hour_seconds", ARRAY(Integer)),
    *figure_arrays("by_hour"),
    comment="Newest reading of kind `hours` per entity, day and UTC day on which it became known.",
)

day_reading = Table(
    "day_reading",
    _metadata,
    *entity_day(),
    key("known_on", Date),
    value("campaign_id", Text),
    value("adset_id", Text),
    value("ad_id", Text),
    value("currency", Text),
    instant("observed_at"),
    value("event_id", Uuid),
    value("goals", ARRAY(Text)),
    value("attribution_windows", ARRAY(Text)),
    value("counts_micros", ARRAY(BIGINT)),
    value("values_micros", ARRAY(BIGINT)),
    value("delivery", ARRAY(BIGINT), nullable=True),
    comment="Newest reading of kind `day` per entity, day and UTC day on which it became known.",
)

coverage = Table(
    "coverage",
    _metadata,
    workspace(),
    key("provider"),
    key("account_id"),
    key("level"),
    key("kind"),
    key("day", Date),
    key("known_on", Date),
    instant("observed_at"),
    value("event_id", Uuid),
    comment="Newest complete read of a level of an account's day, per UTC day.",
)

quarter_reading = Table(
    "quarter_reading",
    _metadata,
    *entity_day(),
    key("six_hours", SmallInteger),
    value("glimpses", LargeBinary),
    postgresql_with={"fillfactor": "70"},
    comment="Open dates: newest reading in each quarter-hour of an hour, until one after it;"
    " hour labels 0-5, 6-11, 12-17, 18-23 together, packed by processors/windows/open_hours.py.",
)

account_day = Table(
    "account_day",
    _metadata,
    workspace(),
    key("provider"),
    key("account_id"),
    key("day", Date),
    instant("observed_at"),
    value("event_id", Uuid),
    instant("day_starts_at"),
    value("hour_seconds", ARRAY(Integer)),
    comment="The UTC instants of an account's day: its start and how long each hour label lasts.",
)

ad_day = Table(
    "ad_day",
    _metadata,
    *path(),
    *figures(),
    *figure_arrays("by_hour"),
    postgresql_with={"fillfactor": "70"},
    comment="Delivery per entity and account-local day, and of each of its hour labels.",
)

ad_quarter = Table(
    "ad_quarter",
    _metadata,
    *path(),
    key("starts_at", DateTime(timezone=True)),
    *figure_arrays("by_quarter"),
    postgresql_with={"fillfactor": "70"},
    comment="Open dates: delivery in each of the 24 quarter-hours that follow `starts_at`.",
)

ad_conversion = Table(
    "ad_conversion",
    _metadata,
    *path(),
    value("goals", ARRAY(Text)),
    value("attribution_windows", ARRAY(Text)),
    value("counts_micros", ARRAY(BIGINT)),
    value("values_micros", ARRAY(BIGINT)),
    comment="The platform's conversions per entity and day, by goal and attribution window.",
)

ad_delivery = Table(
    "ad_delivery",
    _metadata,
    *path(),
    *figures(),
    comment="Delivery of levels that the platform dates by day only; no part of levels above.",
)

TABLES = (
    hour_reading,
    day_reading,
    coverage,
    quarter_reading,
    account_day,
    ad_day,
    ad_quarter,
    ad_conversion,
    ad_delivery,
)


def _path(alias: str) -> str:
    return ", ".join(f"{alias}.{column.name}" for column in path())


_PATH = _path("w")
_FIGURES = ", ".join(FIGURES)
_ANY = " OR ".join(f"{name} <> 0" for name in FIGURES)


_LABEL_STARTS = """(
                SELECT a.day_starts_at + make_interval(secs => (
                    SELECT coalesce(sum(s), 0) FROM unnest(a.hour_seconds[1:{before}]) s
                )::double precision)
                FROM {{schema}}.account_day a
                WHERE (a.workspace_id, a.provider, a.account_id, a.day)
                    = (h.workspace_id, h.provider, h.account_id, h.day)
            )"""

VIEWS = {
    "ad_day": f"SELECT {_PATH}, {_FIGURES} FROM {{schema}}.ad_day w WHERE {_ANY}",
    # Arrays unfold in the SELECT list, and instants are worked out there, so that a query that does
    # not ask for instants neither reads a calendar nor adds one up: half the time of a join.
    "ad_hour": f"""
        SELECT {_path("h")}, h.label,
            {_LABEL_STARTS.format(before="h.label")} AS starts_at,
            {_LABEL_STARTS.format(before="h.label + 1")} AS ends_at,
            {", ".join(f"h.{name}" for name in FIGURES)}
        FROM (
            SELECT {_PATH}, (generate_series(1, 24) - 1)::smallint AS label,
                {", ".join(f"unnest(w.{name}_by_hour) AS {name}" for name in FIGURES)}
            FROM {{schema}}.ad_day w
        ) h
        WHERE {" OR ".join(f"h.{name} <> 0" for name in FIGURES)}""",
    "ad_quarter_hour": f"""
        SELECT {_path("q")}, q.starts_at, {", ".join(f"q.{name}" for name in FIGURES)}
        FROM (
            SELECT {_PATH},
                w.starts_at + (generate_series(1, 24) - 1) * interval '15 minutes' AS starts_at,
                {", ".join(f"unnest(w.{name}_by_quarter) AS {name}" for name in FIGURES)}
            FROM {{schema}}.ad_quarter w
        ) q
        WHERE {" OR ".join(f"q.{name} <> 0" for name in FIGURES)}""",
    "ad_conversion_day": f"""
        SELECT {_PATH}, c.goal, c.attribution_window AS "window", c.count_micros, c.value_micros
        FROM {{schema}}.ad_conversion w
        CROSS JOIN LATERAL unnest(
            w.goals, w.attribution_windows, w.counts_micros, w.values_micros
        ) AS c(goal, attribution_window, count_micros, value_micros)
        WHERE c.count_micros <> 0 OR c.value_micros <> 0""",
    "ad_delivery_day": f"SELECT {_PATH}, {_FIGURES} FROM {{schema}}.ad_delivery w WHERE {_ANY}",
    "account_day": """
        SELECT workspace_id, provider, account_id, day, day_starts_at, hour_seconds
        FROM {schema}.account_day""",
}
"""Each view of this projection as a query over the schema of the version that it serves."""
