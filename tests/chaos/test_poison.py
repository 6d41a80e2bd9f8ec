"""One event in a hundred is none (R6): each is a dead letter, and costs the others nothing."""

import asyncio
import json
from collections import Counter

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError

from tests.integration.plant import Plant
from tests.streams.events import Message, Scene
from tests.streams.faults import NONE, Faults, disturbed
from tests.streams.poison import every_poison
from tests.streams.world import Shape, world

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]

LARGEST = 1_000_000
"""Bytes of the largest event that topics are promised to hold."""

SCENE = Scene()


async def test_every_kind_of_poison_is_a_dead_letter_with_its_reason(plant: Plant) -> None:
    """Offset and a word for counting; the events around them count."""
    await plant.worker(CHUNK="10")
    good = [SCENE.seen(f"12:{minute:02}", {10: minute + 1}) for minute in range(60)]
    poison = every_poison(good[0])
    await plant.produce([each for pair in zip(good, poison.values()) for each in pair])  # noqa: B905
    found = await plant.verdict()
    assert len(found.dead) == len(poison)
    reasons = await _reasons(plant)
    assert set(reasons) <= {"not-json", "unknown-type", "unknown-version", "invalid"}
    assert reasons.total() == len(poison)


async def test_a_value_at_the_limit_is_folded_and_one_over_it_never_enters(plant: Plant) -> None:
    """The broker, not the fold, is where an event can be too large."""
    await plant.worker()
    largest = _padded(SCENE.seen("12:00", {10: 7}), LARGEST)
    await plant.produce([largest, _broken(largest)])
    found = await plant.verdict()
    assert {row[-4] for row in found.rows["ad_day"]} == {7}
    assert len(found.dead) == 1, "the broken twin of the same size is a dead letter"
    with pytest.raises(MessageSizeTooLargeError):
        await _send_without_a_limit_of_its_own(plant, _padded(largest, LARGEST + 100_000))


async def test_one_in_a_hundred_costs_less_than_a_tenth_of_the_speed(
    plant: Plant, kafka_bootstrap: str
) -> None:
    """By the worker's own processor time over the same stream, with poison and without."""
    shape = Shape(workspaces=4, accounts=4, ads=4, polls=12)
    clean = disturbed(world(seed=1, shape=shape), seed=1, faults=NONE)
    spoiled = disturbed(clean, seed=2, faults=Faults(late=0, duplicate=0, poison=0.01))
    assert len(spoiled) > len(clean) > 10_000
    took: list[float] = []
    for stream in (clean, spoiled):
        before = await plant.position()
        await plant.produce(stream)
        worker = await plant.worker(restarts=False)
        await plant.passed(before + len(stream))
        took.append(_processor_seconds(worker.pid))
        await worker.stop()
        await plant.verdict()
    assert took[1] / len(spoiled) < 1.1 * took[0] / len(clean)


async def test_poison_that_is_counted_and_kept_nowhere_is_noticed(plant: Plant) -> None:
    """The mutant."""
    await plant.worker(MUTANT="poison_forgotten")
    good = SCENE.seen("12:00", {10: 7})
    await plant.produce([good, _broken(good)])
    with pytest.raises(AssertionError, match="poison without a dead letter"):
        await plant.verdict()


def _padded(message: Message, size: int) -> Message:
    """The same event with a member from the future that fills it up."""
    event = json.loads(message.value or b"")
    event["padding"] = ""
    event["padding"] = "x" * (size - len(json.dumps(event)))
    value = json.dumps(event).encode()
    assert len(value) == size
    return Message(message.topic, message.key, value)


def _broken(message: Message) -> Message:
    return Message(message.topic, message.key, (message.value or b"")[:-1] + b"]")


def _processor_seconds(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


async def _reasons(plant: Plant) -> Counter[str]:
    connection = await asyncpg.connect(plant.database.auditor)
    rows = await connection.fetch("SELECT reason FROM processing.dead_letter")
    await connection.close()
    return Counter(row["reason"] for row in rows)


async def _send_without_a_limit_of_its_own(plant: Plant, message: Message) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=plant.bootstrap, max_request_size=10_000_000
    ) as producer:
        async with asyncio.timeout(20):
            await producer.send_and_wait(
                f"{plant.prefix}{message.topic}", message.value, message.key, message.partition
            )
