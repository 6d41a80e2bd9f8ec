"""The one projector: a chunk's rows and its offset in one transaction, or neither.

It alone opens a transaction and moves an offset. What decides is the offset row, locked: a chunk
that starts at it is applied, one that lies before it is known, one beyond it shows a hole.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from enum import Enum, auto
from typing import Any

import asyncpg
import structlog

from processors import failpoints
from processors.chunk import Chunk, Reject
from processors.dead_letters import park, stack_hash
from processors.faults import REFUSED, TOO_SLOW, TRANSIENT
from processors.notices import CHANNEL, notice
from processors.projection import Folded, Projection
from processors.tx import Tx
from schemas.topics import Topic

log = structlog.get_logger(__name__)

LANES = 4
"""Chunks of a topic that may be on their way at once, each in a transaction of its own."""

ATTEMPT_SECONDS = 9.0  # over the writer role's transaction_timeout, under the watchdog's 30
CALL_SECONDS = 6.0
RELEASE_SECONDS = 2.0


class Outcome(Enum):
    """What became of a chunk."""

    APPLIED = auto()
    KNOWN = auto()
    HOLE = auto()


class Projector:
    """Brings chunks to the live projections of their topic, one transaction each.

    `on_attempt` is told of each ended attempt, failed or not.
    """

    def __init__(
        self,
        dsn: str,
        projections: Iterable[Projection[Any, Any]],
        on_attempt: Callable[[], None] = lambda: None,
    ) -> None:
        self.projections = tuple(projections)
        self.counts: Counter[str] = Counter()
        self._dsn = dsn
        self._on_attempt = on_attempt
        self._pools: dict[str, asyncpg.Pool[asyncpg.Record]] = {}

    async def open(self) -> None:
        """Make the pools; nothing connects before the first chunk does."""
        for projection in self.projections:
            self._pools[projection.schema] = await asyncpg.create_pool(
                self._dsn,
                min_size=0,
                max_size=LANES * len(projection.topics),
                command_timeout=CALL_SECONDS,
                timeout=CALL_SECONDS,
                reset=_as_it_is,
                # A projection keeps its connections to itself: prepared statements hold no
                # other schema's tables, and a slow projection takes no other's connection.
                server_settings={
                    "search_path": projection.schema,
                    "application_name": f"metricx {projection.schema}",
                },
            )

    def terminate(self) -> None:
        """Drop all connections at once; what was not committed is replayed."""
        for pool in self._pools.values():
            pool.terminate()

    async def project(self, chunk: Chunk) -> Outcome:
        """Bring a chunk to each live projection of its topic. Never raises; waits out faults.

        HOLE means that some projection needs earlier events first: read again from its offset.
        """
        outcomes: set[Outcome] = set()
        for projection in self._live(chunk.topic):
            outcomes.add(await self._bring(projection, chunk))
        if Outcome.HOLE in outcomes:
            self.counts["holes"] += 1
            log.warning("hole", marker="[FOLD]", topic=chunk.topic, partition=chunk.partition)
            return Outcome.HOLE
        return Outcome.APPLIED if Outcome.APPLIED in outcomes else Outcome.KNOWN

    def _live(self, topic: Topic) -> Sequence[Projection[Any, Any]]:
        return [projection for projection in self.projections if topic in projection.topics]

    async def _bring(self, projection: Projection[Any, Any], chunk: Chunk) -> Outcome:
        failures = 0
        while True:
            try:
                return await self._attempt(projection, chunk)
            except REFUSED as error:
                return await self._bisect(projection, chunk, error)
            except TRANSIENT as error:
                failures += 1
                if isinstance(error, TOO_SLOW) and failures > 1 and len(chunk.records) > 1:
                    # Else a chunk that outlasts the deadline would be begun again for ever.
                    return await self._in_halves(projection, chunk)
                self.counts["transient"] += 1
                log.warning(
                    "again", marker="[FOLD]", projection=projection.schema, error=repr(error)
                )
            except Exception:
                # A defect of ours or of the schema, not of an event: nothing is skipped for it.
                failures += 1
                self.counts["defects"] += 1
                log.exception(
                    "stuck", marker="[FOLD]", projection=projection.schema, failures=failures
                )
            finally:
                self._on_attempt()
            await asyncio.sleep(min(2.0, 0.05 * 2 ** min(failures, 6)) * random.uniform(0.5, 1))

    async def _bisect(
        self, projection: Projection[Any, Any], chunk: Chunk, error: Exception
    ) -> Outcome:
        """Find the one event that PostgreSQL refuses, and park it alone."""
        if len(chunk.records) > 1:
            return await self._in_halves(projection, chunk)
        self.counts["defects"] += 1
        log.error("refused", marker="[FOLD]", projection=projection.schema, exc_info=error)
        return await self._bring(_parking(projection, error), chunk)

    async def _in_halves(self, projection: Projection[Any, Any], chunk: Chunk) -> Outcome:
        first, second = chunk.halves()
        outcome = await self._bring(projection, first)
        return outcome if outcome is Outcome.HOLE else await self._bring(projection, second)

    async def _attempt(self, projection: Projection[Any, Any], chunk: Chunk) -> Outcome:
        failpoints.pass_by("before_tx")
        async with asyncio.timeout(ATTEMPT_SECONDS), self._transaction(projection) as tx:
            found = await tx.fetch(
                """
                SELECT next_offset FROM processing.projection_offset
                WHERE projection = $1 AND version = $2 AND topic = $3 AND partition = $4
                FOR UPDATE
                """,
                *_place(projection, chunk),
            )
            if not found or found[0]["next_offset"] < chunk.from_offset:
                return Outcome.HOLE
            next_offset: int = found[0]["next_offset"]
            if next_offset >= chunk.to_offset:
                self.counts["known"] += len(chunk.records)
                return Outcome.KNOWN
            await self._apply(tx, projection, chunk.since(next_offset))
        failpoints.pass_by("after_commit")
        return Outcome.APPLIED

    async def _apply(self, tx: Tx, projection: Projection[Any, Any], chunk: Chunk) -> None:
        if projection.locks_workspaces:
            await _lock_workspaces(tx, chunk)
        state = await projection.load(tx, chunk)
        folded = projection.fold(chunk, state)
        await projection.apply(tx, folded.delta)
        failpoints.pass_by("after_rows")
        dead = await park(tx, projection, chunk, folded.rejects)
        passed = chunk.to_offset - chunk.from_offset
        # One statement with the NOTIFY: each round trip is paid by every chunk.
        await tx.execute(
            """
            UPDATE processing.projection_offset
            SET next_offset = $5, applied = applied + $6, duplicate = duplicate + $7,
                dead = dead + $8, moved_at = clock_timestamp()
            WHERE projection = $1 AND version = $2 AND topic = $3 AND partition = $4
            RETURNING CASE WHEN $10::text IS NOT NULL THEN pg_notify($9, $10) END
            """,
            *_place(projection, chunk),
            chunk.to_offset,
            passed - folded.duplicates - dead,
            folded.duplicates,
            dead,
            CHANNEL,
            notice(projection, folded.changes) if folded.changes else None,
        )
        failpoints.pass_by("after_offset")

    @asynccontextmanager
    async def _transaction(self, projection: Projection[Any, Any]) -> AsyncGenerator[Tx]:
        pool = self._pools[projection.schema]
        connection = await pool.acquire(timeout=CALL_SECONDS)
        try:
            async with connection.transaction():
                yield Tx(connection)
        except BaseException:
            # Whatever it was waiting for: a hung server answers no ROLLBACK either. One that the
            # server closed has left the pool already.
            with suppress(asyncpg.InterfaceError):
                connection.terminate()
            raise
        finally:
            await pool.release(connection, timeout=RELEASE_SECONDS)


async def _as_it_is(_connection: object) -> None:
    """Nothing to reset: a chunk's transaction leaves no setting, cursor or session lock behind."""


def _place(projection: Projection[Any, Any], chunk: Chunk) -> tuple[str, int, str, int]:
    return projection.name, projection.version, chunk.topic.value, chunk.partition


def _parking(projection: Projection[Any, Any], error: Exception) -> Projection[Any, Any]:
    """The same projection, but every event it gets is a dead letter."""

    async def load(_tx: Tx, _chunk: Chunk) -> None:
        return None

    def fold(chunk: Chunk, _state: None) -> Folded[None]:
        refused = [
            Reject(offset, "refused", f"{type(error).__name__}: {error}", stack_hash(error))
            for offset, _ in chunk.events
        ]
        return Folded(None, [*chunk.rejects, *refused])

    async def apply(_tx: Tx, _delta: None) -> None:
        return None

    return replace(projection, load=load, fold=fold, apply=apply)


async def _lock_workspaces(tx: Tx, chunk: Chunk) -> None:
    """Two topics of a workspace may lie in different workers: let one in at a time."""
    workspaces = sorted({str(event.workspace_id) for _, event in chunk.events})
    await tx.execute(
        """
        SELECT pg_advisory_xact_lock(hashtextextended(workspace, 0))
        FROM unnest($1::text[]) WITH ORDINALITY AS w(workspace, n) ORDER BY n
        """,
        workspaces,
    )
