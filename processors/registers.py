"""Registers of whole events: of those about one thing, the newest is kept."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Table

from processors.tx import Tx

K = TypeVar("K")
E = TypeVar("E")


class Register(NamedTuple):
    """When a thing was seen, and by which event; the greater is the newer."""

    seen_at: datetime
    event_id: UUID


def known_on(instant: datetime) -> date:
    """The UTC day on which what was seen at `instant` became known."""
    # msgspec reads "Z" as this very object; converting it would cost more than the rest.
    return (instant if instant.tzinfo is UTC else instant.astimezone(UTC)).date()


def newer(
    events: Iterable[E],
    key: Callable[[E], K],
    register: Callable[[E], Register],
    held: dict[K, Register],
) -> dict[K, E]:
    """Of each thing the newest event, where it is newer than the register that is held."""
    newest: dict[K, E] = {}
    for event in events:
        thing = key(event)
        current = register(newest[thing]) if thing in newest else held.get(thing)
        if current is None or register(event) > current:
            newest[thing] = event
    return newest


async def held_registers(
    tx: Tx, table: Table, keys: Iterable[tuple[Any, ...]]
) -> dict[Any, Register]:
    """The registers of these primary keys; they are the two columns after the key."""
    width = len(table.primary_key.columns)
    rows = await tx.find(table, keys)
    return {tuple(row)[:width]: Register(row[width], row[width + 1]) for row in rows}
