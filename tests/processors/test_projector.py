"""The projector: what decides is the offset row, and nothing that goes wrong loses an event."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import asyncpg
import pytest

import processors.offsets as offsets
import processors.projector as projector
from processors.chunk import Chunk
from processors.projection import Folded, Projection
from processors.projector import Outcome, Projector
from processors.tx import Tx
from schemas.topics import Topic
from tests.servers.databases import Database
from tests.streams.events import Scene


class Bare(NamedTuple):
    """A record that nobody decodes."""

    offset: int
    key: bytes | None = None
    value: bytes | None = b"{}"


def bare_chunk(first: int, end: int) -> Chunk:
    """Records of one partition, from `first` up to, not including, `end`."""
    return Chunk(Topic.AD_METRICS, 0, first, end, [Bare(offset) for offset in range(first, end)])


class Counting:
    """A projection that remembers how large the chunks were that it folded."""

    def __init__(self, load_sql: str = "SELECT 1") -> None:
        self.sizes: list[int] = []
        self._load_sql = load_sql

    @property
    def projection(self) -> Projection[None, None]:
        """As it would lie in `projections/`."""

        async def load(tx: Tx, chunk: Chunk) -> None:
            await tx.fetch(self._load_sql.format(records=len(chunk.records)))

        def fold(chunk: Chunk, _state: None) -> Folded[None]:
            self.sizes.append(len(chunk.records))
            return Folded(None, ())

        async def apply(_tx: Tx, _delta: None) -> None:
            return None

        return Projection("counting", 1, (Topic.AD_METRICS,), (), {}, load, fold, apply)


@asynccontextmanager
async def running(
    database: Database, projection: Projection[Any, Any]
) -> AsyncGenerator[Projector]:
    """A projector of one projection whose partition 0 was placed."""
    subject = Projector(database.writer, [projection])
    await subject.open()
    pool = await asyncpg.create_pool(database.writer, min_size=1)
    try:
        await offsets.ensure(pool, [projection], Topic.AD_METRICS, [0])
        yield subject
    finally:
        pool.terminate()
        subject.terminate()


async def position(database: Database) -> tuple[int, int]:
    """Next offset and applied of the only row."""
    connection = await asyncpg.connect(database.auditor)
    try:
        [row] = await connection.fetch(
            "SELECT next_offset, applied FROM processing.projection_offset"
        )
    finally:
        await connection.close()
    return row["next_offset"], row["applied"]


async def test_a_chunk_that_was_applied_is_known(database: Database) -> None:
    """The second time nothing moves."""
    async with running(database, Counting().projection) as subject:
        assert await subject.project(bare_chunk(0, 5)) is Outcome.APPLIED
        assert await subject.project(bare_chunk(0, 5)) is Outcome.KNOWN
        assert await position(database) == (5, 5)


async def test_the_known_part_of_a_chunk_is_dropped(database: Database) -> None:
    """Only what lies behind the offset is folded."""
    counting = Counting()
    async with running(database, counting.projection) as subject:
        await subject.project(bare_chunk(0, 5))
        await subject.project(bare_chunk(3, 9))
        assert counting.sizes == [5, 4]
        assert await position(database) == (9, 9)


async def test_a_hole_moves_nothing(database: Database) -> None:
    """A chunk from beyond the offset is refused until the events before it come."""
    counting = Counting()
    async with running(database, counting.projection) as subject:
        assert await subject.project(bare_chunk(7, 9)) is Outcome.HOLE
        assert counting.sizes == []
        assert await position(database) == (0, 0)


async def test_a_chunk_without_records_moves_the_offset(database: Database) -> None:
    """Kafka's own markers take offsets too."""
    async with running(database, Counting().projection) as subject:
        assert await subject.project(bare_chunk(0, 2)) is Outcome.APPLIED
        empty = Chunk(Topic.AD_METRICS, 0, 2, 3, [])
        assert await subject.project(empty) is Outcome.APPLIED
        assert (await position(database))[0] == 3


async def test_a_chunk_that_takes_too_long_is_halved(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each record takes 40 ms and an attempt may take 400: eight at once pass, 32 do not."""
    monkeypatch.setattr(projector, "ATTEMPT_SECONDS", 0.4)
    counting = Counting("SELECT pg_sleep(0.04 * {records})")
    async with running(database, counting.projection) as subject:
        assert await subject.project(bare_chunk(0, 32)) is Outcome.APPLIED
        assert sum(counting.sizes) == 32
        assert max(counting.sizes) <= 10
        assert await position(database) == (32, 32)


async def test_what_postgresql_refuses_is_parked_alone(database: Database) -> None:
    """One event of twenty raises; it is found, kept with its reason, and passed."""

    async def load(_tx: Tx, _chunk: Chunk) -> None:
        return None

    def fold(chunk: Chunk, _state: None) -> Folded[bool]:
        return Folded(any(record.offset == 13 for record in chunk.records), ())

    async def apply(tx: Tx, is_bad: bool) -> None:
        await tx.execute("SELECT 1 / $1::int", 0 if is_bad else 1)

    refusing = Projection("counting", 1, (Topic.AD_METRICS,), (), {}, load, fold, apply)
    message = Scene().seen("10:20", {10: 2_000_000})
    lane = [Bare(offset, message.key, message.value) for offset in range(20)]
    async with running(database, refusing) as subject:
        chunk = Chunk(Topic.AD_METRICS, 0, 0, 20, lane)
        assert await subject.project(chunk) is Outcome.APPLIED
        assert await position(database) == (20, 19)
        connection = await asyncpg.connect(database.auditor)
        [row] = await connection.fetch("SELECT * FROM processing.dead_letter")
        await connection.close()
        assert (row["offset"], row["reason"]) == (13, "refused")
        assert row["value"] == lane[13].value
        assert row["stack_hash"]
