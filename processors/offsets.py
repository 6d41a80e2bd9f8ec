"""The only record of how far each projection is: one row per topic and partition."""

from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg

from processors.projection import Projection
from schemas.topics import Topic


async def ensure(
    pool: "asyncpg.Pool[asyncpg.Record]",
    projections: Iterable[Projection[Any, Any]],
    topic: Topic,
    partitions: Sequence[int],
) -> None:
    """A row at 0 for each partition that a projection of the topic has never seen."""
    for projection in projections:
        if topic in projection.topics:
            await pool.execute(
                """
                INSERT INTO processing.projection_offset (projection, version, topic, partition)
                SELECT $1, $2, $3, unnest($4::int[]) ORDER BY 4 ON CONFLICT DO NOTHING
                """,
                projection.name,
                projection.version,
                topic.value,
                list(partitions),
            )


async def positions(
    pool: "asyncpg.Pool[asyncpg.Record]",
    projections: Iterable[Projection[Any, Any]],
    topic: Topic,
    partitions: Sequence[int],
) -> dict[int, int]:
    """Per partition, the smallest next offset among the projections: where reading goes on."""
    live = [(each.name, each.version) for each in projections if topic in each.topics]
    rows = await pool.fetch(
        """
        SELECT partition, min(next_offset) AS next_offset FROM processing.projection_offset
        JOIN unnest($1::text[], $2::int[]) AS live(projection, version)
            USING (projection, version)
        WHERE topic = $3 AND partition = ANY($4::int[])
        GROUP BY partition
        """,
        [name for name, _ in live],
        [version for _, version in live],
        topic.value,
        list(partitions),
    )
    return {row["partition"]: row["next_offset"] for row in rows}
