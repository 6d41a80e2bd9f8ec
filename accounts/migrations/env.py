"""Alembic's environment: one connection, handed in by `accounts.migrate`; no offline mode."""

from alembic import context
from sqlalchemy import Connection, text

from accounts.tables.columns import SCHEMA, metadata


def run(connection: Connection) -> None:
    """Apply the migrations; two at once queue up behind a lock of the transaction."""
    connection.execute(text("select pg_advisory_xact_lock(hashtext('metricx control schema'))"))
    connection.execute(text(f"create schema if not exists {SCHEMA}"))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table_schema=SCHEMA,
        include_schemas=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    # Alembic's own table, which `/ready` compares with what this version of the code expects.
    connection.execute(text(f"grant select on {SCHEMA}.alembic_version to metricx_control"))


run(context.config.attributes["connection"])
