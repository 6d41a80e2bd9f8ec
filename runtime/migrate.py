"""Bring a PostgreSQL to what this version expects: roles, control tables, read models."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from accounts.migrate import upgrade
from processors.projection import Projection, registered
from readmodels import roles, versions
from runtime.errors import ServerAway
from runtime.reaching import reaching_postgres, sqlstate, why

T = TypeVar("T")

_LOCK_MILLISECONDS = 300  # under deadlock_timeout: a reader that holds another view goes first
_LOCK_NOT_AVAILABLE = "55P03"
_NO_SUCH_ROLE, _NO_RIGHT = "42704", "42501"
_CONNECT_SECONDS = 10.0


@dataclass(frozen=True)
class Dsns:
    """One database seen by each role; the superuser is known where we may make roles."""

    owner: str
    writer: str
    control: str
    reader: str
    auditor: str
    superuser: str | None = None

    def of_database(self, name: str) -> "Dsns":
        """The same roles in another database of the same server."""

        def moved(dsn: str) -> str:
            return make_url(dsn).set(database=name).render_as_string(hide_password=False)

        return replace(
            self,
            **{role: moved(getattr(self, role)) for role in roles.LOGINS},
            superuser=moved(self.superuser) if self.superuser else None,
        )


@dataclass(frozen=True)
class Filling:
    """A new version that readers do not see yet: it lacks events that the shown one holds."""

    projection: str
    version: int
    shown: int
    events_behind: int


async def prepare_roles(superuser: str, passwords: str | Mapping[str, str]) -> Dsns:
    """Create or alter the roles of the whole server; their DSNs in the superuser's database."""
    by_role = {
        role: passwords if isinstance(passwords, str) else passwords[role] for role in roles.LOGINS
    }
    await _run(superuser, lambda connection: roles.create(connection, by_role))
    dsns = {
        role: make_url(superuser)
        .set(username=f"metricx_{role}", password=password)
        .render_as_string(hide_password=False)
        for role, password in by_role.items()
    }
    return Dsns(**dsns, superuser=superuser)


async def create_database(superuser: str, name: str) -> None:
    """A database that belongs to metricx_owner, if there is none of this name."""
    async with _connected(superuser) as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        known = text("select true from pg_database where datname = :name")
        if not await connection.scalar(known, {"name": name}):
            await connection.exec_driver_sql(f'create database "{name}" owner metricx_owner')


async def prepare_server(superuser: str, dsns: Dsns) -> None:
    """The roles with their DSNs' passwords, and the owner's database; nothing the second time."""
    urls = {role: make_url(getattr(dsns, role)) for role in roles.LOGINS}
    await prepare_roles(superuser, {role: str(url.password or "") for role, url in urls.items()})
    await create_database(superuser, str(urls["owner"].database))


async def migrate(owner: str) -> None:
    """Everything that is missing in the owner's database, in one transaction."""
    await _run(owner, _bring_up)


async def show_level(owner: str) -> list[Filling]:
    """Show readers each new version that has come as far as the shown one; those that have not."""
    return await _run(owner, _show_level)


def _bring_up(owner: Connection) -> None:
    roles.restrict(owner)
    upgrade(owner)
    versions.create_processing(owner)
    for projection in registered():
        versions.create_version(owner, projection.schema, projection.tables)
        if versions.served(owner, projection.name) in {None, projection.version}:
            _show(owner, projection)


def _show_level(owner: Connection) -> list[Filling]:
    # We wait for who reads a view, and whoever comes then waits for us: better try again.
    owner.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_MILLISECONDS}ms'"))
    filling: list[Filling] = []
    for projection in registered():
        name, version = projection.name, projection.version
        shown = versions.served(owner, name)
        if shown is None or shown == version:
            continue
        behind = versions.events_behind(owner, name, version, shown)
        if behind or not _show_unless_read(owner, projection):
            filling.append(Filling(name, version, shown, behind))
    return filling


def _show_unless_read(owner: Connection, projection: Projection[Any, Any]) -> bool:
    """Whether the views could be changed; not if somebody reads them for long."""
    try:
        with owner.begin_nested():
            _show(owner, projection)
    except DBAPIError as error:
        if sqlstate(error) != _LOCK_NOT_AVAILABLE:
            raise
        return False
    return True


def _show(owner: Connection, projection: Projection[Any, Any]) -> None:
    name, version, schema = projection.name, projection.version, projection.schema
    versions.serve(owner, name, version, schema, projection.views)


async def _run(dsn: str, work: Callable[[Connection], T]) -> T:
    try:
        async with _connected(dsn) as connection, connection.begin():
            return await connection.run_sync(work)
    except DBAPIError as error:
        if sqlstate(error) not in {_NO_SUCH_ROLE, _NO_RIGHT}:
            raise
        raise ServerAway(
            f"PostgreSQL does not let {make_url(dsn).username} do this: {why(error)}.",
            "Set METRICX_POSTGRES__SUPERUSER, or have an administrator make roles and database:"
            " docs/operations.md.",
        ) from error


@asynccontextmanager
async def _connected(dsn: str) -> AsyncGenerator[AsyncConnection]:
    engine = create_async_engine(
        make_url(dsn).set(drivername="postgresql+asyncpg"),
        connect_args={"timeout": _CONNECT_SECONDS},
    )
    async with AsyncExitStack() as held:
        held.push_async_callback(engine.dispose)
        with reaching_postgres(dsn):
            connection = await held.enter_async_context(engine.connect())
        yield connection
