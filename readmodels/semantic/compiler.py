"""The one compiler: a SemanticQuery to a SQLAlchemy Core statement over the views.

A statement is made once for each shape (grains, measures, breakdown, filters by dimension) and
kept; dates, values and limits are parameters. It yields sums of measures, grouped by span, entity,
currency and time, never a ratio, save inside ORDER BY.
"""

from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
    union,
    union_all,
)
from sqlalchemy.sql.selectable import CTE, Subquery

from readmodels.semantic import views
from readmodels.semantic.catalogue import BY_ID, CLICKS
from readmodels.semantic.metrics import Measure, Source, Sum, measures_of
from readmodels.semantic.query import Breakdown, Grain, SemanticQuery
from readmodels.semantic.windows import (
    DIMENSIONS,
    ENTITY_ID,
    MOMENT,
    PARTS,
    Filters,
    cut_parameters,
    identity,
    known,
    windows,
)


class Shape(Struct, frozen=True):
    """All of a query that its statement's text depends on."""

    grains: tuple[Grain, ...]
    measures: tuple[Measure, ...]
    breakdown: Breakdown
    filters: Filters
    order: tuple[str, bool] | None  # metric, descending
    limit: int | None


class Compiled(Struct, frozen=True):
    """A statement, its parameters, and the measures that it has a column for."""

    statement: Select[*tuple[Any, ...]]
    parameters: dict[str, Any]
    measures: tuple[Measure, ...]
    names: tuple[str, ...]  # of the measures' columns
    dimensions: tuple[str, ...]


def compiled(query: SemanticQuery) -> Compiled:
    """The statement of a query.

    Columns: span, dimensions, currency, day, label, part, measures; with an order, how many
    entities there are before the limit, and the entity's name and status; else null.
    """
    shape = Shape(
        grains=tuple(span.grain for span in query.spans),
        measures=_needed(query),
        breakdown=query.breakdown,
        filters=tuple(each.dimension for each in query.filters),
        order=(query.order.metric, query.order.descending) if query.order else None,
        limit=query.limit,
    )
    parameters: dict[str, Any] = {}
    for i, span in enumerate(query.spans):
        parameters |= {f"first_{i}": span.first, f"last_{i}": span.last}
        if span.grain in PARTS:
            parameters |= cut_parameters(i, span)
    for i, each in enumerate(query.filters):
        parameters[f"values_{i}"] = list(each.values)
    names = tuple(measure.id for measure in shape.measures)
    return Compiled(
        _statement(shape), parameters, shape.measures, names, DIMENSIONS[query.breakdown]
    )


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
    """Windows of every span and source, added up: of all entities, or of the first few."""
    if shape.order is None:
        rows = _rows(shape, shape.grains, shape.measures)
        added = _added(shape, rows, identity(shape.breakdown))
        return added.add_columns(*(null().label(name) for name in ("entities", "name", "status")))
    chosen = _chosen(shape, *shape.order)
    # By place: sorting rows by numbers costs a fraction of sorting them by names.
    rows = _rows(shape, shape.grains, shape.measures, chosen)
    added = _added(shape, rows, ("place",)).cte("added").prefix_with("MATERIALIZED")
    return (
        select(
            added.c.span,
            *(chosen.c[name] for name in identity(shape.breakdown)),
            *(added.c[name] for name in MOMENT),
            *(added.c[measure.id] for measure in shape.measures),
            chosen.c.entities,
            chosen.c.name,
            chosen.c.status,
        )
        .join_from(added, chosen, added.c.place == chosen.c.place)
        .order_by(chosen.c.place, added.c.span)
    )


def _rows(
    shape: Shape,
    grains: tuple[Grain, ...],
    measures: tuple[Measure, ...],
    only: CTE | None = None,
) -> Subquery:
    parts = [
        part
        for i, grain in enumerate(grains)
        for source in Source
        if (part := windows(shape.breakdown, measures, shape.filters, i, grain, source, only))
        is not None
    ]
    return union_all(*parts).subquery("windows")


def _added(shape: Shape, rows: Subquery, names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    by = [rows.c[name] for name in ("span", *names, *MOMENT)]
    sums = [
        cast(func.sum(rows.c[measure.id]), BigInteger).label(measure.id)
        for measure in shape.measures
    ]
    return select(*by, *sums).group_by(*by)


def _chosen(shape: Shape, metric: str, descending: bool) -> CTE:
    """The entities that come first in span 0, by the metric's own measures; ties by their keys.

    Only theirs are then added up: of conversions, which are unfolded row by row, that is the cost.
    """
    candidates = _candidates(shape, metric)
    by = [candidates.c[name] for name in identity(shape.breakdown)]
    value = candidates.c["value"]
    order = [(value.desc() if descending else value.asc()).nulls_last(), *by]
    first = select(
        *by,
        func.row_number().over(order_by=order).label("place"),
        func.count().over().label("entities"),
    ).order_by("place")
    if shape.limit is not None:
        # In the text, for a plan that is made once must know that there will be few.
        first = first.limit(literal_column(str(shape.limit)))
    return _described(shape.breakdown, first.subquery("first")).cte("chosen")


def _candidates(shape: Shape, metric: str) -> Subquery:
    """Every entity of span 0 with the metric's value.

    Who has rows of the query's other measures alone counts too, else it would be left out of the
    table and of its count: its sum is 0, and it has no ratio.
    """
    own = measures_of((BY_ID[metric],))
    rows = _rows(shape, (Grain.TOTAL,), own)
    by = [rows.c[name] for name in identity(shape.breakdown)]
    valued = select(*by, _ordering(metric, rows).label("value")).group_by(*by)
    read = {(each.source, each.goal) for each in own}
    others = [each for each in shape.measures if (each.source, each.goal) not in read]
    if not others:
        return valued.subquery("candidates")
    counted = valued.cte("counted")
    rest = union(
        *(
            part
            for source in Source
            if (part := known(shape.breakdown, others, shape.filters, 0, source, counted))
            is not None
        )
    ).subquery("rest")
    value: ColumnElement[Any] = null()
    if isinstance(BY_ID[metric], Sum):
        value = literal_column("0")
    return union_all(select(counted), select(rest, value.label("value"))).subquery("candidates")


def _described(breakdown: Breakdown, entities: Subquery) -> Select[*tuple[Any, ...]]:
    """Entities with the name and status that the platform gives them; null where it has not."""
    if breakdown not in ENTITY_ID:
        return select(*entities.c, *(cast(null(), Text).label(name) for name in ("name", "status")))
    entity = views.ad_entity
    same = and_(
        entity.c.provider == entities.c.provider,
        entity.c.account_id == entities.c.account_id,
        entity.c.level == literal(breakdown.value, Text, literal_execute=True),
        entity.c.entity_id == entities.c[ENTITY_ID[breakdown]],
    )
    return select(*entities.c, entity.c.name, entity.c.status).select_from(
        entities.outerjoin(entity, same)
    )


def _ordering(metric: str, rows: Subquery) -> ColumnElement[Any]:
    """The metric's value, up to the constant factors that do not move an order."""
    found = BY_ID[metric]

    def total(part: Sum) -> ColumnElement[Any]:
        columns = [func.sum(rows.c[measure.id]) for measure in part.adds]
        return sum(columns[1:], start=columns[0])

    if isinstance(found, Sum):
        return total(found)
    return cast(total(found.of), Double) / func.nullif(cast(total(found.over), Double), 0)
