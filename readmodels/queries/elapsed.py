"""How much of a range was read, so that a running period meets the same part of the other: pure.

The cut lies, for each account in its own calendar, at the last boundary before the instant that
its figures are as of (not before now: an account that was last read at 10:10 is compared until
10:00). It is a quarter-hour where both sides keep quarter-hours, else an hour label. Nothing is
estimated for the part of an hour after the cut: it counts on neither side.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from readmodels.queries.ranges import DateRange, label_intervals
from readmodels.semantic.answer import Row

QUARTER_SECONDS = 900
AccountKey = tuple[str, str]  # provider, account id


class Cut(Struct, frozen=True, order=True):
    """The first moment of a range that does not count: place of its date, label, quarter."""

    place: int  # of the date in its range, from 0
    label: int = 0
    quarter: int = 0  # of the label's interval; 0 where quarter-hours are not kept


class Reach(Struct, frozen=True):
    """How far an account's figures reach into a range of dates."""

    known_until: datetime | None  # None: never read
    known_from: date | None  # the first date read; None: who knows
    zone: str
    cut: Cut | None  # None: the whole range was read


def reach(
    span: DateRange,
    zone: str,
    observed_until: datetime | None,
    now: datetime,
    *,
    known_from: date | None = None,
    quarters: bool = False,
) -> Reach:
    """How far an account with this calendar reaches; `quarters`: whether to cut that finely."""
    if observed_until is None:
        return Reach(None, None, zone, Cut(0))
    known = min(observed_until, now)
    day = known.astimezone(ZoneInfo(zone)).date()
    if day < span.first:
        return Reach(known, known_from, zone, Cut(0))
    if day > span.last:
        return Reach(known, known_from, zone, None)
    label, seconds = _label_at(day, zone, known)
    quarter = seconds // QUARTER_SECONDS if quarters else 0
    return Reach(known, known_from, zone, Cut((day - span.first).days, label, quarter))


def is_before_cut_date(row: Row, first: date, cut: Cut | None) -> bool:
    """Whether all of the row's date counts, in a range from `first`."""
    return cut is None or (row.day - first).days < cut.place


def is_before_cut(row: Row, first: date, cut: Cut | None) -> bool:
    """Whether a part of a date is the one before the cut, on the date that is cut."""
    return cut is not None and (row.day - first).days == cut.place and row.part == 0


def cut_days(span: DateRange, reaches: Iterable[Reach]) -> DateRange | None:
    """The dates that are cut inside, for which hours are needed; at most the last two.

    Accounts of different calendars may stand on neighbouring dates. One that stands still for
    longer is cut where its date begins: see `floored`.
    """
    places = [found.cut.place for found in reaches if found.cut and found.known_until]
    if not places:
        return None
    last = max(places)
    first = max(min(places), last - 1)
    return DateRange(span.first + timedelta(days=first), span.first + timedelta(days=last))


def floored(found: Reach, earliest_place: int) -> Reach:
    """The reach with its cut at the start of its date, if hours of that date are not loaded."""
    if found.cut is None or found.cut.place >= earliest_place:
        return found
    return replace(found, cut=Cut(found.cut.place))


def cut_instant(cut: Cut, first: date, zone: str) -> datetime:
    """The instant of the cut in a range from `first`, which may be the other period's.

    A label that lasts shorter there is cut at its end.
    """
    start, seconds = intervals(first + timedelta(days=cut.place), zone)
    quarter = min(cut.quarter * QUARTER_SECONDS, seconds[cut.label])
    return start + timedelta(seconds=sum(seconds[: cut.label]) + quarter)


@lru_cache(maxsize=4_096)
def intervals(day: date, zone: str) -> tuple[datetime, tuple[int, ...]]:
    """`label_intervals`, remembered: a calendar does not change while we look."""
    start, seconds = label_intervals(day, zone)
    return start, tuple(seconds)


def known_zone(zone: str | None, otherwise: str) -> str:
    """The zone, if this machine knows it by that name."""
    return zone if zone and _is_known(zone) else otherwise


@lru_cache(maxsize=1_024)
def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _label_at(day: date, zone: str, at: datetime) -> tuple[int, int]:
    """The hour label that an instant of this date falls in, and its seconds into it."""
    start, seconds = intervals(day, zone)
    ends = list(accumulate(seconds))
    elapsed = int((at.astimezone(UTC) - start).total_seconds())
    label = min(bisect_right(ends, elapsed), 23)
    return label, elapsed - (ends[label] - seconds[label])
