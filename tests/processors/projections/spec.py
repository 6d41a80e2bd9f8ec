"""Given events, when more come, then these are the rows: a projection on a real PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import asyncpg

import processors.offsets as offsets
from processors.chunk import Chunk
from processors.projection import Projection
from processors.projector import Outcome, Projector
from schemas.topics import Topic
from tests.oracle.facts import Record
from tests.oracle.ledger import check_ledger
from tests.oracle.repeats import Lane, Place, surely_repeated
from tests.oracle.rows import COLUMNS, expected
from tests.oracle.verdict import differing_rows, read_models
from tests.servers.databases import Database
from tests.streams.events import Message

Row = tuple[Any, ...]


class Spec:
    """Hands chunks to the projector and holds all rows to the oracle's.

    Each `given` and each `when` is one chunk per partition, in the order of its events.
    """

    def __init__(self, database: Database, projections: Sequence[Projection[Any, Any]]) -> None:
        self._database = database
        self._projections = projections
        self._projector = Projector(database.writer, projections)
        self._records: list[Record] = []
        self._ends: dict[Lane, int] = {}
        self._chunk_of: dict[Place, int] = {}
        self._views = {view for each in projections for view in each.views}

    async def open(self) -> None:
        """Connect, and give each partition a position."""
        await self._projector.open()
        topics = {topic for each in self._projections for topic in each.topics}
        async with asyncpg.create_pool(self._database.writer, min_size=1, max_size=1) as pool:
            for topic in topics:
                await offsets.ensure(pool, self._projections, topic, range(topic.partitions))
        await self.keep_open_from(date(2000, 1, 1))

    @property
    def defects(self) -> int:
        """How many attempts so far ended with an error that no event can cause."""
        return self._projector.counts["defects"]

    def close(self) -> None:
        """Drop the connections."""
        self._projector.terminate()

    async def keep_open_from(self, day: date) -> None:
        """Dates from `day` on keep quarter-hours; a test may choose freely, even back."""
        connection = await asyncpg.connect(self._database.superuser)
        await connection.execute("UPDATE processing.open_from SET day = $1", day)
        await connection.close()

    async def given(self, *messages: Message) -> None:
        """What has happened so far."""
        for lane, records in groupby(sorted(self._arrived(messages), key=_lane), key=_lane):
            held = list(records)
            start = held[0].offset
            self._chunk_of |= {(*lane, record.offset): start for record in held}
            chunk = Chunk(Topic(lane[0]), lane[1], start, held[-1].offset + 1, held)
            assert await self._projector.project(chunk) is Outcome.APPLIED

    when = given

    async def again(self) -> None:
        """Every record so far is handed over once more, as after a lost acknowledgement."""
        for lane, records in groupby(sorted(self._records, key=_lane), key=_lane):
            held = list(records)
            chunk = Chunk(Topic(lane[0]), lane[1], held[0].offset, held[-1].offset + 1, held)
            assert await self._projector.project(chunk) is Outcome.KNOWN

    async def then(self, **views: Mapping[Any, Any]) -> None:
        """These rows at the finest level, by their hour, day or name; all else by the oracle.

        Of hours and quarter-hours the key is the time of day in UTC, of days the date, and the
        figure is the spend; of conversions (goal, window) and the count.
        """
        rows = await self.rows()
        for view, wanted in views.items():
            found = dict(_brief(view, row) for row in rows[view] if _is_finest(view, row))
            assert found == wanted, f"{view} holds {found}"

    async def rows(self) -> dict[str, set[Row]]:
        """All rows of the projections' views, once they have been found to be the oracle's."""
        wanted = expected(self._records, await self._open_from())
        connection = await asyncpg.connect(self._database.auditor)
        found = await read_models(connection, self._views)
        await connection.close()
        problems = [
            *differing_rows(wanted.rows, found.rows),
            *check_ledger(
                self._records, wanted.dead, found.positions, found.dead,
                surely_repeated(self._records, wanted.facts, self._folded_before),
            ),
        ]  # fmt: skip
        assert not problems, "\n".join(problems)
        return {view: set(rows) for view, rows in found.rows.items()}

    async def counted(self) -> dict[str, tuple[int, int, int]]:
        """Records that were applied, duplicate and dead, by projection."""
        rows = await self.fetch(
            "SELECT projection, sum(applied)::int, sum(duplicate)::int, sum(dead)::int"
            " FROM processing.projection_offset WHERE next_offset > 0 GROUP BY projection"
        )
        return {projection: tuple(counts) for projection, *counts in rows}  # type: ignore[misc]

    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """What a query finds that sees everything."""
        connection = await asyncpg.connect(self._database.auditor)
        rows = await connection.fetch(sql, *arguments)
        await connection.close()
        return rows

    def _folded_before(self, record: Record) -> int:
        return self._chunk_of[record.topic, record.partition, record.offset]

    async def _open_from(self) -> date:
        connection = await asyncpg.connect(self._database.auditor)
        day = await connection.fetchval("SELECT day FROM processing.open_from")
        await connection.close()
        return day

    def _arrived(self, messages: Iterable[Message]) -> list[Record]:
        arrived: list[Record] = []
        for each in messages:
            lane = (each.topic, each.partition)
            offset = self._ends.get(lane, 0)
            self._ends[lane] = offset + 1
            arrived.append(Record(*lane, offset, each.key, each.value))
        self._records += arrived
        return arrived


def _lane(record: Record) -> tuple[str, int]:
    return (record.topic, record.partition)


def _is_finest(view: str, row: Row) -> bool:
    return "level" not in COLUMNS[view] or row[COLUMNS[view].index("level")] == "ad"


def _brief(view: str, row: Row) -> tuple[Any, Any]:
    told = dict(zip(COLUMNS[view], row, strict=True))
    if "starts_at" in told:
        return f"{told['starts_at']:%H:%M}", told["spend_micros"]
    if "goal" in told:
        return (told["goal"], told["window"]), told["count_micros"]
    return str(told.get("day")), told.get("spend_micros", row)
