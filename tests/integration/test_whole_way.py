"""Late, twice, out of order, and one in a hundred no event at all: the rows are the oracle's."""

from tests.integration.plant import Plant
from tests.streams.faults import disturbed
from tests.streams.world import world


async def test_a_disturbed_world_leaves_the_rows_of_the_oracle(plant: Plant) -> None:
    """Two workers, every topic, two clock changes, half-hour zones."""
    await plant.worker()
    await plant.worker()
    await plant.produce(disturbed(world(seed=1), seed=2))
    found = await plant.verdict()
    assert len(found.dead) > 20
    assert all(found.rows.values()), "some view had nothing to compare"
