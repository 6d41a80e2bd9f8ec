"""The books of the projector: every record is counted once, and only poison is dead."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from tests.oracle.facts import Record
from tests.oracle.repeats import Lane, Place

_EVENT_ID = re.compile(rb'"event_id":\s*"([^"]+)"')


class Position(NamedTuple):
    """How far a version of a projection is in a partition, and what it met on the way."""

    projection: str
    version: int
    topic: str
    partition: int
    next_offset: int
    applied: int
    duplicate: int
    dead: int


def check_ledger(
    records: Iterable[Record],
    poison: set[Place],
    positions: Iterable[Position],
    dead: Mapping[str, set[Place]],
    repeated: Mapping[Lane, int],
) -> list[str]:
    """Whatever does not add up, a line each.

    `poison` is what the oracle refuses, `dead` each projection's rows in `dead_letter`,
    `repeated` how many records of a lane are duplicates at the least.
    """
    lanes: dict[Lane, list[Record]] = defaultdict(list)
    for record in records:
        lanes[(record.topic, record.partition)].append(record)
    refused = Counter((topic, partition) for topic, partition, _ in poison)
    lines: list[str] = []
    read_by: dict[str, set[Lane]] = defaultdict(set)
    for position in positions:
        lane = (position.topic, position.partition)
        read_by[position.projection].add(lane)
        lines += _check(position, lanes.get(lane, []), refused[lane], repeated.get(lane, 0))
    for lane, held in lanes.items():
        if held and not any(lane in read for read in read_by.values()):
            lines.append(f"no projection has a position in {lane}, which holds {len(held)} records")
    for projection, read in read_by.items():
        wanted = {place for place in poison if place[:2] in read}
        parked = dead.get(projection, set())
        if wanted != parked:
            lines.append(
                f"{projection}: dead letters without poison {sorted(parked - wanted)[:5]},"
                f" poison without a dead letter {sorted(wanted - parked)[:5]}"
            )
    return lines


def _check(position: Position, records: list[Record], refused: int, repeated: int) -> Iterator[str]:
    name = f"{position.projection}.v{position.version}/{position.topic}/{position.partition}"
    end = max((record.offset for record in records), default=-1) + 1
    if position.next_offset != end:
        yield f"{name}: at {position.next_offset}, but the topic ends at {end}"
    counted = position.applied + position.duplicate + position.dead
    if position.next_offset != counted:
        yield f"{name}: passed {position.next_offset} offsets and counted {counted} records"
    if position.dead != refused:
        yield f"{name}: {position.dead} dead, but {refused} are poison"
    copies = len(records) - len({_event(record) for record in records})
    if position.duplicate > copies:
        yield f"{name}: {position.duplicate} duplicates, but only {copies} events lie there again"
    if position.duplicate < repeated:
        yield f"{name}: {position.duplicate} duplicates, but {repeated} were held when they came"


def _event(record: Record) -> bytes | None:
    """The event's id, by which a copy with another `recorded_at` is known."""
    found = _EVENT_ID.search(record.value or b"")
    return found[1] if found else record.value
