"""One agent per topic, which passes each chunk on and sends a hole back to be read again."""

import asyncio
import os
from collections.abc import Iterable
from time import monotonic
from typing import Any, Protocol, cast

import faust
import structlog

from processors.chunk import Chunk
from processors.fetch import Handed
from processors.projector import LANES, Outcome
from processors.transport import ChunkConsumer
from processors.watchdog import EXIT_STUCK
from schemas.topics import Topic

log = structlog.get_logger(__name__)


class Projects(Protocol):
    """What brings a chunk into every live projection of its topic."""

    async def project(self, chunk: Chunk) -> Outcome:
        """Never raises: rows and offsets are committed when it returns, or there is a hole."""
        ...


def attach(
    app: faust.App,
    projector: Projects,
    topics: Iterable[Topic],
    *,
    prefix: str,
    lanes: int = LANES,
) -> None:
    """Give each topic one agent that hands its chunks to the projector, each partition's in order.

    `lanes` chunks of different partitions may be on their way at once: while PostgreSQL writes
    one, the next is folded.
    """

    async def project(chunks: Any) -> None:
        # Faust takes a chunk for done when the next is asked for, or the body raises. Neither
        # matters: PostgreSQL's offset says what is done, and `_project` does not raise.
        free = asyncio.Semaphore(lanes)
        last: dict[int, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as group:
            await free.acquire()
            async for handed in chunks:
                partition = handed.chunk.partition
                turn = _in_turn(app, projector, handed, last.get(partition), free)
                last[partition] = group.create_task(turn)
                # Only now may the next chunk be cut: it holds what came until a lane was free.
                await free.acquire()

    untyped: Any = app  # Faust's types of topics and agents are partial
    for topic in topics:
        name = topic.physical(prefix)
        source: Any = untyped.topic(name, key_serializer="raw", value_serializer="raw")
        untyped.agent(source, name=f"project-{topic}")(project)


async def _in_turn(
    app: faust.App,
    projector: Projects,
    handed: Handed,
    before: asyncio.Task[None] | None,
    free: asyncio.Semaphore,
) -> None:
    """Project a chunk after the one before it in its partition."""
    try:
        if before is not None:
            await asyncio.wait([before])
        await _project(cast(ChunkConsumer, app.consumer), projector, handed)
    finally:
        free.release()


async def _project(consumer: ChunkConsumer, projector: Projects, handed: Handed) -> None:
    """Project a chunk, unless its partition was since sought anew; on a hole, seek."""
    if not consumer.is_current(handed):
        consumer.counts["stale"] += 1
        return
    began = monotonic()
    try:
        outcome = await projector.project(handed.chunk)
    except Exception:
        # A defect of ours. Going on would skip the chunk, so the process starts anew from
        # PostgreSQL's offset.
        log.critical("the projector raised", marker="[FOLD]", exc_info=True)
        os._exit(EXIT_STUCK)
    if outcome is Outcome.HOLE:
        log.error("hole: reading again", marker="[WORKER]", partition=str(consumer.tp_of(handed)))
        consumer.reseek([consumer.tp_of(handed)])
    else:
        consumer.advance(handed, monotonic() - began)
