"""One event in a hundred is none (R6): each is a dead letter, and costs the others nothing."""

from collections import Counter

import asyncpg
import psutil
import pytest

from tests.chaos.sizes import broken
from tests.integration.plant import Plant
from tests.streams.events import Scene
from tests.streams.faults import NONE, Faults, disturbed
from tests.streams.poison import every_poison
from tests.streams.world import Shape, world

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]

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
    await plant.produce([good, broken(good)])
    with pytest.raises(AssertionError, match="poison without a dead letter"):
        await plant.verdict()


def _processor_seconds(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


async def _reasons(plant: Plant) -> Counter[str]:
    connection = await asyncpg.connect(plant.database.auditor)
    rows = await connection.fetch("SELECT reason FROM processing.dead_letter")
    await connection.close()
    return Counter(row["reason"] for row in rows)
