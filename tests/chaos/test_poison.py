"""One event in a hundred is none (R6): each is a dead letter, and costs the others nothing."""

import time
from collections import Counter
from collections.abc import Callable

import asyncpg
import pytest

from tests.chaos.load import SHAPE
from tests.chaos.sizes import broken
from tests.integration.plant import Plant
from tests.streams.events import Scene
from tests.streams.faults import NONE, Faults, disturbed
from tests.streams.poison import every_poison
from tests.streams.world import Shape, world

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]

SCENE = Scene()
MEASURED = Shape(workspaces=6, accounts=6, ads=6, polls=20)
"""Some 50,000 events: seconds, of which a tenth is more than chance."""


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
    another_plant: Callable[[], Plant],
) -> None:
    """Each run folds the same good events for the first time, in a plant of its own."""
    assert await _cost_of_poison(another_plant, MEASURED) < 1.1


async def test_poison_for_which_its_chunk_is_halved_is_noticed(
    another_plant: Callable[[], Plant],
) -> None:
    """The mutant."""
    assert await _cost_of_poison(another_plant, SHAPE, mutant="rejects_bisected") > 1.5


async def test_poison_that_is_counted_and_kept_nowhere_is_noticed(plant: Plant) -> None:
    """The mutant."""
    await plant.worker(MUTANT="poison_forgotten")
    good = SCENE.seen("12:00", {10: 7})
    await plant.produce([good, broken(good)])
    with pytest.raises(AssertionError, match="poison without a dead letter"):
        await plant.verdict()


async def _cost_of_poison(
    another_plant: Callable[[], Plant], shape: Shape, mutant: str = ""
) -> float:
    """The time that a stream takes amid poison, over what it takes alone; the best of three each.

    Neither is always the later one: what else runs may grow or end meanwhile.
    """
    clean = disturbed(world(seed=1, shape=shape), seed=1, faults=NONE)
    spoiled = disturbed(clean, seed=2, faults=Faults(late=0, duplicate=0, poison=0.01))
    alone: list[float] = []
    amid: list[float] = []
    runs = ((clean, alone), (spoiled, amid))
    for stream, took in (*runs, *reversed(runs), *runs):
        plant = another_plant()
        await plant.produce(stream)
        took.append(await _seconds(plant, len(stream), mutant))
        assert bool(await _reasons(plant)) == (stream is spoiled)
    return min(amid) / min(alone)


async def _seconds(plant: Plant, records: int, mutant: str) -> float:
    """In which a new worker passes all records, by those after the first that it passed.

    Its start takes as long as many thousands of them, and would hide as much of a difference.
    """
    worker = await plant.worker(restarts=False, MUTANT=mutant)
    await plant.passed(1)
    first, began = await plant.position(), time.monotonic()
    await plant.passed(records)
    took = time.monotonic() - began
    await worker.stop()
    return took * records / (records - first)


async def _reasons(plant: Plant) -> Counter[str]:
    connection = await asyncpg.connect(plant.database.auditor)
    rows = await connection.fetch("SELECT reason FROM processing.dead_letter")
    await connection.close()
    return Counter(row["reason"] for row in rows)
