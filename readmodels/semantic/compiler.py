"""The one compiler: a SemanticQuery to a SQLAlchemy Core statement over the views.

A statement is made once for each shape (grains, measures, breakdown, filters by dimension) and
kept; dates, values and limits are parameters. It yields sums of measures, grouped by span, entity,
currency and time, never a ratio, save inside ORDER BY.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    Double,
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
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.sql.selectable import CTE, NamedFromClause, TableValuedAlias

from readmodels.semantic import views
from readmodels.semantic.catalogue import BY_ID, CLICKS
from readmodels.semantic.metrics import Measure, Source, Sum, measures_of
from readmodels.semantic.query import Breakdown, Dimension, Grain, SemanticQuery, Span

DIMENSIONS: dict[Breakdown, tuple[str, ...]] = {
    Breakdown.NONE: (),
    Breakdown.PROVIDER: ("provider",),
    Breakdown.ACCOUNT: ("provider", "account_id"),
    Breakdown.CAMPAIGN: ("provider", "account_id", "campaign_id"),
    Breakdown.ADSET: ("provider", "account_id", "campaign_id", "adset_id"),
    Breakdown.AD: ("provider", "account_id", "campaign_id", "adset_id", "ad_id"),
}
_DELIVERY_VIEW = {
    Grain.TOTAL: views.ad_day,
    Grain.DAY: views.ad_day,
    Grain.HOUR: views.ad_hour,
    Grain.PARTS: views.ad_hour,
    Grain.FINE_PARTS: views.ad_quarter_hour,
}
_PARTS = (Grain.PARTS, Grain.FINE_PARTS)
_INSTANT = TIMESTAMP(timezone=True)


class Shape(Struct, frozen=True):
    """All of a query that its statement's text depends on."""

    grains: tuple[Grain, ...]
    measures: tuple[Measure, ...]
    breakdown: Breakdown
    filters: tuple[tuple[Dimension, bool], ...]
    order: tuple[str, bool] | None  # metric, descending
    limited: bool


class Compiled(Struct, frozen=True):
    """A statement, its parameters, and the measures that it has a column for."""

    statement: Select[*tuple[Any, ...]]
    parameters: dict[str, Any]
    measures: tuple[Measure, ...]
    names: tuple[str, ...]  # of the measures' columns
    dimensions: tuple[str, ...]


def compiled(query: SemanticQuery) -> Compiled:
    """The statement of a query.

    Columns: span, dimensions, currency, day, label, part, measures, and how many entities there
    are before the limit (null without an order).
    """
    shape = Shape(
        grains=tuple(span.grain for span in query.spans),
        measures=_needed(query),
        breakdown=query.breakdown,
        filters=tuple((each.dimension, each.negated) for each in query.filters),
        order=(query.order.metric, query.order.descending) if query.order else None,
        limited=query.limit is not None,
    )
    parameters: dict[str, Any] = {"window": query.attribution_window, "most": query.limit}
    for i, span in enumerate(query.spans):
        parameters |= {f"first_{i}": span.first, f"last_{i}": span.last}
        if span.grain in _PARTS:
            parameters |= _cut_parameters(i, span)
    for i, each in enumerate(query.filters):
        parameters[f"values_{i}"] = list(each.values)
    names = tuple(measure.id for measure in shape.measures)
    dimensions = DIMENSIONS[query.breakdown]
    return Compiled(_statement(shape), parameters, shape.measures, names, dimensions)


def _needed(query: SemanticQuery) -> tuple[Measure, ...]:
    """The metrics' measures; where conversions are shared out to hours, clicks, too."""
    measures = set(measures_of(query.asked))
    if any(span.grain.is_within_day for span in query.spans) and any(
        measure.source is Source.CONVERSIONS for measure in measures
    ):
        measures.update(CLICKS.adds)
    return tuple(sorted(measures, key=lambda measure: measure.id))


@lru_cache(maxsize=512)
def _statement(shape: Shape) -> Select[*tuple[Any, ...]]:
    """Windows of every span and source, added up; then, if there is an order, the first few."""
    parts = [
        part
        for i, grain in enumerate(shape.grains)
        for source in Source
        if (part := _part(shape, i, grain, source)) is not None
    ]
    windows = union_all(*parts).subquery("windows")
    keys = [windows.c[name] for name in _keys(shape)]
    sums = [
        cast(func.sum(windows.c[measure.id]), BigInteger).label(measure.id)
        for measure in shape.measures
    ]
    added = select(*keys, *sums).group_by(*keys)
    if shape.order is None:
        return added.add_columns(null().label("entities"))
    return _ranked(shape, *shape.order, added.cte("added"))


def _keys(shape: Shape) -> tuple[str, ...]:
    return ("span", *DIMENSIONS[shape.breakdown], "currency", "day", "label", "part")


def _part(shape: Shape, i: int, grain: Grain, source: Source) -> Select[*tuple[Any, ...]] | None:
    """One span's rows of one source, with 0 for the measures of the other; None if unneeded."""
    own = [measure for measure in shape.measures if measure.source is source]
    if not own:
        return None
    view = _DELIVERY_VIEW[grain] if source is Source.DELIVERY else views.ad_conversion_day
    # A day's conversions have neither label nor part yet: `answer` shares them out.
    cuts = _cuts(i) if grain in _PARTS and source is Source.DELIVERY else None
    found = select(
        literal(i, SmallInteger).label("span"),
        *(view.c[name] for name in DIMENSIONS[shape.breakdown]),
        view.c.currency,
        (view.c.day if grain is not Grain.TOTAL else cast(null(), Date)).label("day"),
        (
            view.c.label
            if grain is Grain.HOUR and source is Source.DELIVERY
            else cast(null(), SmallInteger)
        ).label("label"),
        (_part_of(view, grain, cuts, i) if cuts is not None else cast(null(), SmallInteger)).label(
            "part"
        ),
        *(
            _column(view, measure) if measure in own else literal(0, BigInteger).label(measure.id)
            for measure in shape.measures
        ),
    ).where(
        view.c.level == literal(shape.breakdown.level, Text, literal_execute=True),
        view.c.day.between(bindparam(f"first_{i}", type_=Date), bindparam(f"last_{i}", type_=Date)),
        *_conditions(shape, view),
        *_of_window(view, own),
    )
    if cuts is None:
        return found
    own_cut = and_(view.c.provider == cuts.c.provider, view.c.account_id == cuts.c.account_id)
    return found.select_from(view.outerjoin(cuts, own_cut))


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


def _cut_parameters(i: int, span: Span) -> dict[str, Any]:
    """The cuts as arrays; an account that none is for is cut like '', or before its first hour."""
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
        view.c["window"] == bindparam("window", type_=Text),
        view.c.goal.in_([literal(goal, Text, literal_execute=True) for goal in goals]),
    ]


def _conditions(shape: Shape, view: NamedFromClause) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for i, (dimension, negated) in enumerate(shape.filters):
        values = bindparam(f"values_{i}", type_=ARRAY(String))
        column = view.c[dimension.value]
        found.append(column != func.all(values) if negated else column == func.any(values))
    return found


def _ranked(shape: Shape, metric: str, descending: bool, added: CTE) -> Select[*tuple[Any, ...]]:
    """All spans of the entities that come first in span 0; ties by their keys."""
    names = (*DIMENSIONS[shape.breakdown], "currency")
    keys = [added.c[name] for name in names]
    value = _ordering(metric, added)
    first = (
        select(
            *keys,
            func.row_number()
            .over(order_by=[(value.desc() if descending else value.asc()).nulls_last(), *keys])
            .label("place"),
            func.count().over().label("entities"),
        )
        .where(added.c.span == 0)
        .group_by(*keys)
        .order_by("place")
    )
    if shape.limited:
        first = first.limit(bindparam("most", type_=BigInteger))
    chosen = first.cte("chosen")
    return (
        select(*added.c, chosen.c.entities)
        .join_from(added, chosen, and_(*(added.c[name] == chosen.c[name] for name in names)))
        .order_by(chosen.c.place)
    )


def _ordering(metric: str, added: CTE) -> ColumnElement[Any]:
    """The metric's value, up to the constant factors that do not move an order."""
    found = BY_ID[metric]

    def total(part: Sum) -> ColumnElement[Any]:
        columns = [func.sum(added.c[measure.id]) for measure in part.adds]
        return sum(columns[1:], start=columns[0])

    if isinstance(found, Sum):
        return total(found)
    return cast(total(found.of), Double) / func.nullif(cast(total(found.over), Double), 0)
