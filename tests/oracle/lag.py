"""Whether the workers have caught up: Kafka's ends against PostgreSQL's offsets."""

import asyncio
import time

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.oracle.repeats import Lane

TOPICS = ("ad-metrics", "ad-entities", "sync-requests", "sync-runs")
"""The topics that some projection reads."""

PARTITIONS = 8


class BehindError(Exception):
    """The workers did not catch up in time; no word about what they have written."""


async def caught_up(bootstrap: str, prefix: str, auditor: str, within: float) -> None:
    """Wait until every projection stands at the end of every partition that holds events."""
    deadline = time.monotonic() + within
    while (behind := await lag(bootstrap, prefix, auditor)) > 0:
        if time.monotonic() > deadline:
            raise BehindError(f"{behind} records behind after {within} s")
        await asyncio.sleep(0.2)


async def lag(bootstrap: str, prefix: str, auditor: str) -> int:
    """How many records the slowest projections have still before them."""
    ends = await _ends(bootstrap, prefix)
    connection = await asyncpg.connect(auditor, timeout=10)
    try:
        rows = await connection.fetch(
            "SELECT topic, partition, min(next_offset) AS at"
            " FROM processing.projection_offset GROUP BY 1, 2"
        )
    finally:
        await connection.close()
    at = {(row["topic"], row["partition"]): row["at"] for row in rows}
    return sum(end - at.get(lane, 0) for lane, end in ends.items())


async def _ends(bootstrap: str, prefix: str) -> dict[Lane, int]:
    lanes = [
        TopicPartition(f"{prefix}{topic}", partition)
        for topic in TOPICS
        for partition in range(PARTITIONS)
    ]
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        consumer.assign(lanes)
        ends = await consumer.end_offsets(lanes)
    return {(lane.topic.removeprefix(prefix), lane.partition): end for lane, end in ends.items()}
