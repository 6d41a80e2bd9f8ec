"""Bring a PostgreSQL to what this version expects: roles, control tables, read models."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

LOGIN_ROLES = ("owner", "writer", "control", "reader", "auditor")


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
            **{role: moved(getattr(self, role)) for role in LOGIN_ROLES},
            superuser=moved(self.superuser) if self.superuser else None,
        )


async def prepare_roles(superuser: str, passwords: str | Mapping[str, str]) -> Dsns:
    """Create or alter the roles of the whole server; their DSNs in the superuser's database."""
    by_role = (
        dict.fromkeys(LOGIN_ROLES, passwords) if isinstance(passwords, str) else dict(passwords)
    )
    await _run(superuser, lambda connection: _create_roles(connection, by_role))
    dsns = {
        role: make_url(superuser)
        .set(username=f"metricx_{role}", password=password)
        .render_as_string(hide_password=False)
        for role, password in by_role.items()
    }
    return Dsns(**dsns, superuser=superuser)


async def migrate(dsns: Dsns) -> None:
    """Everything that is missing in the database of `dsns`; nothing the second time."""
    await _run(dsns.owner, _bring_up)


async def _run(dsn: str, work: Callable[[Connection], None]) -> None:
    engine = create_async_engine(make_url(dsn).set(drivername="postgresql+asyncpg"))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(work)
    finally:
        await engine.dispose()


def _create_roles(superuser: Connection, passwords: Mapping[str, str]) -> None:
    try:
        from readmodels import roles
    except ImportError:
        for role, password in passwords.items():
            superuser.execute(
                text(
                    f"DO $$ BEGIN CREATE ROLE metricx_{role} LOGIN; "
                    "EXCEPTION WHEN duplicate_object THEN NULL; END $$"
                )
            )
            superuser.execute(text(f"ALTER ROLE metricx_{role} PASSWORD '{password}'"))
        return
    roles.create(superuser, passwords)


def _bring_up(owner: Connection) -> None:
    from readmodels import versions

    versions.create_processing(owner)
