"""On real servers: each event once, in order, whatever happens to a worker."""

import asyncio
import time

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.records_to_delete import RecordsToDelete
from aiokafka.structs import OffsetAndMetadata

from tests.contract.house import TOPIC, House
from tests.contract.silent_proxy import SilentProxy
from tests.servers.topics import in_own_loop

SEEN = "select count(*) from recording_v1.seen"


def test_each_event_once_in_order_in_chunks_that_lie_end_to_end(house: House) -> None:
    """From an empty group, with Kafka's own offset wiped, and from where it stopped."""
    house.produce(4000)
    first = house.start(chunk_records=100)
    house.await_offsets(4000)
    assert house.stop(first) == 0
    house.produce(800)
    second = house.start(chunk_records=100, group=f"{house.prefix}of-which-kafka-knows-nothing")
    house.await_offsets(4800)
    assert house.stop(second) == 0

    rows = house.query(
        """
        select partition, min(kafka_offset) as first, max(kafka_offset) + 1 as behind, count(*),
            chunk_from, chunk_to, xmin::text::bigint as tx
        from recording_v1.seen group by partition, chunk_from, chunk_to, tx
        order by partition, tx
        """
    )
    edges = dict.fromkeys(range(TOPIC.partitions), 0)
    for row in rows:
        assert row["chunk_from"] == row["first"] == edges[row["partition"]]
        assert row["chunk_to"] == row["behind"] == row["chunk_from"] + row["count"]
        edges[row["partition"]] = row["chunk_to"]
    assert edges == dict.fromkeys(range(TOPIC.partitions), 600)
    assert len(rows) > 3 * TOPIC.partitions


def test_what_kafka_believes_of_our_offsets_decides_nothing(house: House) -> None:
    """A committed offset far behind, far ahead, or of a thing that never was."""
    house.produce(800)
    in_own_loop(_commit(house, {0: 5, 1: 100, 2: 10**9}))
    worker = house.start()
    house.await_offsets(800)
    assert house.query(SEEN)[0][0] == 800
    assert house.stop(worker) == 0


def test_a_hole_is_read_again_from_postgresql_even_from_zero(house: House) -> None:
    """The offset row is set back under a running worker, as if chunks had been lost on the way."""
    house.produce(800)
    worker = house.start()
    house.await_offsets(800)
    house.query("truncate recording_v1.seen")
    house.query("update processing.projection_offset set next_offset = 0 where partition < 4")
    house.query("update processing.projection_offset set next_offset = 50 where partition >= 4")
    house.produce(8)
    house.await_offsets(808)
    assert house.query(SEEN)[0][0] == 4 * 101 + 4 * 51
    assert "hole" in house.log_of(worker)


def test_workers_share_and_a_killed_one_is_replaced(house: House) -> None:
    """A second one joins; the first dies without a word; its partitions are taken over soon.

    One runs Faust's compiled streams and one those in Python, which treat old events differently.
    """
    first = house.start(compiled=False)
    house.produce(400)
    house.await_offsets(400)
    second = house.start()
    made = 400
    for _ in range(200):
        house.produce(8)
        made += 8
        writers = house.query("select count(distinct pid) from recording_v1.seen")[0][0]
        if writers == 2:
            break
        time.sleep(0.05)
    house.await_offsets(made)
    first.kill()
    house.produce(400)
    assert house.await_offsets(made + 400) < 20
    assert house.query(SEEN)[0][0] == made + 400
    assert house.stop(second) == 0
    assert "cython=False" in house.log_of(first)
    assert "cython=True" in house.log_of(second)


def test_history_gone_below_ends_the_worker_for_good(house: House) -> None:
    """The next event was deleted from Kafka before anyone projected it."""
    house.produce(800)
    partition = TopicPartition(TOPIC.physical(house.prefix), 3)
    in_own_loop(_delete_before(house.bootstrap, partition, 20))
    worker = house.start()
    assert house.await_exit(worker) == 78
    assert "holds offsets 20 up to 100" in house.log_of(worker)
    offsets = house.query("select partition, next_offset from processing.projection_offset")
    assert (3, 0) in {tuple(row) for row in offsets}


def test_history_gone_above_ends_a_running_worker_for_good(house: House) -> None:
    """The topic was made anew: what comes now is not what PostgreSQL has seen."""
    house.produce(800)
    worker = house.start()
    house.await_offsets(800)
    in_own_loop(_make_anew(house.bootstrap, TOPIC.physical(house.prefix)))
    house.produce(80)
    assert house.await_exit(worker) == 78
    assert house.query(SEEN)[0][0] == 800


def test_a_worker_that_hangs_ends_itself(house: House) -> None:
    """A fold that never returns: stacks of all threads, and an exit that the supervisor mends."""
    house.produce(8)
    hanging = house.start(stuck=True, patience_ticks=3)
    assert house.await_exit(hanging) == 70
    assert "in stuck" in house.log_of(hanging)


def test_a_worker_waits_until_the_offsets_can_be_read(house: House) -> None:
    """Locked out of them it reads nothing, and goes on by itself when the lock is gone."""
    house.produce(80)

    async def locked_out() -> None:
        connection = await asyncpg.connect(house.database.superuser)
        async with connection.transaction():
            await connection.execute("lock table processing.projection_offset")
            worker = await asyncio.to_thread(house.start)
            while "cannot seek yet" not in house.log_of(worker):  # noqa: ASYNC110  # a file
                await asyncio.sleep(0.1)
        await connection.close()

    in_own_loop(asyncio.wait_for(locked_out(), 20))
    house.await_offsets(80)
    assert house.query(SEEN)[0][0] == 80


def test_a_worker_stops_within_15_seconds_though_its_database_is_silent(house: House) -> None:
    """And nothing is lost: the next one goes on where PostgreSQL stands."""
    with SilentProxy(house.database.writer) as proxy:
        worker = house.start(writer_dsn=proxy.dsn)
        house.produce(80)
        house.await_offsets(80)
        proxy.silence()
        house.produce(80)
        time.sleep(1)
        asked = time.monotonic()
        assert house.stop(worker) == 0
        assert time.monotonic() - asked < 15
    house.start()
    house.await_offsets(160)
    assert house.query(SEEN)[0][0] == 160


async def _commit(house: House, offsets: dict[int, int]) -> None:
    """Let the workers' group have these offsets in Kafka."""
    topic = TOPIC.physical(house.prefix)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=house.bootstrap, group_id=f"{house.prefix}workers"
    )
    await consumer.start()
    consumer.assign([TopicPartition(topic, partition) for partition in offsets])
    await consumer.commit(
        {TopicPartition(topic, p): OffsetAndMetadata(offset, "") for p, offset in offsets.items()}
    )
    await consumer.stop()


async def _delete_before(bootstrap: str, partition: TopicPartition, offset: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.delete_records({partition: RecordsToDelete(offset)})
    await admin.close()


async def _make_anew(bootstrap: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.delete_topics([topic])
    while topic in await admin.list_topics():  # noqa: ASYNC110  # Kafka tells nobody
        await asyncio.sleep(0.1)
    await admin.create_topics([NewTopic(topic, TOPIC.partitions, 1)])
    await admin.close()
