"""Rows of the ad windows: hour, quarter-hour, day, conversions, delivery and calendar."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from tests.oracle.facts import LEVELS, Account, Coverage, Day, Fact, Hours, instant
from tests.oracle.quarters import QUARTER, quarter_hours, slices

FIGURES = 4
NOTHING = (0,) * FIGURES

Row = tuple[Any, ...]
Key = tuple[Any, ...]
Sums = dict[Key, list[int]]


def ad_rows(facts: Iterable[Fact], open_from: date | None) -> dict[str, list[Row]]:
    """Each view's rows; quarter-hours only of dates from `open_from` on (None: of all)."""
    facts = list(facts)
    hours = [fact for fact in facts if isinstance(fact, Hours)]
    days = [fact for fact in facts if isinstance(fact, Day)]
    covered = _covered(fact for fact in facts if isinstance(fact, Coverage))
    calendars = _calendars(hours)
    sums: dict[str, Sums] = defaultdict(lambda: defaultdict(list))
    for readings in _by_entity(hours):
        _sum_hours(readings, covered, open_from, sums)
    for readings in _by_entity(days):
        _sum_day(readings, covered, sums)
    rows = {
        name: [(*key, *figures) for key, figures in sums[name].items() if any(figures)]
        for name in ("ad_day", "ad_quarter_hour", "ad_conversion_day", "ad_delivery_day")
    }
    rows["ad_hour"] = [
        (*key, *_span(calendars, key), *figures)
        for key, figures in sums["ad_hour"].items()
        if any(figures)
    ]
    rows["account_day"] = [
        (*_account_key(newest.account), day, instant(newest.starts_at), newest.lengths)
        for (_, day), newest in calendars.items()
    ]
    return rows


def _by_entity(readings: Sequence[Any]) -> Iterator[list[Any]]:
    """All readings of one entity and date, oldest first."""
    groups: dict[Key, list[Any]] = defaultdict(list)
    for reading in readings:
        place = reading.place
        groups[(reading.account, place.level, place.entity, reading.day)].append(reading)
    for group in groups.values():
        yield sorted(group, key=_age)


def _age(reading: Hours | Day) -> tuple[int, str]:
    return (reading.observed_at, reading.event_id)


def _covered(coverages: Iterable[Coverage]) -> dict[Key, int]:
    """The newest instant at which each account, level, kind and date was read to the end."""
    newest: dict[Key, int] = {}
    for coverage in coverages:
        key = (coverage.account, coverage.level, coverage.kind, coverage.day)
        newest[key] = max(coverage.observed_at, newest.get(key, coverage.observed_at))
    return newest


def _calendars(hours: Iterable[Hours]) -> dict[tuple[Account, date], Hours]:
    """The newest reading of each account and date, whichever entity it is of."""
    newest: dict[tuple[Account, date], Hours] = {}
    for reading in sorted(hours, key=_age):
        newest[(reading.account, reading.day)] = reading
    return newest


def _sum_hours(
    readings: list[Hours], covered: dict[Key, int], open_from: date | None, sums: dict[str, Sums]
) -> None:
    newest = readings[-1]
    zeroed_at = _zeroed_at(newest, "hours", covered)
    if zeroed_at is not None:
        return  # nothing but zeros, and rows of zeros are not shown
    for label, figures in newest.figures.items():
        for key in _rollup(newest):
            _add(sums["ad_hour"], (*key, label), figures)
            _add(sums["ad_day"], key, figures)
        start, end = _label(newest, label)
        if end > start and (open_from is None or newest.day >= open_from):
            for at, share in _quarters(readings, label):
                for key in _rollup(newest):
                    _add(sums["ad_quarter_hour"], (*key, instant(at)), share)


def _sum_day(readings: list[Day], covered: dict[Key, int], sums: dict[str, Sums]) -> None:
    newest = readings[-1]
    if _zeroed_at(newest, "day", covered) is not None:
        return
    for (goal, window), figures in newest.conversions.items():
        for key in _rollup(newest):
            _add(sums["ad_conversion_day"], (*key, goal, window), figures)
    if newest.delivery is not None:
        *_, own = _rollup(newest)
        _add(sums["ad_delivery_day"], own, newest.delivery)


def _zeroed_at(newest: Hours | Day, kind: str, covered: dict[Key, int]) -> int | None:
    """When a read to the last page no longer held the entity; None if it still does."""
    at = covered.get((newest.account, newest.place.level, kind, newest.day))
    return at if at is not None and at > newest.observed_at else None


def _quarters(readings: list[Hours], label: int) -> list[tuple[int, tuple[int, ...]]]:
    """Start and figures of each quarter-hour of a label of the newest reading."""
    start, end = _label(readings[-1], label)
    looks = [
        *(
            look
            for look in _registers(readings, label)
            if start <= look.observed_at < end + QUARTER
        ),
        readings[-1],
    ]
    columns = [
        quarter_hours(
            start, end, [(look.observed_at, look.figures.get(label, NOTHING)[i]) for look in looks]
        )
        for i in range(FIGURES)
    ]
    starts = [left for left, _ in slices(start, end)]
    return list(zip(starts, zip(*columns, strict=True), strict=True))


def _registers(readings: list[Hours], label: int) -> list[Hours]:
    """The newest reading of each quarter-hour in which the label was open by its own calendar."""
    newest: dict[int, Hours] = {}
    for reading in readings:
        start, end = _label(reading, label)
        if start < end and start <= reading.observed_at < end + QUARTER:
            newest[reading.observed_at // QUARTER] = reading
    return sorted(newest.values(), key=_age)


def _label(reading: Hours, label: int) -> tuple[int, int]:
    """The interval of an hour label by the reading's own calendar."""
    start = reading.starts_at + sum(reading.lengths[:label]) * 1_000_000
    return start, start + reading.lengths[label] * 1_000_000


def _span(calendars: dict[tuple[Account, date], Hours], key: Key) -> tuple[Any, Any]:
    """When the label of an hour's row starts and ends, by the account's calendar of the date."""
    workspace, _, day, provider, account, *_ids, label = key
    start, end = _label(calendars[(Account(workspace, provider, account), day)], label)
    return instant(start), instant(end)


def _rollup(reading: Hours | Day) -> list[Key]:
    """Keys of the rows that a reading counts in, the account's first and its own last."""
    account, place = reading.account, reading.place
    depth = LEVELS.index(place.level)
    return [
        (account.workspace, level, reading.day, account.provider, account.account,
         *(place.ids[i] if i < upper else "" for i in range(3)), reading.currency)
        for upper, level in enumerate(LEVELS[: depth + 1])
        if upper == 0 or place.ids[upper - 1]
    ]  # fmt: skip


def _account_key(account: Account) -> Key:
    return (account.workspace, account.provider, account.account)


def _add(sums: Sums, key: Key, figures: Sequence[int]) -> None:
    held = sums.setdefault(key, [0] * len(figures))
    sums[key] = [had + more for had, more in zip(held, figures, strict=True)]
