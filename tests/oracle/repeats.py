"""Which records surely come again: the state holds their events when they are folded."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from tests.oracle.facts import Coverage, Day, Entity, Fact, Hours, Record, Run, instant

Lane = tuple[str, int]
"""Topic without its prefix, partition."""

Place = tuple[str, int, int]
"""Topic, partition, offset."""

FoldedBefore = Callable[[Record], int]
"""The offset below which all is in the state, at the latest, when a record is folded."""


def in_chunks_of(most: int) -> FoldedBefore:
    """What is surely folded before a record, if a transaction takes at most so many."""
    return lambda record: record.offset - most + 1


def surely_repeated(
    records: Iterable[Record], facts: Mapping[Place, Fact], folded_before: FoldedBefore
) -> Counter[Lane]:
    """How many records of each lane must be counted as duplicates, at the least.

    A copy is one if an earlier transaction folded the event and its register still holds it.
    Others cannot be told from the records alone: a copy in the event's own transaction finds a
    state without it, and a reading that a newer one has replaced may still be held by an open
    hour, which is loaded or not. Both may be counted as applied.
    """
    lanes: dict[Lane, list[tuple[int, Record]]] = defaultdict(list)
    for record in records:
        lanes[record.topic, record.partition].append((record.offset, record))
    found: Counter[Lane] = Counter()
    for lane, held in lanes.items():
        newest: dict[Any, tuple[int, str]] = {}
        first: dict[Any, int] = {}
        for offset, record in sorted(held, key=lambda each: each[0]):
            fact = facts.get((*lane, offset))
            if fact is None:
                continue
            register, age = _register(fact), _age(fact)
            known_since = first.setdefault((register, age), offset)
            if known_since < folded_before(record) and newest[register] == age:
                found[lane] += 1
            newest[register] = max(age, newest.get(register, age))
    return found


def _register(fact: Fact) -> tuple[Any, ...]:
    """What the fact is kept for as long as nothing newer is said of it. Kept for ever."""
    match fact:
        case Hours() | Day():
            place = (fact.place.level, fact.place.entity)
            return (type(fact), fact.account, *place, fact.day, _known_on(fact.observed_at))
        case Coverage():
            scope = (fact.account, fact.level, fact.kind, fact.day)
            return (Coverage, *scope, _known_on(fact.observed_at))
        case Entity():
            entity = (fact.account, fact.level, fact.entity)
            return (Entity, *entity, _known_on(fact.observed_at))
        case Run():
            return (Run, fact.workspace, fact.run)
        case _:
            return (type(fact), fact.workspace, fact.event_id)


def _age(fact: Fact) -> tuple[int, str]:
    match fact:
        case Hours() | Day() | Coverage() | Entity():
            return (fact.observed_at, fact.event_id)
        case Run():
            return (fact.finished_at, fact.event_id)
        case _:
            return (0, fact.event_id)


def _known_on(micros: int) -> date:
    return instant(micros).date()
