"""Where a reject goes: one row in `dead_letter`, in the transaction that passes its offset."""

from collections.abc import Iterable
from hashlib import blake2b
from traceback import extract_tb
from typing import Any
from uuid import UUID

import msgspec

from processors.chunk import Chunk, Record, Reject
from processors.projection import Projection
from processors.tx import Tx

_DETAIL_LENGTH = 1_000


class _Names(msgspec.Struct):
    """What can still be read of an event that is none."""

    workspace_id: UUID | None = None
    event_id: UUID | None = None


async def park(
    tx: Tx,
    projection: Projection[Any, Any],
    chunk: Chunk,
    rejects: Iterable[Reject],
) -> int:
    """Keep the rejected records whole, with the reason; how many there were.

    A record that two steps refuse is one dead letter.
    """
    by_offset = {reject.offset: reject for reject in rejects}
    if not by_offset:
        return 0
    records = {record.offset: record for record in chunk.records}
    rows = [_row(records[offset], reject) for offset, reject in sorted(by_offset.items())]
    await tx.execute(
        """
        INSERT INTO processing.dead_letter (projection, version, topic, partition, "offset",
            reason, detail, workspace_id, event_id, key, value, stack_hash)
        SELECT $1, $2, $3, $4, * FROM unnest($5::bigint[], $6::text[], $7::text[],
            $8::uuid[], $9::uuid[], $10::bytea[], $11::bytea[], $12::text[])
        """,
        projection.name,
        projection.version,
        chunk.topic.value,
        chunk.partition,
        *(list(column) for column in zip(*rows, strict=True)),
    )
    return len(rows)


def stack_hash(error: BaseException) -> str:
    """The same for errors that were raised at the same place, whatever their message."""
    digest = blake2b(type(error).__qualname__.encode(), digest_size=8)
    for frame in extract_tb(error.__traceback__):
        digest.update(f"{frame.name}:{frame.line}".encode())
    return digest.hexdigest()


def _row(record: Record, reject: Reject) -> tuple[Any, ...]:
    names = _names(record.value)
    return (
        record.offset,
        reject.reason,
        reject.detail.replace("\x00", "\\0")[:_DETAIL_LENGTH],
        names.workspace_id,
        names.event_id,
        record.key,
        record.value,
        reject.stack_hash,
    )


def _names(value: bytes | None) -> _Names:
    for wanted in (_Names, _OnlyWorkspace):
        try:
            found = msgspec.json.decode(value or b"", type=wanted)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue
        return _Names(found.workspace_id, getattr(found, "event_id", None))
    return _Names()


class _OnlyWorkspace(msgspec.Struct):
    workspace_id: UUID | None = None
