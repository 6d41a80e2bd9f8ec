"""How far the live projections have come, beside how far Kafka's topics go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self, cast

from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from processors.projection import registered
from readmodels.tables.processing import dead_letter, projection_offset, serving
from runtime.errors import ServerAway
from runtime.reaching import reaching_kafka
from schemas.topics import Topic

Ends = Mapping[tuple[Topic, int], int]


@dataclass(frozen=True)
class Position:
    """Where one projection stands in one partition."""

    projection: str
    version: int
    topic: Topic
    partition: int
    next_offset: int
    dead: int

    def behind(self, ends: Ends) -> int:
        """Events that it has yet to pass."""
        return max(0, ends.get((self.topic, self.partition), 0) - self.next_offset)


class Reach:
    """Asks PostgreSQL and Kafka; changes nothing."""

    def __init__(self, auditor: AsyncEngine, bootstrap: str, topic_prefix: str) -> None:
        self._auditor = auditor
        self._prefix = topic_prefix
        self._bootstrap = bootstrap
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap, enable_auto_commit=False, client_id="metricx-reach"
        )

    async def __aenter__(self) -> Self:
        try:
            with reaching_kafka(self._bootstrap):
                await self._consumer.start()
                missing = {topic.physical(self._prefix) for topic in _topics()}
                missing -= await self._consumer.topics()
            if missing:  # else the client would ask for their ends for 40 seconds
                raise ServerAway(
                    f"Kafka at {self._bootstrap} lacks {', '.join(sorted(missing))}.",
                    "Run `metricx migrate` first.",
                )
        except BaseException:
            await self._consumer.stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._consumer.stop()

    async def ends(self) -> Ends:
        """One more than the last offset of each partition that a live projection reads."""
        partitions = {
            TopicPartition(topic.physical(self._prefix), partition): (topic, partition)
            for topic in _topics()
            for partition in range(topic.partitions)
        }
        with reaching_kafka(self._bootstrap):
            found = cast(
                "dict[TopicPartition, int]",
                await self._consumer.end_offsets(list(partitions)),  # pyright: ignore[reportUnknownMemberType]
            )
        return {partitions[partition]: end for partition, end in found.items()}

    async def positions(self) -> list[Position]:
        """Those of the live versions; a partition that nobody was given yet stands at 0."""
        offset = projection_offset.c
        query = select(
            offset.projection,
            offset.version,
            offset.topic,
            offset.partition,
            offset.next_offset,
            offset.dead,
        )
        async with self._auditor.connect() as connection:
            known = {tuple(row[:4]): row for row in await connection.execute(query)}
        found: list[Position] = []
        for live in registered():
            for topic in live.topics:
                for partition in range(topic.partitions):
                    row = known.get((live.name, live.version, topic.value, partition))
                    next_offset, dead = (row.next_offset, row.dead) if row else (0, 0)
                    found.append(
                        Position(live.name, live.version, topic, partition, next_offset, dead)
                    )
        return found

    async def shown(self) -> dict[str, int]:
        """The version of each projection that readers see."""
        async with self._auditor.connect() as connection:
            rows = await connection.execute(select(serving.c.projection, serving.c.version))
            return {row.projection: row.version for row in rows}

    async def dead_since(self, since: datetime) -> dict[str, int]:
        """How many events each live version has refused since then; those that refused none out."""
        parked = dead_letter.c
        query = (
            select(parked.projection, func.count().label("refused"))
            .where(parked.parked_at > since)
            .where(tuple_(parked.projection, parked.version).in_(_live_versions()))
            .group_by(parked.projection)
        )
        async with self._auditor.connect() as connection:
            return {row.projection: row.refused for row in await connection.execute(query)}


def _topics() -> set[Topic]:
    return {topic for live in registered() for topic in live.topics}


def _live_versions() -> list[tuple[str, int]]:
    return [(live.name, live.version) for live in registered()]
