"""From a chunk's readings to what moves: registers, and rows at every level."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from processors.projection import Change
from processors.windows.effective import Effective, day_around, hours_around, moved_labels
from processors.windows.open_hours import EntityHour, Glimpses, advance_open
from processors.windows.readings import Readings
from processors.windows.registers import (
    DayRegister,
    EntityDay,
    Registers,
    advance,
)
from processors.windows.rows import (
    Deltas,
    Numbers,
    Pairs,
    QuarterKey,
    WindowKey,
    add_numbers,
    add_pairs,
    add_quarters,
    add_up,
    no_deltas,
    own_window,
)


@dataclass
class State:
    """A chunk's readings, and what the tables hold of all that they may move.

    `after` are the registers that the readings move and `glimpsed` what they tell of open hours:
    both are needed already to know which hours to load.
    """

    readings: Readings
    open_from: date
    registers: Registers
    after: Registers
    glimpsed: dict[EntityHour, Glimpses]
    uncovered_hours: Sequence[EntityDay] = ()
    uncovered_days: Sequence[EntityDay] = ()
    glimpses: dict[EntityHour, Glimpses] = field(default_factory=dict[EntityHour, Glimpses])


def state_before(readings: Readings, open_from: date, held: Registers) -> State:
    """The state without what only `hours_needed` tells to load."""
    after = advance(readings.hours, readings.days, readings.coverages, held)
    return State(readings, open_from, held, after, readings.glimpses(open_from))


def hours_needed(state: State) -> set[EntityHour]:
    """The open hours whose glimpses `deltas` will look at."""
    needed = set(state.glimpsed)
    for entity in {*state.after.hours, *state.uncovered_hours}:
        old, new = hours_around(entity, state.registers, state.after)
        if new is not None and entity[4] >= state.open_from:
            needed.update((entity, label) for label in moved_labels(old, new))
    return needed


def deltas(state: State) -> tuple[Deltas, dict[EntityHour, Glimpses]]:
    """New minus old of every row, and the open hours' registers that move. Pure."""
    moved = no_deltas()
    open_after = advance_open(state.glimpsed, state.glimpses)
    labels: dict[EntityDay, set[int]] = {}
    for entity, label in open_after:
        labels.setdefault(entity, set()).add(label)
    # A late reading may change how an hour filled without being the newest of its day.
    for entity in {*state.after.hours, *state.uncovered_hours, *labels}:
        old, new = hours_around(entity, state.registers, state.after)
        if new is None:
            continue
        _move_hours(moved.days, entity, old, new)
        if entity[4] >= state.open_from:
            touched = {*moved_labels(old, new), *labels.get(entity, ())}
            _move_quarters(moved.quarters, entity, old, new, touched, state.glimpses, open_after)
    for entity in {*state.after.days, *state.uncovered_days}:
        old_day, new_day = day_around(entity, state.registers, state.after)
        if old_day is not new_day:
            _move_day(moved, entity, old_day, -1)
            _move_day(moved, entity, new_day, 1)
    add_up(moved)
    return _without_zeros(moved), open_after


def duplicates(state: State) -> int:
    """How many events the loaded state already holds."""
    held = state.registers
    registers = (held.hours, held.hours_known, held.days, held.days_known)
    ids = {each.stamp.event_id for register in registers for each in register.values()}
    ids |= {each.event_id for each in (*held.coverage.values(), *held.coverage_known.values())}
    ids |= {glimpse.event_id for each in state.glimpses.values() for glimpse in each.values()}
    return state.readings.holding(ids)


def changes(moved: Deltas) -> frozenset[Change]:
    """The accounts' days whose rows moved."""
    keys = {*moved.days, *moved.conversions, *moved.deliveries, *(key for key, _ in moved.quarters)}
    return frozenset(Change(key[0], key[3], key[4], key[2]) for key in keys)


def _move_hours(
    rows: dict[WindowKey, Numbers], entity: EntityDay, old: Effective | None, new: Effective
) -> None:
    if old is not None and old.reading.path == new.reading.path:
        if old.hours != new.hours:
            gained = [b - a for a, b in zip(old.hours, new.hours, strict=True)]
            add_numbers(rows, own_window(entity, new.reading.path), gained)
        return
    if old is not None:
        add_numbers(rows, own_window(entity, old.reading.path), [-a for a in old.hours])
    add_numbers(rows, own_window(entity, new.reading.path), new.hours)


def _move_quarters(
    rows: dict[QuarterKey, list[Numbers]],
    entity: EntityDay,
    old: Effective | None,
    new: Effective,
    labels: Iterable[int],
    held: dict[EntityHour, Glimpses],
    moved: dict[EntityHour, Glimpses],
) -> None:
    for label in labels:
        before = held.get((entity, label), {})
        after = moved.get((entity, label), before)
        was = _quarters(old, label, before)
        now = _quarters(new, label, after)
        if was == now and old is not None and old.reading.path == new.reading.path:
            continue
        if was is not None and old is not None:
            start, quarters = was
            taken = [[-share for share in shares] for shares in quarters]
            add_quarters(rows, (own_window(entity, old.reading.path), start), taken)
        if now is not None:
            start, quarters = now
            add_quarters(rows, (own_window(entity, new.reading.path), start), quarters)


def _quarters(
    effective: Effective | None, label: int, held: Glimpses
) -> tuple[int, list[Numbers]] | None:
    if effective is None:
        return None
    starts = effective.starts
    start, length = starts[label], starts[label + 1] - starts[label]
    if not length:
        return None
    return start, effective.quarters(start, length, label, held)


def _move_day(moved: Deltas, entity: EntityDay, reading: DayRegister | None, sign: int) -> None:
    if reading is None:
        return
    key = own_window(entity, reading.path)
    pairs: Pairs = {
        name: (sign * count, sign * amount) for name, (count, amount) in reading.conversions.items()
    }
    add_pairs(moved.conversions, key, pairs)
    if reading.delivery is not None:
        # A day's delivery counts on its own level only: a level above owns it by hours.
        held = moved.deliveries.get(key, [0] * len(reading.delivery))
        moved.deliveries[key] = [a + sign * b for a, b in zip(held, reading.delivery, strict=True)]


def _without_zeros(moved: Deltas) -> Deltas:
    """What came and went within the chunk moves no row."""
    return Deltas(
        {key: numbers for key, numbers in moved.days.items() if any(numbers)},
        {
            key: quarters
            for key, quarters in moved.quarters.items()
            if any(any(shares) for shares in quarters)
        },
        {
            key: pairs
            for key, pairs in moved.conversions.items()
            if any(count or amount for count, amount in pairs.values())
        },
        {key: numbers for key, numbers in moved.deliveries.items() if any(numbers)},
    )
