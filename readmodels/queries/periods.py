"""A range beside the period that it is compared with, each account by its own calendar."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from readmodels.queries.elapsed import (
    AccountKey,
    Reach,
    cut_days,
    cut_instant,
    floored,
    is_before_cut,
    is_before_cut_date,
    reach,
)
from readmodels.queries.freshness import Freshness
from readmodels.queries.ranges import DateRange
from readmodels.semantic.answer import Row, answer
from readmodels.semantic.query import Breakdown, DayCut, Filter, Grain, SemanticQuery, Span
from readmodels.tables.processing import open_from


class Frame(Struct):
    """What is asked, and how far each account reaches into it."""

    span: DateRange
    other: DateRange | None
    zone: str  # the workspace's
    now: datetime
    reaches: dict[AccountKey, Reach]
    otherwise: Reach  # of accounts whose reading nobody reported: as far as the clock
    cut: DateRange | None  # dates of `span` that are cut inside, so that hours are needed
    other_cut: DateRange | None  # the dates at the same places of `other`
    quarters: bool  # whether both keep quarter-hours

    @property
    def grain(self) -> Grain:
        """Hours for one date beside one date, else days."""
        single = self.span.days == 1 and (self.other is None or self.other.days == 1)
        return Grain.HOUR if single else Grain.DAY

    @property
    def elapsed_only(self) -> bool:
        """Whether deltas compare a part of the range."""
        return self.other is not None and any(found.cut for found in self.all_reaches)

    @property
    def days_compared(self) -> tuple[int, int]:
        """How many dates of the range are compared, and with how many: one that is cut is one."""
        own = max(
            found.cut.place + bool(found.cut.label or found.cut.quarter)
            if found.cut
            else self.span.days
            for found in self.all_reaches
        )
        others = self.other.days if self.other else 0
        return own, min(own, others) if self.elapsed_only else others

    @property
    def all_reaches(self) -> list[Reach]:
        """Of every account that was read; of nobody's, the clock's."""
        read = [found for found in self.reaches.values() if found.known_until]
        return read or [self.otherwise]

    def of(self, row: Row) -> Reach:
        """How far the account of a row reaches."""
        return self.reaches.get((row.provider, row.account_id), self.otherwise)

    @property
    def cut_spans(self) -> tuple[Span, ...]:
        """The dates that are cut, finely; and those beside them."""
        if self.cut is None or self.other is None:
            return ()
        grain = Grain.FINE_PARTS if self.quarters else Grain.PARTS
        spans = [Span(self.cut.first, self.cut.last, grain, self._cuts(self.span.first))]
        if self.other_cut:
            first, last = self.other_cut.first, self.other_cut.last
            spans.append(Span(first, last, grain, self._cuts(self.other.first)))
        return tuple(spans)

    def _cuts(self, first: date) -> tuple[DayCut, ...]:
        found = {**self.reaches, ("", ""): self.otherwise}
        return tuple(
            DayCut(*key, each.cut.label, cut_instant(each.cut, first, each.zone))
            for key, each in found.items()
            if each.cut
        )


class Sides(Struct):
    """Rows of both periods, and the fine rows of the dates that are cut."""

    now: list[Row]
    before: list[Row]
    now_cut: list[Row]
    before_cut: list[Row]


def as_long(other: DateRange, span: DateRange) -> DateRange:
    """The dates of `other` from its first on, as many as `span` has, or all if they are fewer."""
    last = other.first + (span.last - span.first)
    return DateRange(other.first, min(last, other.last))


async def frame(
    db: AsyncConnection,
    span: DateRange,
    other: DateRange | None,
    accounts: Iterable[Freshness],
    zones: Mapping[AccountKey, str],
    zone: str,
    now: datetime,
) -> Frame:
    """The frame of a range; asks from which date quarter-hours are kept, if it could matter."""
    accounts = list(accounts)

    def framed(quarters: bool) -> Frame:
        reaches = {
            (each.provider, each.account_id): reach(
                span,
                zones[each.provider, each.account_id],
                each.observed_until,
                now,
                known_from=each.data_from,
                quarters=quarters,
            )
            for each in accounts
        }
        otherwise = reach(span, zone, now, now, quarters=quarters)
        made = Frame(span, other, zone, now, reaches, otherwise, None, None, quarters)
        return _with_cut(made)

    coarse = framed(quarters=False)
    if coarse.other_cut is None or (now.date() - coarse.other_cut.first).days > _OPEN_AT_MOST:
        return coarse
    kept_from: date | None = await db.scalar(_OPEN_FROM)
    keeps = kept_from is not None and coarse.other_cut.first >= kept_from
    return framed(quarters=True) if keeps else coarse


async def sides(
    db: AsyncConnection,
    asked: Frame,
    *,
    breakdown: Breakdown = Breakdown.ACCOUNT,
    filters: tuple[Filter, ...] = (),
) -> Sides:
    """Both periods at the frame's grain, all seen at one instant."""
    main = [Span(asked.span.first, asked.span.last, asked.grain)]
    if asked.other:
        main.append(Span(asked.other.first, asked.other.last, asked.grain))
    query = SemanticQuery(spans=(*main, *asked.cut_spans), breakdown=breakdown, filters=filters)
    rows = (await answer(db, query)).rows
    parted: list[list[Row]] = [[] for _ in query.spans]
    for row in rows:
        parted[row.span].append(row)
    before = parted.pop(1) if asked.other else []
    now, now_cut, before_cut = *parted, *([[], []][: 3 - len(parted)])
    return Sides(now, before, now_cut, before_cut)


def counted(rows: Iterable[Row], fine: Iterable[Row], first: date, asked: Frame) -> list[Row]:
    """The rows of a period that lie before its accounts' cuts: whole dates, then parts of one."""
    whole = [row for row in rows if is_before_cut_date(row, first, asked.of(row).cut)]
    return whole + [row for row in fine if is_before_cut(row, first, asked.of(row).cut)]


_OPEN_AT_MOST = 3  # days; quarter-hours are kept from the day before today's, in UTC
_OPEN_FROM = select(open_from.c.day)


def _with_cut(made: Frame) -> Frame:
    made.cut = cut_days(made.span, made.all_reaches)
    if made.cut is None:
        return made
    earliest = (made.cut.first - made.span.first).days
    made.reaches = {key: floored(each, earliest) for key, each in made.reaches.items()}
    if made.other:
        # Dates meet by their places: what lies behind the range's last one is compared with none.
        made.other = as_long(made.other, made.span)
        first = made.other.first + (made.cut.first - made.span.first)
        last = min(made.other.first + (made.cut.last - made.span.first), made.other.last)
        made.other_cut = DateRange(first, last) if first <= last else None
    return made
