"""Partitions change hands every few seconds, from a consumer group's first second on."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.contract.house import House, open_house
from tests.servers.databases import Database

SECONDS = 90


@pytest.fixture
def house(kafka_bootstrap: str, topics: str, database: Database, tmp_path: Path) -> Iterator[House]:
    """Topics, tables, and no worker yet."""
    with open_house(kafka_bootstrap, topics, database, tmp_path) as house:
        yield house


@pytest.mark.chaos
@pytest.mark.timeout(300)
@pytest.mark.parametrize("compiled", [True, False], ids=["cython", "python"])
def test_a_storm_of_rebalances_from_a_group_s_first_second_on(house: House, compiled: bool) -> None:
    """Workers come, go in order or are killed every few seconds; each event is there once."""
    random, workers, made = Random(1), [house.start(compiled=compiled)], 0
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        house.produce(80)
        made += 80
        if random.random() < 0.5 and len(workers) < 3:
            workers.append(house.start(compiled=compiled))
        elif len(workers) > 1:
            leaves = workers.pop(random.randrange(len(workers)))
            leaves.send_signal(random.choice((signal.SIGTERM, signal.SIGKILL)))
        time.sleep(random.uniform(0.5, 3))
    house.await_offsets(made, 40)
    assert house.query("select count(*) from recording_v1.seen")[0][0] == made
    assert all(worker.poll() is None for worker in workers)
