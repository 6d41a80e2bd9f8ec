"""The control schema as migrated."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from accounts.database import engine
from accounts.migrate import current, head, upgrade
from accounts.tables.columns import SCHEMA, metadata
from tests.servers.databases import Database


async def test_core_tables_are_those_that_migrations_make(module_database: Database) -> None:
    """Alembic would generate nothing but what Core does not declare: keys, checks, indexes."""

    def differences(db: Connection) -> list[Any]:
        context = MigrationContext.configure(
            db,
            opts={
                "include_schemas": True,
                "include_name": lambda name, kind, _: kind != "schema" or name == SCHEMA,
                "version_table_schema": SCHEMA,
                "compare_type": True,
            },
        )
        return compare_metadata(context, metadata)

    undeclared = {"remove_index", "remove_constraint", "remove_fk", "add_fk"}
    owner = engine(module_database.owner, pool_size=1)
    async with owner.connect() as db:
        found = await db.run_sync(differences)
    await owner.dispose()
    assert [each for each in found if each[0] not in undeclared] == []


async def test_migrating_again_changes_nothing(module_database: Database) -> None:
    """The owner may run it at every start."""
    owner = engine(module_database.owner, pool_size=1)
    async with owner.begin() as db:
        await db.run_sync(upgrade)
        await db.run_sync(upgrade)
    await owner.dispose()


async def test_a_database_says_whether_it_is_up_to_date(
    module_database: Database, empty_database: Database
) -> None:
    """At head after migrating, at nothing before."""
    for database, expected in ((module_database, head()), (empty_database, None)):
        control = engine(database.control, pool_size=1)
        assert await current(control) == expected
        await control.dispose()
