"""What PostgreSQL's catalogue must say of every table, view and function of ours."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

WITHOUT_WORKSPACE = {
    "control.users": "a person may be in several workspaces; rows go with the user",
    "control.master_keys": "counts of the installation's keys; a workspace has data keys",
    "control.clerk_users": "a person's id at Clerk, looked up before any workspace is known",
    "control.webhook_deliveries": "ids of messages that came, of whichever workspace",
    "control.alembic_version": "which migrations have run; `/ready` asks it",
    "processing.projection_offset": "positions in Kafka's partitions, which hold many workspaces",
    "processing.open_from": "one row: the day before which windows are closed, for all",
    "processing.serving": "which version of a projection is served, for all",
}
"""Tables whose rows belong to no one workspace, each with its reason."""

NOT_FIRST_IN_KEY = {
    "control.sessions": "a user's, not a workspace's, which changes when they switch; by user",
    "processing.dead_letter": "what cannot be decoded has no workspace; no reader sees such rows",
}
"""Tables that have a workspace, but not first in their key, each with its reason."""

_OURS = "n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')"

_TABLES = f"""
select n.nspname || '.' || c.relname as name, c.relrowsecurity as enabled,
    c.relforcerowsecurity as forced, c.relispartition as partition,
    exists (select 1 from pg_policy p where p.polrelid = c.oid) as policy,
    exists (select 1 from pg_attribute a where a.attrelid = c.oid
        and a.attname = 'workspace_id' and not a.attisdropped) as workspace,
    (select a.attname from pg_index i join pg_attribute a
        on a.attrelid = c.oid and a.attnum = i.indkey[0]
        where i.indrelid = c.oid and i.indisprimary) as first_key,
    exists (select 1 from aclexplode(c.relacl) g
        where g.grantee <> c.relowner) as granted
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and {_OURS} and c.relpersistence <> 't'
order by 1
"""

_VIEWS = f"""
select n.nspname || '.' || c.relname as name, c.relkind::text as kind,
    coalesce(c.reloptions::text[] && array['security_invoker=true', 'security_invoker=on',
        'security_invoker=1'], false) as invoker,
    exists (select 1 from aclexplode(c.relacl) g where g.grantee <> c.relowner) as granted
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('v', 'm') and {_OURS} and c.relpersistence <> 't'
order by 1
"""

_DEFINERS = f"""
select n.nspname || '.' || p.proname as name, pg_get_userbyid(p.proowner) as owner,
    coalesce(array_to_string(p.proconfig, ',') like 'search_path=pg_catalog%', false) as pinned,
    exists (select 1 from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
        where g.grantee = 0) as public
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where p.prosecdef and {_OURS}
order by 1
"""

_ROLES = """
select r.rolname as name, r.rolsuper as super, r.rolbypassrls as bypass, r.rolcanlogin as login,
    array(select l.rolname::text from pg_roles l where l.rolname <> r.rolname
        and (l.rolsuper or l.rolbypassrls) and pg_has_role(r.oid, l.oid, 'set')) as becomes,
    exists (select 1 from pg_class c where c.relowner = r.oid) as owns
from pg_roles r where r.rolname like 'metricx\\_%' order by 1
"""


@dataclass(frozen=True)
class Expected:
    """What a role may be."""

    bypass: bool = False
    login: bool = True
    owns: bool = False
    becomes: tuple[str, ...] = ()


ROLES = {
    "metricx_auditor": Expected(bypass=True),
    "metricx_control": Expected(),
    "metricx_lookup": Expected(bypass=True, login=False),
    # It makes the lookup functions in the name of their role; it is DDL's, and serves no request.
    "metricx_owner": Expected(owns=True, becomes=("metricx_lookup",)),
    "metricx_reader": Expected(),
    "metricx_writer": Expected(),
}


async def findings(db: AsyncConnection) -> list[str]:
    """Every way in which the database of this connection could leak; empty is good."""
    return [
        *await _of_tables(db),
        *await _of_views(db),
        *await _of_definers(db),
        *await _of_roles(db),
    ]


async def _of_tables(db: AsyncConnection) -> list[str]:
    found: list[str] = []
    for table in (await db.execute(text(_TABLES))).mappings():
        name = str(table["name"])
        if table["partition"]:
            # A partition is read past its parent's policy by whoever may read it.
            if table["granted"]:
                found.append(f"{name}: a partition is granted")
            continue
        if not table["workspace"]:
            if name not in WITHOUT_WORKSPACE:
                found.append(f"{name}: no workspace, and no reason in the list")
            continue
        if not table["enabled"]:
            found.append(f"{name}: row level security is not enabled")
        if not table["forced"]:
            found.append(f"{name}: row level security is not forced")
        if not table["policy"]:
            found.append(f"{name}: no policy")
        if table["first_key"] != "workspace_id" and name not in NOT_FIRST_IN_KEY:
            found.append(f"{name}: workspace_id is not first in the primary key")
    return found


async def _of_views(db: AsyncConnection) -> list[str]:
    found: list[str] = []
    for view in (await db.execute(text(_VIEWS))).mappings():
        if view["kind"] == "m":
            if view["granted"]:
                found.append(f"{view['name']}: a materialized view is granted")
        elif not view["invoker"]:
            found.append(f"{view['name']}: a view without security_invoker")
    return found


async def _of_definers(db: AsyncConnection) -> list[str]:
    found: list[str] = []
    for function in (await db.execute(text(_DEFINERS))).mappings():
        if function["owner"] != "metricx_lookup":
            found.append(f"{function['name']}: a definer function of {function['owner']}")
        if not function["pinned"]:
            found.append(f"{function['name']}: a definer function without a search_path")
        if function["public"]:
            found.append(f"{function['name']}: a definer function for everyone")
    return found


async def _of_roles(db: AsyncConnection) -> list[str]:
    rows = {row["name"]: row for row in (await db.execute(text(_ROLES))).mappings()}
    found = [f"{name}: there is no such role" for name in ROLES if name not in rows]
    for name, row in rows.items():
        expected = ROLES.get(name)
        actual = Expected(row["bypass"], row["login"], row["owns"], tuple(row["becomes"]))
        if row["super"] or actual != expected:
            found.append(f"{name}: {actual}, not {expected}")
    return found
