"""What every other test of a server leans on."""

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from runtime.migrate import migrate
from schemas.topics import Topic
from tests.servers.databases import Database


async def test_a_record_comes_back_from_the_real_kafka(kafka_bootstrap: str, topics: str) -> None:
    """Topics of the catalogue lie under the test's own prefix."""
    name = Topic.AD_METRICS.physical(topics)
    async with AIOKafkaProducer(bootstrap_servers=kafka_bootstrap) as producer:
        sent = await producer.send_and_wait(name, b"v", b"k", partition=3)
    assert (sent.partition, sent.offset) == (3, 0)

    consumer = AIOKafkaConsumer(
        name, bootstrap_servers=kafka_bootstrap, auto_offset_reset="earliest"
    )
    async with consumer:
        assert (await consumer.getone()).value == b"v"


async def test_each_role_sees_the_same_fresh_database(database: Database) -> None:
    """All five can connect; none of them is a superuser."""
    for dsn in (
        database.owner,
        database.writer,
        database.control,
        database.reader,
        database.auditor,
    ):
        connection = await asyncpg.connect(dsn)
        assert await connection.fetchval("select current_database()") == database.name
        assert await connection.fetchval("show is_superuser") == "off"
        await connection.close()


async def test_a_second_migration_changes_nothing(database: Database) -> None:
    """`metricx migrate` may run at each start."""
    await migrate(database.owner)
