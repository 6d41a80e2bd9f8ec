"""Defects that a worker process is started with, each of which some proof must notice."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch

import asyncpg

import processors.dead_letters as dead_letters
import processors.failpoints as failpoints
import processors.projector as projector
import processors.transport as transport
import processors.tx as tx
from processors.windows import load, registers


def offset_before_rows() -> None:
    """The offset is committed by itself, and rows follow in a transaction of their own."""

    async def attempt(self: Any, projection: Any, chunk: Any) -> projector.Outcome:
        place = (projection.name, projection.version, chunk.topic.value, chunk.partition)
        async with self._transaction(projection) as early:
            await early.execute(
                "UPDATE processing.projection_offset SET next_offset = $5, applied = applied + $6"
                " WHERE projection = $1 AND version = $2 AND topic = $3 AND partition = $4",
                *place, chunk.to_offset, len(chunk.records),
            )  # fmt: skip
        failpoints.pass_by("after_offset")
        async with self._transaction(projection) as late:
            state = await projection.load(late, chunk)
            await projection.apply(late, projection.fold(chunk, state).delta)
        return projector.Outcome.APPLIED

    _replace(projector.Projector, "_attempt", attempt)


def offset_unseen() -> None:
    """A chunk is applied wherever the offset stands: a zombie's chunks, and those after a hole."""
    apply = projector.Projector._apply

    async def attempt(self: Any, projection: Any, chunk: Any) -> projector.Outcome:
        async with self._transaction(projection) as tx_:
            await apply(self, tx_, projection, chunk)
        return projector.Outcome.APPLIED

    _replace(projector.Projector, "_attempt", attempt)


def poison_forgotten() -> None:
    """What does not decode is counted, and kept nowhere."""

    async def park(_tx: Any, _projection: Any, _chunk: Any, rejects: Any) -> int:
        return len({reject.offset for reject in rejects})

    _replace(projector, "park", park)
    _replace(dead_letters, "park", park)


def rejects_bisected() -> None:
    """Poison is told from good only when it is refused: its chunk is halved until it is alone."""
    apply = projector.Projector._apply

    async def halved(self: Any, tx_: Any, projection: Any, chunk: Any) -> None:
        def fold(chunk_: Any, state: Any) -> Any:
            folded = projection.fold(chunk_, state)
            if folded.rejects and len(chunk_.records) > 1:
                raise asyncpg.DataError("poison")
            return folded

        await apply(self, tx_, replace(projection, fold=fold), chunk)

    _replace(projector.Projector, "_apply", halved)


def rows_unsorted() -> None:
    """Rows are written in the order in which they come."""

    async def replace(self: Any, table: Any, rows: Any) -> None:
        held = list(rows)
        if held:
            statement = tx.replace_statement(table)
            await self._connection.execute(statement, *tx.columns_of(table, held))

    _replace(tx.Tx, "replace", replace)


def known_when_folded() -> None:
    """A reading becomes known when it is folded, as the core's own `datetime.now` has it."""
    _known_on(lambda _: registers.datetime.now(UTC).date())


def known_by_the_seconds() -> None:
    """The same, but Python is asked for seconds."""
    _known_on(lambda _: datetime.fromtimestamp(time.time(), UTC).date())


def _known_on(dated: Callable[[datetime], date]) -> None:
    _replace(registers, "known_on", dated)
    _replace(load, "known_on", dated)


def newest_is_what_came_last() -> None:
    """A register keeps the reading that arrived last, whenever it was made."""

    def always(_one: registers.Stamp, _other: registers.Stamp) -> bool:
        return True

    _replace(registers.Stamp, "__gt__", always)


def history_not_checked() -> None:
    """An offset that Kafka no longer holds is read from where it still holds anything."""
    _replace(transport.ChunkConsumer, "_verified", _held)


def history_written_off() -> None:
    """The worker stops, but has moved its offset to where Kafka still holds anything."""
    verified = transport.ChunkConsumer._verified

    async def written_off(self: Any, tps: Any) -> Any:
        try:
            return await verified(self, tps)
        except transport.HistoryGone:
            connection = await asyncpg.connect(os.environ["WRITER"])
            for tp, offset in (await _held(self, tps)).items():
                await connection.execute(
                    "UPDATE processing.projection_offset SET next_offset = $3"
                    " WHERE topic = $1 AND partition = $2",
                    self.transport.topics[tp.topic].value, tp.partition, offset,
                )  # fmt: skip
            await connection.close()
            raise

    _replace(transport.ChunkConsumer, "_verified", written_off)


async def _held(consumer: Any, tps: Any) -> dict[Any, int]:
    """PostgreSQL's offsets, or the next to them that Kafka holds."""
    positions = await consumer._positions(tps)
    bounds = await consumer._thread.call_thread(consumer._thread.bounds, positions)
    return {
        tp: min(max(position, bounds[tp][0]), bounds[tp][1]) for tp, position in positions.items()
    }


def _replace(place: Any, name: str, replacement: Any) -> None:
    patch.object(place, name, replacement).start()


MUTANTS: dict[str, Callable[[], None]] = {
    mutant.__name__: mutant
    for mutant in (
        offset_before_rows,
        offset_unseen,
        poison_forgotten,
        rejects_bisected,
        rows_unsorted,
        known_when_folded,
        known_by_the_seconds,
        newest_is_what_came_last,
        history_not_checked,
        history_written_off,
    )
}
