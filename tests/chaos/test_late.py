"""A tenth late by up to half the stream, a tenth twice, all shuffled (R17): the same state."""

from random import Random

import pytest

from tests.chaos.load import SHAPE
from tests.chaos.state import state_of
from tests.integration.plant import Plant
from tests.streams.events import Message
from tests.streams.faults import Faults, disturbed
from tests.streams.world import world

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]


IN_ORDER = list(world(seed=21, shape=SHAPE))


async def test_any_arrival_leaves_the_state_of_a_sorted_run_without_copies(
    plant: Plant, second_plant: Plant
) -> None:
    """Bit for bit, registers included: a rebuild compares them too."""
    shuffled = _shuffled()
    assert len(shuffled) > 1.05 * len(IN_ORDER)
    for each, stream in ((plant, IN_ORDER), (second_plant, shuffled)):
        await each.worker(CHUNK="300")
        await each.produce(stream)
        await each.verdict()
    telling = await _telling(plant, second_plant)
    assert not telling, f"these tell how their events came: {telling}"


async def test_registers_that_go_by_arrival_are_noticed(plant: Plant, second_plant: Plant) -> None:
    """The mutant keeps what came last; counts are as they should be."""
    for each, stream in ((plant, IN_ORDER), (second_plant, _shuffled())):
        await each.worker(CHUNK="300", MUTANT="newest_is_what_came_last")
        await each.produce(stream)
        await each.settled()
    assert await _telling(plant, second_plant) >= {
        "ad_windows_v1.hour_reading", "ad_windows_v1.day_reading", "ad_windows_v1.ad_day",
    }  # fmt: skip


def _shuffled() -> list[Message]:
    late = disturbed(IN_ORDER, seed=22, faults=Faults(poison=0))
    return Random(23).sample(late, len(late))


async def _telling(one: Plant, other: Plant) -> set[str]:
    """The tables that differ."""
    ours, theirs = await state_of(one), await state_of(other)
    assert ours.keys() == theirs.keys()
    return {table for table in ours if ours[table] != theirs[table]}
