"""Bring a PostgreSQL to what this version expects: roles, control tables, read models."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from accounts.migrate import upgrade
from processors.projection import Projection, registered
from readmodels import roles, versions


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
    url = make_url(superuser).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            known = text("select true from pg_database where datname = :name")
            if not await connection.scalar(known, {"name": name}):
                await connection.exec_driver_sql(f'create database "{name}" owner metricx_owner')
    finally:
        await engine.dispose()


async def prepare_server(superuser: str, dsns: Dsns) -> None:
    """The roles with their DSNs' passwords, and the owner's database; nothing the second time."""
    urls = {role: make_url(getattr(dsns, role)) for role in roles.LOGINS}
    await prepare_roles(superuser, {role: str(url.password or "") for role, url in urls.items()})
    await create_database(superuser, str(urls["owner"].database))


async def migrate(owner: str) -> None:
    """Everything that is missing in the owner's database, in one transaction."""
    await _run(owner, _bring_up)


def _bring_up(owner: Connection) -> None:
    roles.restrict(owner)
    upgrade(owner)
    versions.create_processing(owner)
    for projection in registered():
        versions.create_version(owner, projection.schema, projection.tables)
        if _may_serve(owner, projection):
            versions.serve(
                owner, projection.name, projection.version, projection.schema, projection.views
            )


def _may_serve(owner: Connection, projection: Projection[Any, Any]) -> bool:
    """A new version fills its tables beside the served one until it is level with it."""
    name, version = projection.name, projection.version
    served = versions.served(owner, name)
    return served in {None, version} or (
        served is not None and versions.has_caught_up(owner, name, version, served)
    )


async def _run(dsn: str, work: Callable[[Connection], None]) -> None:
    engine = create_async_engine(make_url(dsn).set(drivername="postgresql+asyncpg"))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(work)
    finally:
        await engine.dispose()
