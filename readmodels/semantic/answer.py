"""Runs a SemanticQuery, and makes metrics of its sums."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from readmodels.semantic.compiler import Compiled, compiled
from readmodels.semantic.metrics import Measure, Metric, Source, measures_of
from readmodels.semantic.query import SemanticQuery
from schemas.split import split

Value = int | float | None
Sums = dict[str, int]


class Row(Struct):
    """Sums of one span, entity, currency and step of time; fields not asked for are '' or None."""

    span: int
    currency: str
    sums: Sums
    provider: str = ""
    account_id: str = ""
    campaign_id: str = ""
    adset_id: str = ""
    ad_id: str = ""
    day: date = date.min  # of a span that is not cut into dates
    label: int | None = None  # hour label of the account's calendar
    part: int | None = None  # of a date that is cut: 0 before the cut, 1 after
    name: str | None = None  # of an ordered answer's entity, as the platform says
    status: str | None = None
    estimated: bool = False  # its conversions are a share of the day's

    @property
    def entity(self) -> tuple[str, ...]:
        """What the row is about, whatever the breakdown."""
        path = (self.campaign_id, self.adset_id, self.ad_id)
        return (self.provider, self.account_id, *path, self.currency)


class Answer(Struct):
    """Rows in the order asked for; `entities` counts those that the limit left out, too."""

    rows: list[Row]
    entities: int | None
    measures: tuple[Measure, ...]

    def zero(self) -> Sums:
        """Sums of nothing."""
        return {measure.id: 0 for measure in self.measures}


async def answer(db: AsyncConnection, query: SemanticQuery) -> Answer:
    """The sums that a query asks for; conversions of a day shared out over its hours by clicks.

    Raises nothing of its own; what PostgreSQL says passes through.
    """
    plan = compiled(query)
    found = await db.execute(plan.statement, plan.parameters)
    rows = [_row(plan, cells) for cells in found]
    entities = rows[0][1] if rows else None
    kept = [row for row, _ in rows]
    for i, span in enumerate(query.spans):
        if span.grain.is_within_day:
            kept = _shared_out(kept, i, plan.measures)
    return Answer(kept, entities, plan.measures)


def values(metrics: Iterable[Metric], sums: Mapping[str, int]) -> dict[str, Value]:
    """Each metric of these sums, by id."""
    return {metric.id: metric.value(sums) for metric in metrics}


def added(sums: Iterable[Mapping[str, int]], zero: Sums) -> Sums:
    """The sum of sums."""
    total = dict(zero)
    for each in sums:
        for name, value in each.items():
            total[name] += value
    return total


def less(sums: Mapping[str, int], other: Mapping[str, int]) -> Sums:
    """What is left of `sums` without `other`."""
    return {name: value - other[name] for name, value in sums.items()}


def is_shared_out(metric: Metric) -> bool:
    """Whether its hours are estimates: it needs conversions, which are dated by day."""
    return any(measure.source is Source.CONVERSIONS for measure in measures_of((metric,)))


def _row(plan: Compiled, cells: Sequence[Any]) -> tuple[Row, int | None]:
    """A row of the statement, by the order of its columns."""
    n = len(plan.dimensions)
    span, path, (currency, day, label, part) = cells[0], cells[1 : 1 + n], cells[1 + n : 5 + n]
    sums: Sums = dict(zip(plan.names, cells[5 + n : -3], strict=True))
    row = Row(span, currency, sums, *path)
    row.day, row.label, row.part = day or date.min, label, part
    entities, row.name, row.status = cells[-3:]
    return row, entities


def _shared_out(rows: list[Row], span: int, measures: tuple[Measure, ...]) -> list[Row]:
    """Rows of a span within days, with each day's conversions spread over them by clicks.

    By largest remainder, so that they add up to the day. A day with conversions and no delivery
    keeps them in a row without label or part: nothing says when.
    """
    conversions = [m.id for m in measures if m.source is Source.CONVERSIONS]
    if not conversions:
        return rows
    kept: list[Row] = []
    hours: dict[tuple[object, ...], list[Row]] = {}
    whole: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key = (row.entity, row.day)
        if row.span != span:
            kept.append(row)
        elif row.label is None and row.part is None:
            whole[key] = row
        else:
            hours.setdefault(key, []).append(row)
    for key, of_day in hours.items():
        of_day.sort(key=lambda row: (row.label or 0, row.part or 0))
        if (day := whole.pop(key, None)) is not None:
            _spread(day.sums, of_day, conversions)
        kept += of_day
    return kept + list(whole.values())


def _spread(day: Sums, hours: list[Row], conversions: list[str]) -> None:
    weights = [row.sums["clicks"] for row in hours]
    for name in conversions:
        if not day[name]:
            continue
        for row, part in zip(hours, split(day[name], weights), strict=True):
            row.sums[name] = part
            row.estimated = True
