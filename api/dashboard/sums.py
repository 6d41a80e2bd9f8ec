"""The sums that tiles and charts are made of: along the axis, in total, on either side."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from api.dashboard.ask import Found
from readmodels.queries.axis import Step, is_partial, is_unread, steps
from readmodels.queries.periods import Frame, counted
from readmodels.queries.ranges import DateRange
from readmodels.semantic.answer import Row, Sums, added
from readmodels.semantic.catalogue import METRICS
from readmodels.semantic.metrics import measures_of

ZERO: Sums = {measure.id: 0 for measure in measures_of(METRICS)}
Line = list[Sums | None]  # one for each step; None where nothing was read


class DashboardSums(Struct):
    """Everything summed that a dashboard shows, save its campaigns."""

    axis: list[Step]
    partial: list[bool]
    now: Line
    before: Line  # by place; a shorter period ends in None
    by_provider: dict[str, Line]
    provider_totals: dict[str, Sums]
    total: Sums | None  # None: nothing of the range was read
    compared: Sums | None  # the part of `total` that stands against `previous`
    previous: Sums | None


def dashboard_sums(found: Found) -> DashboardSums:
    """The sums of what was found."""
    asked, rows = found.frame, found.sides
    axis = steps(asked)
    now = _line(axis, rows.now, asked)
    was_read = any(each is not None for each in now)
    by_provider = _by_provider(rows.now)
    made = DashboardSums(
        axis=axis,
        partial=[any(is_partial(step, each) for each in asked.all_reaches) for step in axis],
        now=now,
        before=[None] * len(axis),
        by_provider=dict.fromkeys(by_provider, now),
        provider_totals={name: _added(own) for name, own in by_provider.items()},
        total=_added(rows.now) if was_read else None,
        compared=None,
        previous=None,
    )
    if len(by_provider) > 1:
        made.by_provider = {
            name: _line(axis, own, asked, name) for name, own in by_provider.items()
        }
    if asked.other is not None:
        made.before = _line(_beside(axis, asked.span, asked.other), rows.before, asked)
        made.previous = _added(counted(rows.before, rows.before_cut, asked.other.first, asked))
        if was_read:
            made.compared = _added(counted(rows.now, rows.now_cut, asked.span.first, asked))
    return made


def _by_provider(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.provider, []).append(row)
    return dict(sorted(found.items()))


def _added(rows: Iterable[Row]) -> Sums:
    return added((row.sums for row in rows), ZERO)


def _beside(axis: Sequence[Step], span: DateRange, other: DateRange) -> list[Step | None]:
    """The step at the same place of the other period; None behind its end."""
    moved = [replace(step, day=other.first + (step.day - span.first)) for step in axis]
    return [step if step.day <= other.last else None for step in moved]


def _line(
    axis: Sequence[Step | None], rows: Iterable[Row], asked: Frame, provider: str = ""
) -> Line:
    """Rows added up by step; None where no account (of the provider) was read."""
    reaches = [found for (name, _), found in asked.reaches.items() if provider in ("", name)] or [
        asked.otherwise
    ]
    places = {(step.day, step.label): i for i, step in enumerate(axis) if step}
    line: Line = [
        None if step is None or all(is_unread(step, each) for each in reaches) else ZERO
        for step in axis
    ]
    for row in rows:
        place = places.get((row.day, row.label))
        if place is not None:  # conversions of a date without hours have no place
            so_far = line[place]
            line[place] = row.sums if not so_far else _sum_of_two(so_far, row.sums)
    return line


def _sum_of_two(one: Sums, other: Sums) -> Sums:
    if one is ZERO:
        return other
    return {name: value + other[name] for name, value in one.items()}
