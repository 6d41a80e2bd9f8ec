"""Agents hand chunks on: in order within a partition, side by side across them, holes sent back."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from processors.agents import _project, attach
from processors.chunk import Chunk
from processors.fetch import Handed
from processors.projector import Outcome
from processors.watchdog import EXIT_STUCK
from schemas.topics import Topic

TOPIC = Topic.AD_METRICS


def handed(partition: int, start: int, epoch: int = 1) -> Handed:
    """A chunk of ten offsets."""
    return Handed(Chunk(TOPIC, partition, start, start + 10, ()), epoch, 0)


class Consumer:
    """What an agent needs of the consumer: which epoch is current, and where to note things."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {"stale": 0}
        self.epoch = 1
        self.reached: list[tuple[int, int]] = []
        self.sought: list[TP] = []

    def is_current(self, handed: Handed) -> bool:
        """Of the last seek."""
        return handed.epoch == self.epoch

    def tp_of(self, handed: Handed) -> TP:
        """Its partition."""
        return TP(handed.chunk.topic, handed.chunk.partition)

    def advance(self, handed: Handed, _seconds: float) -> None:
        """It is in PostgreSQL."""
        self.reached.append((handed.chunk.partition, handed.chunk.to_offset))

    def reseek(self, tps: list[TP]) -> None:
        """What is on its way belongs to an older epoch now."""
        self.sought += tps
        self.epoch += 1


class Projector:
    """Lets each chunk wait until the test says what became of it."""

    def __init__(self) -> None:
        self.begun: list[tuple[int, int]] = []
        self.answers: dict[tuple[int, int], asyncio.Future[Outcome]] = {}

    async def project(self, chunk: Chunk) -> Outcome:
        """Begin, and wait."""
        place = (chunk.partition, chunk.from_offset)
        self.begun.append(place)
        return await self.answers.setdefault(place, asyncio.get_running_loop().create_future())

    def answer(self, partition: int, start: int, outcome: Outcome = Outcome.APPLIED) -> None:
        """Let it end."""
        self.answers[partition, start].set_result(outcome)


class Agent:
    """An attached agent with a stream of the test's own."""

    def __init__(self, projector: Any, lanes: int) -> None:
        self.consumer = Consumer()
        self.stream: asyncio.Queue[Handed | None] = asyncio.Queue()
        self.bodies: list[Any] = []
        app: Any = SimpleNamespace(
            consumer=self.consumer,
            topic=lambda *_names, **_settings: None,
            agent=lambda *_source, **_settings: self.bodies.append,
        )
        attach(app, projector, [TOPIC], prefix="t.", lanes=lanes)
        self.task = asyncio.create_task(self.bodies[0](self._chunks()))

    async def _chunks(self) -> Any:
        while (chunk := await self.stream.get()) is not None:
            yield chunk

    async def give(self, *chunks: Handed | None) -> None:
        """Let the agent have these, and time to begin."""
        for chunk in chunks:
            self.stream.put_nowait(chunk)
        await settle()


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_partition_s_chunks_go_one_after_another() -> None:
    """However many lanes there are."""
    projector = Projector()
    agent = Agent(projector, lanes=4)
    await agent.give(handed(0, 0), handed(0, 10))
    assert projector.begun == [(0, 0)]
    projector.answer(0, 0)
    await settle()
    assert projector.begun == [(0, 0), (0, 10)]
    assert agent.consumer.reached == [(0, 10)]
    agent.task.cancel()


async def test_as_many_partitions_go_side_by_side_as_there_are_lanes() -> None:
    """The next is not asked for until a lane is free: what comes meanwhile is cut with it."""
    projector = Projector()
    agent = Agent(projector, lanes=2)
    await agent.give(handed(0, 0), handed(1, 0), handed(2, 0), handed(3, 0))
    assert projector.begun == [(0, 0), (1, 0)]
    assert agent.stream.qsize() == 2
    projector.answer(1, 0)
    await settle()
    assert projector.begun == [(0, 0), (1, 0), (2, 0)]
    agent.task.cancel()


async def test_a_hole_is_sought_again_and_what_was_buffered_behind_it_is_dropped() -> None:
    """Else each buffered chunk would be a hole of its own."""
    projector = Projector()
    agent = Agent(projector, lanes=1)
    await agent.give(handed(0, 50), handed(0, 60))
    projector.answer(0, 50, Outcome.HOLE)
    await agent.give(handed(0, 0, epoch=2))
    assert agent.consumer.sought == [TP(TOPIC, 0)]
    assert projector.begun == [(0, 50), (0, 0)]
    assert agent.consumer.counts["stale"] == 1
    assert agent.consumer.reached == []
    agent.task.cancel()


async def test_a_projector_that_raises_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faust would skip the chunk and go on."""
    codes: list[int] = []
    ended = asyncio.Event()

    def end(code: int) -> None:
        codes.append(code)
        ended.set()
        raise SystemExit

    class Broken:
        async def project(self, chunk: Chunk) -> Outcome:
            raise RuntimeError(chunk)

    monkeypatch.setattr("processors.agents.os._exit", end)
    consumer: Any = Consumer()
    with pytest.raises(SystemExit):
        await _project(consumer, Broken(), handed(0, 0))
    assert codes == [EXIT_STUCK]


async def test_stopping_an_agent_stops_what_is_on_its_way() -> None:
    """The transaction is rolled back, and its chunk read again by whoever is next."""
    projector = Projector()
    agent = Agent(projector, lanes=2)
    await agent.give(handed(0, 0), handed(1, 0))
    agent.task.cancel()
    await asyncio.wait([agent.task])
    assert all(answer.cancelled() for answer in projector.answers.values())
