"""Row level security on every table there is, asked of the catalogue."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.database import engine, transaction
from tests.security.catalogue import NOT_FIRST_IN_KEY, WITHOUT_WORKSPACE, findings
from tests.security.planted import Planted, plant
from tests.servers.databases import Database

_READABLE = """
select n.nspname || '.' || c.relname as name,
    exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id')
        as workspace
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
    and has_schema_privilege(n.oid, 'usage') and has_any_column_privilege(c.oid, 'select')
order by 1
"""


@pytest.fixture
async def superuser(module_database: Database) -> AsyncIterator[AsyncEngine]:
    made = engine(module_database.superuser, pool_size=1)
    yield made
    await made.dispose()


@pytest.fixture(params=["reader", "control"])
async def serving(
    request: pytest.FixtureRequest, module_database: Database
) -> AsyncIterator[AsyncEngine]:
    """Each role that serves requests."""
    made = engine(getattr(module_database, request.param), pool_size=1)
    yield made
    await made.dispose()


async def readable(db: AsyncConnection) -> dict[str, bool]:
    """What the connection's role may select from, and whether it has a workspace."""
    rows = (await db.execute(text(_READABLE))).mappings()
    return {str(row["name"]): bool(row["workspace"]) for row in rows}


async def workspaces_seen(db: AsyncConnection, table: str) -> list[UUID | None]:
    return list((await db.scalars(text(f"select workspace_id from {table}"))).all())


async def test_nothing_in_the_catalogue_could_leak(superuser: AsyncEngine) -> None:
    """Forced policies, invoker views, no grant on a partition, keys that begin with workspace."""
    async with superuser.connect() as db:
        assert await findings(db) == []


async def test_the_lists_of_exceptions_name_tables_that_exist(superuser: AsyncEngine) -> None:
    """A reason for a table that is gone would cover the next one of its name."""
    async with superuser.connect() as db:
        for table in (*WITHOUT_WORKSPACE, *NOT_FIRST_IN_KEY):
            assert await db.scalar(text("select to_regclass(:name)"), {"name": table}), table


_TABLE = "create table control.t (workspace_id uuid primary key)"
_ENABLED = "alter table control.t enable row level security"
SINS: tuple[tuple[tuple[str, ...], str], ...] = (
    ((_TABLE,), "not enabled"),
    ((_TABLE, _ENABLED), "not forced"),
    (("alter table control.connections no force row level security",), "not forced"),
    (("drop policy own_workspace on control.connections",), "no policy"),
    (("create table control.t (id uuid primary key, workspace_id uuid)",), "not first"),
    (("create table control.t (id uuid primary key)",), "no reason"),
    (("create view control.v as select * from control.connections",), "security_invoker"),
    (
        (
            "create materialized view control.v as select 1 as one",
            "grant select on control.v to metricx_reader",
        ),
        "a materialized view is granted",
    ),
    (
        (
            f"{_TABLE} partition by list (workspace_id)",
            _ENABLED,
            "alter table control.t force row level security",
            "create policy p on control.t using (false)",
            "create table control.t0 partition of control.t default",
            "grant select on control.t0 to metricx_reader",
        ),
        "a partition is granted",
    ),
    (
        ("create function control.f() returns int language sql security definer as 'select 1'",),
        "a definer function of",
    ),
    (
        ("alter function control.pollable_connections() reset search_path",),
        "without a search_path",
    ),
    (("grant execute on function control.pollable_connections() to public",), "for everyone"),
    (("alter role metricx_reader bypassrls",), "metricx_reader"),
    (("alter role metricx_lookup login",), "metricx_lookup"),
    (("grant metricx_lookup to metricx_control",), "metricx_control"),
    (("alter table control.connections owner to metricx_reader",), "metricx_reader"),
)


@pytest.mark.parametrize(("sins", "found"), SINS)
async def test_each_way_to_leak_is_found(
    superuser: AsyncEngine, sins: tuple[str, ...], found: str
) -> None:
    """The check itself: one sin at a time, rolled back, must be named."""
    async with superuser.connect() as db:
        for statement in sins:
            await db.execute(text(statement))
        assert any(found in finding for finding in await findings(db))
        await db.rollback()


@pytest.fixture
async def planted(superuser: AsyncEngine) -> Planted:
    """Rows of two new workspaces in every table."""
    async with superuser.begin() as db:
        return await plant(db)


async def test_without_a_workspace_no_row_is_seen(serving: AsyncEngine, planted: Planted) -> None:
    """In every table and view with a workspace that a serving role may read."""
    async with transaction(serving) as db:
        seen = {
            name: await workspaces_seen(db, name)
            for name, has_workspace in (await readable(db)).items()
            if has_workspace
        }
    assert seen
    assert not any(seen.values()), seen


async def test_with_a_workspace_only_its_rows_are_seen(
    serving: AsyncEngine, planted: Planted
) -> None:
    """Exactly the one row of each table that may be read; of views no foreign one."""
    async with transaction(serving, workspace_id=planted.mine) as db:
        for name, has_workspace in (await readable(db)).items():
            if not has_workspace:
                continue
            seen = await workspaces_seen(db, name)
            assert set(seen) <= {planted.mine}, name
            if name in planted.tables and name not in NOT_FIRST_IN_KEY:
                assert seen == [planted.mine], name


async def test_after_a_transaction_its_workspace_is_forgotten(
    serving: AsyncEngine, planted: Planted
) -> None:
    """The same pooled connection, used without naming one: the setting reads '', not NULL."""
    async with transaction(serving, workspace_id=planted.mine) as db:
        assert await workspaces_seen(db, "control.connections") == [planted.mine]
    async with serving.connect() as db:
        assert await workspaces_seen(db, "control.connections") == []
