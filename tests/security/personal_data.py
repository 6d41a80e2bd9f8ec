"""Looks for marked personal data wherever metricx keeps or says anything (S17)."""

from collections.abc import AsyncIterator, Collection, Iterator
from pathlib import Path

from aiokafka import AIOKafkaConsumer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.database import engine

_COLUMNS = """
select n.nspname as schema, c.relname as table, a.attname as column,
    format_type(a.atttypid, a.atttypmod) as kind
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    and c.relpersistence <> 't'
order by 1, 2, a.attnum
"""

ALLOWED = {
    "control.users.email": "by which a person signs in",
    "control.invitations.email": "who alone may accept",
}
"""Columns in which people of ours may be named, each with its reason."""


async def in_tables(auditor_dsn: str, marks: Collection[str]) -> list[str]:
    """`schema.table.column: mark` of each column that holds one, as text or as bytes."""
    found: list[str] = []
    auditor = engine(auditor_dsn, pool_size=1, command_timeout_seconds=60)
    async with auditor.connect() as db:
        async for name, holds in _columns(db):
            found += [
                f"{name}: {mark}" for mark in marks if await db.scalar(text(holds), {"mark": mark})
            ]
    await auditor.dispose()
    return found


async def in_topics(bootstrap: str, prefix: str, marks: Collection[str]) -> list[str]:
    """`topic: mark` of each topic whose keys or values hold one."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    found: set[str] = set()
    try:
        names = [name for name in await consumer.topics() if name.startswith(prefix)]
        consumer.subscribe(names)
        while not consumer.assignment():
            await consumer.getmany(timeout_ms=100)
        await consumer.seek_to_beginning()
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            for tp, records in (await consumer.getmany(timeout_ms=200)).items():
                for record in records:
                    held = (record.key or b"") + (record.value or b"")
                    found |= {f"{tp.topic}: {mark}" for mark in _held(held, marks)}
    finally:
        await consumer.stop()
    return sorted(found)


def in_files(folder: Path, marks: Collection[str]) -> list[str]:
    """`file: mark` of each file of the folder that holds one."""
    return [
        f"{file.relative_to(folder)}: {mark}"
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        for mark in _held(file.read_bytes(), marks)
    ]


def beyond_what_is_allowed(found: Collection[str]) -> list[str]:
    """Those that stand in no column of `ALLOWED`."""
    return [each for each in found if each.partition(": ")[0] not in ALLOWED]


def _held(content: bytes, marks: Collection[str]) -> Iterator[str]:
    folded = content.lower()
    return (mark for mark in marks if mark.lower().encode() in folded)


async def _columns(db: AsyncConnection) -> AsyncIterator[tuple[str, str]]:
    """Each column, and a query that says whether it holds the mark."""
    for column in (await db.execute(text(_COLUMNS))).mappings().all():
        table, name = f'"{column["schema"]}"."{column["table"]}"', f'"{column["column"]}"'
        holds = (
            f"position(convert_to(:mark, 'UTF8') in {name}) > 0"
            if column["kind"] == "bytea"
            else f"position(lower(:mark) in lower({name}::text)) > 0"
        )
        label = f"{column['schema']}.{column['table']}.{column['column']}"
        yield label, f"select true from {table} where {holds} limit 1"
