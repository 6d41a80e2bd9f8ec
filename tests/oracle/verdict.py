"""Reads the topics from Kafka and the views from PostgreSQL, and holds one against the other."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.oracle.ad_rows import Row
from tests.oracle.facts import Record
from tests.oracle.lag import PARTITIONS, TOPICS
from tests.oracle.ledger import Position, check_ledger
from tests.oracle.repeats import Lane, Place, in_chunks_of, surely_repeated
from tests.oracle.rows import COLUMNS, MAY_REPEAT, Expected, expected


@dataclass(frozen=True)
class Found:
    """What PostgreSQL holds, read in one snapshot."""

    rows: Mapping[str, Sequence[Row]]
    positions: Sequence[Position]
    dead: Mapping[str, set[Place]]  # by projection


async def assert_equals_oracle(
    bootstrap: str, prefix: str, auditor: str, chunk_records: int | None = None
) -> Expected:
    """Every row of every view is the oracle's, and every offset is accounted for.

    Call it when the workers have caught up. `auditor` is that role's DSN. Where it is known that
    no transaction took more than `chunk_records`, duplicates are bounded from below. Returns what
    was expected, so that a test can assert that its faults left something to compare.
    """
    records = await read_topics(bootstrap, prefix)
    connection = await asyncpg.connect(auditor)
    try:
        open_from = await connection.fetchval("SELECT day FROM processing.open_from")
        wanted = await asyncio.to_thread(expected, records, open_from)
        found = await read_models(connection)
    finally:
        await connection.close()
    repeated: Mapping[Lane, int] = {}
    if chunk_records:
        repeated = surely_repeated(records, wanted.facts, in_chunks_of(chunk_records))
    differences = [
        *differing_rows(wanted.rows, found.rows),
        *check_ledger(records, wanted.dead, found.positions, found.dead, repeated),
    ]
    if differences:
        raise AssertionError("\n".join(["the read models differ from the oracle:", *differences]))
    return wanted


async def read_topics(bootstrap: str, prefix: str) -> list[Record]:
    """Every record that lies in the topics now."""
    lanes = [
        TopicPartition(f"{prefix}{topic}", partition)
        for topic in TOPICS
        for partition in range(PARTITIONS)
    ]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="none"
    )
    records: list[Record] = []
    async with consumer:
        consumer.assign(lanes)
        ends = await consumer.end_offsets(lanes)
        await consumer.seek_to_beginning(*lanes)
        while any([await consumer.position(lane) < ends[lane] for lane in lanes]):
            fetched = await consumer.getmany(timeout_ms=500)
            records += [
                Record(
                    lane.topic.removeprefix(prefix), lane.partition, each.offset, each.key,
                    each.value,
                )
                for lane, many in fetched.items()
                for each in many
            ]  # fmt: skip
    return records


async def read_models(
    connection: asyncpg.Connection, views: Collection[str] = COLUMNS.keys()
) -> Found:
    """The views and the projector's books, as of one instant."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        rows = {
            view: await _rows(connection, f"readmodels.{view}", columns)
            for view, columns in COLUMNS.items()
            if view in views
        }
        positions = [
            Position(*row)
            for row in await _rows(connection, "processing.projection_offset", Position._fields)
        ]
        dead: dict[str, set[Place]] = {}
        names = ("projection", "topic", "partition", "offset")
        for projection, *place in await _rows(connection, "processing.dead_letter", names):
            dead.setdefault(projection, set()).add((place[0], place[1], place[2]))
    return Found(rows, positions, dead)


def differing_rows(
    wanted: Mapping[str, set[Row]], found: Mapping[str, Sequence[Row]], shown: int = 4
) -> list[str]:
    """One line for each view that is not the oracle's, and some rows of each kind of error."""
    lines: list[str] = []
    for view, rows in found.items():
        missing, extra = wanted[view] - set(rows), set(rows) - wanted[view]
        twice = 0 if view in MAY_REPEAT else len(rows) - len(set(rows))
        if missing or extra or twice:
            lines.append(
                f"{view}: {len(missing)} rows missing, {len(extra)} wrong, {twice} twice,"
                f" of {len(wanted[view])}"
            )
            lines += [f"  oracle: {_told(row)}" for row in sorted(missing, key=_told)[:shown]]
            lines += [f"  found:  {_told(row)}" for row in sorted(extra, key=_told)[:shown]]
    return lines


def _told(row: Row) -> str:
    return " ".join(str(value) for value in row)


async def _rows(connection: asyncpg.Connection, relation: str, columns: Sequence[str]) -> list[Row]:
    names = ", ".join(f'"{column}"' for column in columns)
    return [
        tuple(_plain(value) for value in row)
        for row in await connection.fetch(f"SELECT {names} FROM {relation}")
    ]


def _plain(value: Any) -> Any:
    """As the oracle writes it."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return tuple(value) if isinstance(value, list) else value
