"""Databases for tests: one migrated template per server, copied for each that asks."""

import os
import secrets
from dataclasses import dataclass

import asyncpg

from runtime.migrate import Dsns, migrate, prepare_roles
from tests.servers.topics import in_own_loop


@dataclass(frozen=True)
class Database:
    """A database of its own in a shared server, and a DSN for each role."""

    name: str
    dsns: Dsns

    @property
    def superuser(self) -> str:
        """Fixtures alone may use this one."""
        assert self.dsns.superuser is not None
        return self.dsns.superuser

    @property
    def owner(self) -> str:
        """Makes tables."""
        return self.dsns.owner

    @property
    def writer(self) -> str:
        """Writes read models."""
        return self.dsns.writer

    @property
    def control(self) -> str:
        """Reads and writes accounts' tables."""
        return self.dsns.control

    @property
    def reader(self) -> str:
        """Reads read models of the workspace that is set."""
        return self.dsns.reader

    @property
    def auditor(self) -> str:
        """Reads everything."""
        return self.dsns.auditor


class Databases:
    """Makes databases in one server, to which roles belong that all of them share."""

    def __init__(self, superuser: str) -> None:
        self._superuser = superuser
        self._dsns = in_own_loop(prepare_roles(superuser, _PASSWORDS))
        self._template: str | None = None

    def make(self, *, migrated: bool = True) -> Database:
        """A new database; `migrated` as `metricx migrate` leaves it, else empty."""
        name = f"t_{secrets.token_hex(6)}"
        template = self._migrated_template() if migrated else "template1"
        # Copying files is several times faster than logging every page.
        self._run(
            f"create database {name} owner metricx_owner template {template} strategy file_copy"
        )
        return Database(name, self._dsns.of_database(name))

    def drop(self, database: Database) -> None:
        """End its connections and remove it."""
        self._run(f"drop database if exists {database.name} with (force)")

    def _migrated_template(self) -> str:
        if self._template is None:
            name = f"template_{secrets.token_hex(6)}"
            self._run(f"create database {name} owner metricx_owner strategy file_copy")
            in_own_loop(migrate(self._dsns.of_database(name).owner))
            self._template = name
        return self._template

    def _run(self, statement: str) -> None:
        async def run() -> None:
            connection = await asyncpg.connect(self._superuser)
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        in_own_loop(run())


# One set per process: pairs and shared servers of a run know the same ones.
_PASSWORDS = (
    "metricx-test" if os.environ.get("METRICX_TEST_POSTGRES") else secrets.token_urlsafe(12)
)
