"""PostgreSQL hangs for a minute, and dies (R5): the workers wait in place and go on."""

import asyncio
import os
import signal

import asyncpg
import pytest

from tests.chaos.load import endless, load, until
from tests.integration.plant import Plant
from tests.servers.pair import Pair

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]

HUNG_SECONDS = 60


async def test_a_minute_of_a_hung_postgresql_changes_no_number(
    own_plant: tuple[Plant, Pair],
) -> None:
    """Every process of the server is stopped; no worker ends, the lag drains by itself."""
    plant, pair = own_plant
    workers = [await plant.worker(CHUNK="100"), await plant.worker(CHUNK="100")]
    over = asyncio.Event()
    producing = asyncio.create_task(plant.produce(until(over.is_set, endless(3)), per_second=200))
    await plant.passed(1_000)

    pair.postgres.pause()
    await asyncio.sleep(HUNG_SECONDS)
    pair.postgres.resume()
    await asyncio.sleep(5)
    over.set()

    assert await producing > 10_000
    await plant.verdict()
    assert [worker.exits for worker in workers] == [[], []]


async def test_ten_deaths_of_postgresql_change_no_number(own_plant: tuple[Plant, Pair]) -> None:
    """Rows that were not on disk vanish together with their offsets, and are read again."""
    plant, pair = own_plant
    worker = await plant.worker(CHUNK="50")
    over = asyncio.Event()
    producing = asyncio.create_task(plant.produce(until(over.is_set, endless(4)), per_second=300))
    await plant.passed(500)

    for death in range(10):
        if death % 4 == 3:  # immediate: the server ends its sessions, and says so to them
            assert pair.postgres.pid
            os.kill(pair.postgres.pid, signal.SIGQUIT)
            await asyncio.sleep(1)
        pair.postgres.kill()
        await asyncio.to_thread(pair.postgres.start)
        await asyncio.sleep(3)
    over.set()

    await producing
    await plant.verdict()
    assert worker.exits == []


async def test_commits_that_vanish_are_read_again_before_anything_follows(
    own_plant: tuple[Plant, Pair],
) -> None:
    """The server dies with commits in its memory alone, after the last event of all."""
    plant, pair = own_plant
    superuser = await asyncpg.connect(plant.database.superuser)
    for setting in ("wal_writer_delay = '10s'", "wal_writer_flush_after = '1GB'"):
        await superuser.execute(f"ALTER SYSTEM SET {setting}")
    await superuser.execute("SELECT pg_reload_conf()")
    await superuser.close()
    worker = await plant.worker()
    sent = await plant.produce(load(seed=6, messages=200))
    await plant.passed(sent)

    pair.postgres.kill()
    await asyncio.to_thread(pair.postgres.start)

    await plant.verdict()
    assert "commits vanished: reading again" in plant.log_of(0)
    assert worker.exits == []


async def test_a_worker_that_overlooks_vanished_rows_is_noticed(
    own_plant: tuple[Plant, Pair],
) -> None:
    """The mutant goes on where it stood in memory, over the hole that the server's death left."""
    plant, pair = own_plant
    await plant.worker(CHUNK="20", MUTANT="offset_unseen")
    messages = load(seed=5, messages=8_000)
    producing = asyncio.create_task(plant.produce(messages, per_second=300))
    await plant.passed(500)
    for _ in range(3):
        pair.postgres.kill()
        await asyncio.to_thread(pair.postgres.start)
        await asyncio.sleep(3)
    await producing
    with pytest.raises(AssertionError, match="rows missing"):
        await plant.verdict()
