"""Positions: which events the figures of a transaction include.

Read in the same REPEATABLE READ transaction as the figures, so they are neither ahead of them nor
behind. A bare counter would lose what commits late; a vector of offsets cannot, since rows and
offset of a partition move in one transaction.
"""

import re
from collections.abc import Mapping
from enum import Enum

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from readmodels.tables.processing import projection_offset, serving

Partition = tuple[str, str, int]  # "ad_windows.v1", "ad-metrics", 0
Position = Mapping[Partition, int]
LONGEST = 16_384
_PART = re.compile(r"([a-z0-9_]+\.v\d{1,9})/([A-Za-z0-9._-]+)/(\d{1,6})=(\d{1,19})")


class Standing(Enum):
    """Where a reader stands who had got so far."""

    EQUAL = "equal"  # nothing to tell
    BEHIND = "behind"  # or of another version: a snapshot tells all
    AHEAD = "ahead"  # has seen what is no longer there: must forget first
    UNKNOWN = "unknown"  # cannot be read as a position


def written(position: Position) -> str:
    """The position as it goes over the wire, sorted; '' where nothing is projected."""
    return ",".join(
        f"{projection}/{topic}/{partition}={offset}"
        for (projection, topic, partition), offset in sorted(position.items())
    )


def read(text: str | None) -> dict[Partition, int] | None:
    """The position that a client sent; None if it is none."""
    if not text or len(text) > LONGEST:
        return None
    found: dict[Partition, int] = {}
    for part in text.split(","):
        if not (match := _PART.fullmatch(part)):
            return None
        projection, topic, partition, offset = match.groups()
        found[projection, topic, int(partition)] = int(offset)
    return found


def standing(client: Position | None, ours: Position) -> Standing:
    """Where a client stands against the figures that are served.

    A partition that we no longer have, of a version that is served, is a topic made anew; of
    another version it only means that the client must read all again.
    """
    if client is None:
        return Standing.UNKNOWN
    if client == ours:
        return Standing.EQUAL
    versions = {projection for projection, _, _ in ours}
    for partition, offset in client.items():
        gone = partition not in ours and partition[0] in versions
        if gone or offset > ours.get(partition, offset):
            return Standing.AHEAD
    return Standing.BEHIND


async def position(db: AsyncConnection) -> dict[Partition, int]:
    """The next offset of every partition of each projection version that the views show."""
    return {
        (f"{projection}.v{version}", topic, partition): offset
        for projection, version, topic, partition, offset in await db.execute(_SERVED)
    }


_at = projection_offset.c
_SERVED = select(_at.projection, _at.version, _at.topic, _at.partition, _at.next_offset).join_from(
    projection_offset,
    serving,
    and_(_at.projection == serving.c.projection, _at.version == serving.c.version),
)
