"""Workers whose clock is wrong, runs back or leaps (R16): rows know no clock but the platform's."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

import processors.closing as closing
from processors.projection import registered
from tests.chaos.clocks import CLOCKS
from tests.chaos.state import state_of
from tests.integration.plant import Plant
from tests.streams.events import Message
from tests.streams.faults import disturbed
from tests.streams.world import Shape, world

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]

SHAPE = Shape(accounts=3, polls=10)


@pytest.mark.parametrize("clock", CLOCKS)
async def test_two_clocks_leave_one_state(plant: Plant, second_plant: Plant, clock: str) -> None:
    """Bit for bit, registers included."""
    for each, its_clock in ((plant, ""), (second_plant, clock)):
        await each.worker(CHUNK="50", CLOCK=its_clock)
        await each.produce(disturbed(world(seed=41, shape=SHAPE), seed=42), per_second=1_000)
        await each.verdict()
    assert await state_of(plant) == await state_of(second_plant)


@pytest.mark.parametrize("mutant", ["known_when_folded", "known_by_the_seconds"])
async def test_a_fold_that_reads_a_clock_is_noticed(
    plant: Plant, second_plant: Plant, mutant: str
) -> None:
    """Both mutants date readings by when they fold them; all else is as it should be."""
    stream = disturbed(world(seed=41, shape=SHAPE), seed=42)
    for each, clock in ((plant, ""), (second_plant, "tomorrow")):
        await each.worker(CHUNK="50", MUTANT=mutant, CLOCK=clock)
        await each.produce(stream, per_second=1_000)
        await each.settled()
    one, other = await state_of(plant), await state_of(second_plant)
    assert {table for table in one if one[table] != other[table]} == {
        "ad_windows_v1.hour_reading", "ad_windows_v1.day_reading", "ad_windows_v1.coverage",
    }  # fmt: skip


async def test_dates_close_under_load_and_never_open_again(plant: Plant) -> None:
    """Days pass while readings of these days come in; then the clock is set back."""
    today = datetime.now(UTC)
    stream = _around(today)
    await plant.worker(CHUNK="20")
    producing = asyncio.create_task(plant.produce(stream, per_second=400))
    for days in (1, 2, -3):
        await plant.passed(len(stream) * max(days, 2) // 4)
        assert await _close(plant, today + timedelta(days=days)) >= today.date()
    await producing
    found = await plant.verdict()
    days = {row[2] for row in found.rows["ad_quarter_hour"]}
    assert days == {today.date() + timedelta(days=1)}


async def test_a_closing_that_leaves_rows_behind_is_noticed(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant moves the date and deletes nothing."""

    async def no_tables(*_arguments: object) -> list[tuple[str, str]]:
        return []

    monkeypatch.setattr(closing, "_open_only", no_tables)
    today = datetime.now(UTC)
    await plant.worker()
    await plant.produce(_around(today))
    await plant.settled()
    await _close(plant, today + timedelta(days=2))
    with pytest.raises(AssertionError, match="ad_quarter_hour"):
        await plant.verdict()


def _around(today: datetime) -> list[Message]:
    days = [today.date() + timedelta(days=offset) for offset in (-1, 0, 1)]
    return disturbed(world(seed=43, shape=Shape(days=days, polls=20)), seed=44)


async def _close(plant: Plant, now: datetime) -> date:
    async with asyncpg.create_pool(plant.database.writer, min_size=1, max_size=1) as pool:
        return await closing.close_dates(pool, registered(), now)
