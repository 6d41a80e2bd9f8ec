"""Rows of windows, moved by new minus old at an entity's own level and every level above."""

from collections.abc import Iterator
from datetime import date
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


def windows_above(key: WindowKey) -> Iterator[WindowKey]:
    """The row itself and those of every known level above it."""
    workspace_id, level, day, provider, account_id, *ids, currency = key
    for depth in range(LEVELS.index(level), -1, -1):  # type: ignore[arg-type]
        # A level whose id the platform did not say has no row; the one above it adds up still.
        if depth == 0 or ids[depth - 1]:
            kept = (*ids[:depth], *("",) * (3 - depth))
            yield (workspace_id, LEVELS[depth], day, provider, account_id, *kept, currency)  # type: ignore[misc]


def add_numbers(rows: dict[WindowKey, Numbers], key: WindowKey, numbers: Numbers) -> None:
    """Add to the row of an entity and to those above it."""
    for window in windows_above(key):
        held = rows.get(window)
        if held is None:
            rows[window] = numbers.copy()
        else:
            rows[window] = [a + b for a, b in zip(held, numbers, strict=True)]


def add_quarters(
    rows: dict[QuarterKey, list[Numbers]], key: WindowKey, start: int, quarters: list[Numbers]
) -> None:
    """Add an hour's quarter-hours, figure by figure, to an entity's row and those above it."""
    for window in windows_above(key):
        held = rows.get((window, start))
        rows[window, start] = (
            [each.copy() for each in quarters] if held is None else sum_of_quarters(held, quarters)
        )


def add_pairs(rows: dict[WindowKey, Pairs], key: WindowKey, pairs: Pairs) -> None:
    """Add conversions to the row of an entity and to those above it."""
    for window in windows_above(key):
        rows[window] = sum_of_pairs(rows.get(window, {}), pairs)


def sum_of_quarters(one: list[Numbers], other: list[Numbers]) -> list[Numbers]:
    """Figure by figure; the longer hour decides how many quarter-hours there are."""
    return [
        [
            (a[i] if i < len(a) else 0) + (b[i] if i < len(b) else 0)
            for i in range(max(len(a), len(b)))
        ]
        for a, b in zip(one, other, strict=True)
    ]


def sum_of_pairs(one: Pairs, other: Pairs) -> Pairs:
    """Goal by goal and window by window."""
    total = dict(one)
    for name, (count, amount) in other.items():
        held = total.get(name, (0, 0))
        total[name] = (held[0] + count, held[1] + amount)
    return total
