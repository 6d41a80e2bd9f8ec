"""Rows of two tenants in every table that has a workspace, made from the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_TABLES = """
select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
where c.relkind in ('r', 'p') and not c.relispartition
    and n.nspname not in ('pg_catalog', 'information_schema')
order by 1
"""

_COLUMNS = """
select a.attname as name, format_type(a.atttypid, a.atttypmod) as kind, a.attnotnull as needed
from pg_attribute a where a.attrelid = cast(:table as regclass) and a.attnum > 0
    and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
"""

_VALUES = {
    "bigint": "(random() * 1e12)::bigint",
    "boolean": "false",
    "bytea": "decode(repeat('00', 32), 'hex')",
    "date": "current_date",
    "integer": "0",
    "jsonb": "'{}'",
    "smallint": "0",
    "text": "'x'",
    "timestamp with time zone": "now()",
    "uuid": "gen_random_uuid()",
}

_DIGEST = "sha256(random()::text::bytea)"

# Where a check says which values there are.
_CHECKED: Mapping[str, str] = {
    "control.workspaces.currency": "'USD'",
    "control.workspaces.week_start": "'monday'",
    "control.memberships.role": "'viewer'",
    "control.connections.provider": "'meta'",
    "control.connections.state": "'active'",
    "control.poll_work.state": "'due'",
    "control.sessions.session_digest": _DIGEST,
    "control.invitations.role": "'viewer'",
    "control.invitations.token_digest": _DIGEST,
    "control.api_keys.scopes": "'{x}'",
    "control.api_keys.key_digest": _DIGEST,
    "control.audit_log.actor_kind": "'system'",
    "control.audit_log.action": "'thing.happened'",
    "control.data_keys.uses": "0",
    "control.tokens.provider": "'meta'",
    "control.oauth_states.provider": "'meta'",
    "control.subject_keys.destroyed_at": "now()",
}


@dataclass(frozen=True)
class Planted:
    """Two workspaces, each with one row in each of `tables`."""

    mine: UUID
    foreign: UUID
    tables: tuple[str, ...]


async def plant(superuser: AsyncConnection) -> Planted:
    """The rows; references between tables are not kept, for only who sees them matters."""
    await superuser.execute(text("set local session_replication_role = replica"))
    tables = tuple((await superuser.scalars(text(_TABLES))).all())
    planted = Planted(uuid4(), uuid4(), tables)
    for table in tables:
        columns = (await superuser.execute(text(_COLUMNS), {"table": table})).mappings().all()
        for workspace_id in (planted.mine, planted.foreign):
            values = {
                str(column["name"]): _value(table, column, workspace_id)
                for column in columns
                if column["needed"]
                or f"{table}.{column['name']}" in _CHECKED
                or column["name"] == "workspace_id"
            }
            names = ", ".join(f'"{name}"' for name in values)
            await superuser.exec_driver_sql(
                f"insert into {table} ({names}) values ({', '.join(values.values())})"
            )
    return planted


def _value(table: str, column: Mapping[Any, Any], workspace_id: UUID) -> str:
    name, kind = str(column["name"]), str(column["kind"])
    if name == "workspace_id":
        return f"'{workspace_id}'"
    checked = _CHECKED.get(f"{table}.{name}")
    if checked is not None:
        return checked
    if kind.endswith("[]"):
        return "'{}'"
    return _VALUES.get(kind, "'x'")
