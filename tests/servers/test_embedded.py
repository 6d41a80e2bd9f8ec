"""Kafka and PostgreSQL of our own: kept data, faults, and no process left behind."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from runtime.embedded import KafkaServer, PostgresServer
from runtime.embedded.jars import fetch
from runtime.embedded.server import ServerError
from runtime.errors import TopicMismatch
from runtime.topics import create_topics
from schemas.topics import Topic
from tests.servers.pair import Pair
from tests.servers.places import run_directory

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """One pair for this file; each test leaves it running."""
    data = run_directory() / "embedded"
    pair = Pair(KafkaServer(data / "kafka"), PostgresServer(data / "postgres"))
    pair.start()
    yield pair
    pair.close()


async def test_kafka_keeps_what_it_acknowledged_over_a_kill(pair: Pair) -> None:
    """On the same port, so that clients find it again."""
    await create_topics(pair.kafka.bootstrap, "kill.")
    topic, bootstrap = Topic.AD_METRICS.physical("kill."), pair.kafka.bootstrap
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
        await producer.send_and_wait(topic, b"kept", partition=0)
    await asyncio.to_thread(pair.kafka.kill)
    await asyncio.to_thread(pair.kafka.start)
    assert pair.kafka.bootstrap == bootstrap
    async with AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest"
    ) as consumer:
        assert (await consumer.getone()).value == b"kept"


async def test_postgres_keeps_what_it_committed_over_a_kill(pair: Pair) -> None:
    """And no process of the killed one is left."""
    connection = await asyncpg.connect(pair.postgres.dsn())
    await connection.execute("create table kept (one int)")
    await connection.execute("insert into kept values (1)")
    members = psutil.Process(pair.postgres.pid).children(recursive=True)
    await asyncio.to_thread(pair.postgres.kill)
    assert not [member for member in members if member.is_running()]
    await asyncio.to_thread(pair.postgres.start)
    connection = await asyncpg.connect(pair.postgres.dsn())
    assert await connection.fetchval("select one from kept") == 1
    await connection.close()


def test_a_server_outlives_the_thread_that_started_it(own_data: Callable[[], Path]) -> None:
    """Only the end of the process ends it."""
    server = PostgresServer(own_data())
    starting = threading.Thread(target=server.start)
    starting.start()
    starting.join()
    time.sleep(0.3)
    assert server.is_ready()
    server.kill()


@pytest.mark.parametrize("name", ["kafka", "postgres"])
async def test_a_paused_server_answers_nobody_and_then_goes_on(pair: Pair, name: str) -> None:
    """The process is the same one afterwards."""
    server = pair.kafka if name == "kafka" else pair.postgres
    pid = server.pid
    server.pause()
    assert not await asyncio.to_thread(server.is_ready)
    server.resume()
    await asyncio.to_thread(server.wait_ready)
    assert server.pid == pid


async def test_postgres_wants_the_password(pair: Pair) -> None:
    """Also from this machine; the superuser's is readable by its owner alone."""
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(pair.postgres.dsn(password="wrong"))
    file = pair.postgres.data / "superuser.password"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_no_topic_is_made_by_asking_for_it(pair: Pair) -> None:
    """A mistyped name is an error, not a topic with a partition count of its own."""
    async with AIOKafkaProducer(bootstrap_servers=pair.kafka.bootstrap) as producer:
        assert await producer.client.fetch_all_metadata()
        await producer.client.add_topic("mistyped")
        assert "mistyped" not in producer.client.cluster.topics()


async def test_a_topic_of_another_partition_count_is_refused(pair: Pair) -> None:
    """Its keys would lie elsewhere than a producer puts them."""
    from aiokafka.admin import AIOKafkaAdminClient, NewTopic

    admin = AIOKafkaAdminClient(bootstrap_servers=pair.kafka.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(Topic.SYNC_RUNS.physical("odd."), 3, 1)])
    await admin.close()
    with pytest.raises(TopicMismatch, match=r"odd\.sync-runs"):
        await create_topics(pair.kafka.bootstrap, "odd.")


def test_a_stopped_pair_starts_on_its_ports_with_its_data(pair: Pair) -> None:
    """Graceful, within seconds."""
    where = (pair.kafka.bootstrap, pair.postgres.dsn())
    pair.kafka.stop()
    pair.postgres.stop()
    assert (pair.kafka.pid, pair.postgres.pid) == (None, None)
    again = Pair(KafkaServer(pair.kafka.data), PostgresServer(pair.postgres.data))
    assert (again.kafka.bootstrap, again.postgres.dsn()) == where
    pair.start()


def test_servers_end_with_the_process_that_started_them(own_data: Callable[[], Path]) -> None:
    """Also when it is killed -9; and a strict umask locks them out of nothing."""
    starter = subprocess.Popen(
        [sys.executable, "-m", "runtime.embedded", "--data", str(own_data())],
        stdout=subprocess.PIPE,
        text=True,
        umask=0o077,
    )
    assert starter.stdout is not None
    said = ""
    while not said.endswith("\n}\n"):
        said += starter.stdout.readline()
    where = json.loads(said)
    servers = [psutil.Process(where[name]["pid"]) for name in ("kafka", "postgres")]
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    _, alive = psutil.wait_procs(servers, timeout=10)
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]


def test_a_jar_that_differs_from_the_list_is_not_used(tmp_path: Path) -> None:
    """The list is part of the repository; the registry's word is not enough."""
    sums = tmp_path / "binding.sha256"
    sums.write_text(f"{'0' * 64}  slf4j-api-1.7.36.jar\n")
    with pytest.raises(ServerError, match=r"slf4j-api-1\.7\.36\.jar"):
        fetch("org.slf4j:slf4j-api:1.7.36", sums, tmp_path / "jars")
    assert not list((tmp_path / "jars").glob("*/*.jar"))
