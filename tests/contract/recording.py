"""A projection that writes down which records it was given, in which chunks, and by whom."""

import os
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Uuid

from processors.chunk import Chunk
from processors.projection import Folded, Projection
from processors.tx import Tx
from schemas.topics import Topic

metadata = MetaData()

seen = Table(
    "seen",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("kafka_offset", BigInteger, primary_key=True),
    Column("chunk_from", BigInteger),
    Column("chunk_to", BigInteger),
    Column("pid", Integer),
)
"""One row per record; a record given twice breaks the primary key."""

Rows = list[tuple[Any, ...]]


async def load(_tx: Tx, _chunk: Chunk) -> None:
    """Nothing is needed."""


def fold(chunk: Chunk, _state: None) -> Folded[Rows]:
    """Each event as a row."""
    return Folded(
        [
            (
                event.workspace_id,
                chunk.partition,
                offset,
                chunk.from_offset,
                chunk.to_offset,
                os.getpid(),
            )
            for offset, event in chunk.events
        ],
        chunk.rejects,
    )


async def apply(tx: Tx, rows: Rows) -> None:
    """Insert only: no row may be there."""
    await tx.execute(
        """
        INSERT INTO seen SELECT * FROM unnest(
            $1::uuid[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::int[])
        """,
        *([list(column) for column in zip(*rows, strict=True)] or [[]] * 6),
    )


projection = Projection(
    name="recording",
    version=1,
    topics=(Topic.SYNC_REQUESTS,),
    tables=(seen,),
    views={},
    load=load,
    fold=fold,
    apply=apply,
)
