"""A tenth late by up to half the stream, a tenth twice, all shuffled (R17): the same state."""

from random import Random

import pytest

from tests.chaos.load import SHAPE
from tests.chaos.state import state_of
from tests.integration.plant import Plant
from tests.streams.faults import Faults, disturbed
from tests.streams.world import world

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]


async def test_any_arrival_leaves_the_state_of_a_sorted_run_without_copies(
    plant: Plant, second_plant: Plant
) -> None:
    """Bit for bit, registers included: a rebuild compares them too."""
    in_order = list(world(seed=21, shape=SHAPE))
    late = disturbed(in_order, seed=22, faults=Faults(poison=0))
    shuffled = Random(23).sample(late, len(late))
    assert len(shuffled) > 1.05 * len(in_order)
    for each, stream in ((plant, in_order), (second_plant, shuffled)):
        await each.worker(CHUNK="300")
        await each.produce(stream)
        await each.verdict()
    plain, disordered = await state_of(plant), await state_of(second_plant)
    assert plain.keys() == disordered.keys()
    telling = [table for table in plain if plain[table] != disordered[table]]
    assert not telling, f"these tell how their events came: {telling}"
