"""PostgreSQL answers, but offsets cannot be read: told as what it is, and asked again for ever."""

import asyncio
from contextlib import suppress
from time import monotonic
from typing import Any, cast

import asyncpg
import pytest
from faust.types import TP
from structlog.testing import capture_logs

import processors.worker as worker
from processors.transport import ChunkConsumer
from processors.worker import make_app
from schemas.topics import Topic

GONE = asyncpg.UndefinedTableError("no table projection_offset")
DENIED = asyncpg.InsufficientPrivilegeError("permission denied")


async def _placed(error: Exception) -> tuple[ChunkConsumer, list[Any], int]:
    """A consumer that was to place a partition, what it said, and how many attempts it told."""
    attempts: list[None] = []

    async def positions(_topic: Topic, _partitions: object) -> dict[int, int]:
        raise error

    app = make_app(
        bootstrap="127.0.0.1:1",
        topic_prefix="t.",
        group="t.workers",
        topics=[Topic.AD_METRICS],
        positions=positions,
        on_attempt=lambda: attempts.append(None),
    )
    consumer = cast(ChunkConsumer, app.consumer)
    cast(Any, consumer)._unplaced = set  # no thread runs that could know better
    with capture_logs() as said:
        await consumer._place({TP(Topic.AD_METRICS.physical("t."), 0)})
    return consumer, said, len(attempts)


@pytest.mark.parametrize("error", [GONE, DENIED], ids=["table", "grant"])
async def test_a_schema_that_is_amiss_is_told_as_a_defect(error: Exception) -> None:
    """With its traceback, and not each second. The process lives: a new one would fare alike."""
    consumer, [said], attempts = await _placed(error)
    assert (said["log_level"], said["exc_info"]) == ("error", True)
    assert consumer.counts["defects"] == attempts == 1
    assert consumer._retry_at > monotonic() + 5


async def test_a_server_that_is_away_is_none() -> None:
    """It is asked again soon."""
    consumer, [said], attempts = await _placed(ConnectionRefusedError("nobody"))
    assert said["log_level"] == "warning"
    assert (consumer.counts["defects"], attempts) == (0, 1)
    assert consumer._retry_at < monotonic() + 5


@pytest.mark.parametrize("error", [OSError("away"), GONE, KeyError("of ours")])
async def test_the_look_for_vanished_commits_goes_on(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it met the last time."""
    looked = asyncio.Event()
    left = [error, error]

    class Consumer:
        async def read_vanished_again(self) -> None:
            """Fails twice."""
            if left:
                raise left.pop()
            looked.set()

    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.01)
    consumer: Any = Consumer()
    looking = asyncio.create_task(worker._keep_looking(consumer))
    async with asyncio.timeout(5):
        await looked.wait()
    looking.cancel()
    with suppress(asyncio.CancelledError):
        await looking
