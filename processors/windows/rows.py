"""Rows of windows, moved by new minus old at an entity's own level and every level above."""

from datetime import date
from itertools import zip_longest
from operator import add
from typing import NamedTuple
from uuid import UUID

from processors.windows.registers import EntityDay, Path
from schemas.ad_metrics import LEVELS

WindowKey = tuple[UUID, str, date, str, str, str, str, str, str]
"""Workspace, level, day, provider, account, campaign, ad set, ad, currency."""

QuarterKey = tuple[WindowKey, int]
"""A window's key and the UTC microseconds at which the hour starts that its quarters cut."""

Numbers = list[int]
"""What is added up in a row, in a fixed order."""

Pairs = dict[tuple[str, str], tuple[int, int]]
"""Conversions by goal and attribution window: count and value in micros."""


class Deltas(NamedTuple):
    """New minus old, by row."""

    days: dict[WindowKey, Numbers]
    quarters: dict[QuarterKey, list[Numbers]]
    conversions: dict[WindowKey, Pairs]
    deliveries: dict[WindowKey, Numbers]


def no_deltas() -> Deltas:
    """Nothing moved yet."""
    return Deltas({}, {}, {}, {})


def own_window(entity: EntityDay, path: Path) -> WindowKey:
    """The row of the entity itself."""
    workspace_id, provider, account_id, level, day, _ = entity
    depth = LEVELS.index(level)  # type: ignore[arg-type]
    ids = [*path[:depth], *("",) * (3 - depth)]
    return (workspace_id, level, day, provider, account_id, *ids, path.currency)  # type: ignore[return-value]


def window_above(key: WindowKey) -> WindowKey | None:
    """The row of the next known level above; None above the account.

    A level whose id the platform did not say has no row; the one above it adds up still.
    """
    workspace_id, level, day, provider, account_id, *ids, currency = key
    for depth in range(LEVELS.index(level) - 1, -1, -1):  # type: ignore[arg-type]
        if depth == 0 or ids[depth - 1]:
            kept = (*ids[:depth], *("",) * (3 - depth))
            return (workspace_id, LEVELS[depth], day, provider, account_id, *kept, currency)  # type: ignore[return-value]
    return None


def add_numbers(rows: dict[WindowKey, Numbers], key: WindowKey, numbers: Numbers) -> None:
    """Add to a row."""
    held = rows.get(key)
    rows[key] = numbers if held is None else list(map(add, held, numbers))


def add_quarters(
    rows: dict[QuarterKey, list[Numbers]], key: QuarterKey, quarters: list[Numbers]
) -> None:
    """Add an hour's quarter-hours, figure by figure, to a row."""
    held = rows.get(key)
    rows[key] = quarters if held is None else sum_of_quarters(held, quarters)


def add_pairs(rows: dict[WindowKey, Pairs], key: WindowKey, pairs: Pairs) -> None:
    """Add conversions to a row."""
    held = rows.get(key)
    rows[key] = pairs if held is None else sum_of_pairs(held, pairs)


def add_up(moved: Deltas) -> None:
    """Carry what rows of entities gained to the rows above them, level by level."""
    for level in reversed(LEVELS):
        for key in [key for key in moved.days if key[1] == level]:
            above = window_above(key)
            if above is not None:
                add_numbers(moved.days, above, moved.days[key])
        for key, start in [key for key in moved.quarters if key[0][1] == level]:
            above = window_above(key)
            if above is not None:
                add_quarters(moved.quarters, (above, start), moved.quarters[key, start])
        for key in [key for key in moved.conversions if key[1] == level]:
            above = window_above(key)
            if above is not None:
                add_pairs(moved.conversions, above, moved.conversions[key])


def sum_of_quarters(one: list[Numbers], other: list[Numbers]) -> list[Numbers]:
    """Figure by figure; the longer hour decides how many quarter-hours there are."""
    return [
        list(map(add, a, b)) if len(a) == len(b) else list(map(sum, zip_longest(a, b, fillvalue=0)))
        for a, b in zip(one, other, strict=True)
    ]


def sum_of_pairs(one: Pairs, other: Pairs) -> Pairs:
    """Goal by goal and window by window."""
    total = dict(one)
    for name, (count, amount) in other.items():
        held = total.get(name, (0, 0))
        total[name] = (held[0] + count, held[1] + amount)
    return total
