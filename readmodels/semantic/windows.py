"""A span's rows of one source as a SELECT: what the compiler adds up."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    FromClause,
    Select,
    SmallInteger,
    String,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.sql.selectable import CTE, NamedFromClause, TableValuedAlias

from readmodels.semantic import views
from readmodels.semantic.metrics import Measure, Source
from readmodels.semantic.query import Breakdown, Dimension, Grain, Span

Filters = tuple[Dimension, ...]
"""Dimensions that are filtered by."""

_ATTRIBUTION_WINDOW = "default"
"""Windows overlap, so that one alone may be added up: the platform's own choice."""

DIMENSIONS: dict[Breakdown, tuple[str, ...]] = {
    Breakdown.NONE: (),
    Breakdown.PROVIDER: ("provider",),
    Breakdown.ACCOUNT: ("provider", "account_id"),
    Breakdown.CAMPAIGN: ("provider", "account_id", "campaign_id"),
    Breakdown.ADSET: ("provider", "account_id", "campaign_id", "adset_id"),
    Breakdown.AD: ("provider", "account_id", "campaign_id", "adset_id", "ad_id"),
}
ENTITY_ID = {each: names[-1] for each, names in DIMENSIONS.items() if len(names) > 1}
"""The column that names an entity, of breakdowns whose entities platforms describe."""
_DELIVERY_VIEW = {
    Grain.TOTAL: views.ad_day,
    Grain.DAY: views.ad_day,
    Grain.HOUR: views.ad_hour,
    Grain.PARTS: views.ad_hour,
    Grain.FINE_PARTS: views.ad_quarter_hour,
}
PARTS = (Grain.PARTS, Grain.FINE_PARTS)
_INSTANT = TIMESTAMP(timezone=True)


def identity(breakdown: Breakdown) -> tuple[str, ...]:
    """What tells entities apart: amounts of two currencies are two entities' amounts."""
    return (*DIMENSIONS[breakdown], "currency")


MOMENT = ("day", "label", "part")
"""When a row is, as far as its span is cut up."""


def windows(
    breakdown: Breakdown,
    measures: tuple[Measure, ...],
    filters: Filters,
    i: int,
    grain: Grain,
    source: Source,
    only: CTE | None = None,
) -> Select[*tuple[Any, ...]] | None:
    """Rows of the i-th span, with 0 for the measures of the other source; None if unneeded.

    `only` holds the entities to keep, each with its place, by which rows then name them.
    """
    own = [measure for measure in measures if measure.source is source]
    if not own:
        return None
    view = _DELIVERY_VIEW[grain] if source is Source.DELIVERY else views.ad_conversion_day
    # A day's conversions have neither label nor part yet: `answer` shares them out.
    cuts = _cuts(i) if grain in PARTS and source is Source.DELIVERY else None
    has_label = grain is Grain.HOUR and source is Source.DELIVERY
    nothing = cast(null(), SmallInteger)
    named = [view.c[name] for name in identity(breakdown)]
    rows: FromClause = view
    if only is not None:
        same = (column == only.c[column.name] for column in named)
        rows = rows.join(only, and_(*same))
    if cuts is not None:
        own_cut = and_(view.c.provider == cuts.c.provider, view.c.account_id == cuts.c.account_id)
        rows = rows.outerjoin(cuts, own_cut)
    return (
        select(
            literal(i, SmallInteger).label("span"),
            *([only.c.place] if only is not None else named),
            (view.c.day if grain is not Grain.TOTAL else cast(null(), Date)).label("day"),
            (view.c.label if has_label else nothing).label("label"),
            (nothing if cuts is None else _part_of(view, grain, cuts, i)).label("part"),
            *(
                _column(view, each) if each in own else literal(0, BigInteger).label(each.id)
                for each in measures
            ),
        )
        .select_from(rows)
        .where(*_within(view, breakdown, filters, i, own))
    )


def known(
    breakdown: Breakdown,
    measures: Iterable[Measure],
    filters: Filters,
    i: int,
    source: Source,
    save: CTE,
) -> Select[*tuple[Any, ...]] | None:
    """Entities with rows of the source's measures in the i-th span, save those that `save` holds.

    Those are left out by name, before conversions are unfolded: few rows are left to read.
    None if it has none of the measures.
    """
    own = [measure for measure in measures if measure.source is source]
    if not own:
        return None
    view = views.ad_day if source is Source.DELIVERY else views.ad_conversion_day
    named = [view.c[name] for name in identity(breakdown)]
    held = select(*(save.c[column.name] for column in named))
    # NOT IN is one hash table, where a plan that is made once may choose to compare each with each.
    new = tuple_(*named).not_in(held)
    return select(*named).where(*_within(view, breakdown, filters, i, own), new).distinct()


def cut_parameters(i: int, span: Span) -> dict[str, Any]:
    """A span's cuts as arrays; who has none is cut like '', or before the first hour."""
    own = [cut for cut in span.cuts if cut.provider]
    rest = next((cut for cut in span.cuts if not cut.provider), None)
    return {
        f"cut_providers_{i}": [cut.provider for cut in own],
        f"cut_accounts_{i}": [cut.account_id for cut in own],
        f"cut_labels_{i}": [cut.label for cut in own],
        f"cut_instants_{i}": [cut.at for cut in own],
        f"cut_label_{i}": rest.label if rest else 0,
        f"cut_instant_{i}": rest.at if rest else datetime(1970, 1, 1, tzinfo=UTC),
    }


def _cuts(i: int) -> TableValuedAlias:
    """The cuts of a span as a table, from four arrays."""
    return (
        func.unnest(
            bindparam(f"cut_providers_{i}", type_=ARRAY(Text)),
            bindparam(f"cut_accounts_{i}", type_=ARRAY(Text)),
            bindparam(f"cut_labels_{i}", type_=ARRAY(SmallInteger)),
            bindparam(f"cut_instants_{i}", type_=ARRAY(_INSTANT)),
        )
        .table_valued(
            Column("provider", Text),
            Column("account_id", Text),
            Column("label", SmallInteger),
            Column("at", _INSTANT),
            name=f"cut_{i}",
        )
        .render_derived()
    )


def _part_of(
    view: NamedFromClause, grain: Grain, cuts: TableValuedAlias, i: int
) -> ColumnElement[int]:
    """0 before the account's cut, 1 from there on."""
    if grain is Grain.PARTS:
        default = bindparam(f"cut_label_{i}", type_=SmallInteger)
        before = view.c.label < func.coalesce(cuts.c.label, default)
    else:
        default = bindparam(f"cut_instant_{i}", type_=_INSTANT)
        before = view.c.starts_at < func.coalesce(cuts.c["at"], default)
    return cast(case((before, 0), else_=1), SmallInteger)


def _within(
    view: NamedFromClause, breakdown: Breakdown, filters: Filters, i: int, own: list[Measure]
) -> list[ColumnElement[bool]]:
    """Rows of the breakdown's level, in the i-th span, that the filters let through."""
    return [
        view.c.level == literal(breakdown.level, Text, literal_execute=True),
        view.c.day.between(bindparam(f"first_{i}", type_=Date), bindparam(f"last_{i}", type_=Date)),
        *_conditions(filters, view),
        *_of_window(view, own),
    ]


def _column(view: NamedFromClause, measure: Measure) -> ColumnElement[int]:
    column = view.c[measure.column]
    if measure.source is Source.CONVERSIONS:
        goal = view.c.goal == literal(measure.goal, Text, literal_execute=True)
        return case((goal, column), else_=0).label(measure.id)
    return column.label(measure.id)


def _of_window(view: NamedFromClause, own: list[Measure]) -> list[ColumnElement[bool]]:
    if own[0].source is not Source.CONVERSIONS:
        return []
    goals = sorted({measure.goal for measure in own})
    return [
        view.c["window"] == literal(_ATTRIBUTION_WINDOW, Text, literal_execute=True),
        view.c.goal.in_([literal(goal, Text, literal_execute=True) for goal in goals]),
    ]


def _conditions(filters: Filters, view: NamedFromClause) -> list[ColumnElement[bool]]:
    return [
        view.c[dimension.value] == func.any(bindparam(f"values_{i}", type_=ARRAY(String)))
        for i, dimension in enumerate(filters)
    ]
