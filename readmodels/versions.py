"""The schemas that hold a projection's versions, and the views that serve one of them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects.postgresql import insert

from readmodels.tables import processing

VIEWS = "readmodels"
"""The schema that readers know."""

_OF_WORKSPACE = "workspace_id = nullif(current_setting('metricx.workspace_id', true), '')::uuid"


def create_processing(owner: Connection) -> None:
    """The projector's own tables, if they do not exist. Run as the owner."""
    owner.execute(text(f"CREATE SCHEMA IF NOT EXISTS {processing.SCHEMA}"))
    for table in processing.TABLES:
        table.create(owner, checkfirst=True)
    _grant_usage(owner, processing.SCHEMA)
    owner.execute(
        insert(processing.open_from)
        .values(only_row=True, day=text("(now() AT TIME ZONE 'UTC')::date - 1"))
        .on_conflict_do_nothing()
    )
    for table in processing.TABLES:
        grantees = "metricx_reader, metricx_control, metricx_auditor"
        owner.execute(text(f"GRANT SELECT ON {table.fullname} TO {grantees}"))
        owner.execute(text(f"GRANT SELECT, INSERT, UPDATE ON {table.fullname} TO metricx_writer"))
    _hold_to_workspace(owner, processing.dead_letter.fullname)


def create_version(owner: Connection, schema: str, tables: Sequence[Table]) -> None:
    """The tables of one version with their policies and grants, if they do not exist."""
    owner.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
    _grant_usage(owner, schema)
    for table in tables:
        _create_table(owner, schema, table)
        name = f"{schema}.{table.name}"
        owner.execute(text(f"GRANT SELECT ON {name} TO metricx_reader, metricx_auditor"))
        owner.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO metricx_writer"))
        _hold_to_workspace(owner, name)


def serve(
    owner: Connection, projection: str, version: int, schema: str, views: Mapping[str, str]
) -> None:
    """Show a version to readers: all its views change in this transaction, or none."""
    owner.execute(text(f"CREATE SCHEMA IF NOT EXISTS {VIEWS}"))
    _grant_usage(owner, VIEWS)
    for name, query in views.items():
        owner.execute(text(f"DROP VIEW IF EXISTS {VIEWS}.{name}"))
        body = query.format(schema=schema)
        owner.exec_driver_sql(f"CREATE VIEW {VIEWS}.{name} WITH (security_invoker) AS {body}")
        owner.execute(text(f"GRANT SELECT ON {VIEWS}.{name} TO metricx_reader, metricx_auditor"))
    row = {"projection": projection, "version": version}
    owner.execute(
        insert(processing.serving)
        .values(row)
        .on_conflict_do_update(index_elements=["projection"], set_=row)
    )


def served(owner: Connection, projection: str) -> int | None:
    """The version that the views show; None before the first."""
    query = processing.serving.select().where(processing.serving.c.projection == projection)
    row = owner.execute(query).one_or_none()
    return None if row is None else row.version


def events_behind(owner: Connection, projection: str, version: int, served_version: int) -> int:
    """How many events a version lacks, over all partitions, of those that the served one holds."""
    behind = text(
        """
        SELECT coalesce(sum(greatest(old.next_offset - coalesce(new.next_offset, 0), 0)), 0)::bigint
        FROM processing.projection_offset old
        LEFT JOIN processing.projection_offset new
            ON (new.projection, new.topic, new.partition)
                = (old.projection, old.topic, old.partition) AND new.version = :version
        WHERE old.projection = :projection AND old.version = :served
        """
    )
    names = {"projection": projection, "version": version, "served": served_version}
    return owner.execute(behind, names).scalar_one()


def _create_table(owner: Connection, schema: str, table: Table) -> None:
    owner.execution_options(schema_translate_map={None: schema})
    table.create(owner, checkfirst=True)
    for index in table.indexes:  # one that was declared after the table was made
        index.create(owner, checkfirst=True)
    # The option is the connection's own, not of a copy: what follows names its schemas.
    owner.execution_options(schema_translate_map=None)


def _hold_to_workspace(owner: Connection, table: str) -> None:
    """Row level security, forced: a reader sees its session's workspace, the writer all."""
    owner.execute(text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))
    owner.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
    for name, role, condition in (
        ("of_workspace", "metricx_reader", _OF_WORKSPACE),
        ("of_writer", "metricx_writer", "true"),
    ):
        owner.execute(text(f"DROP POLICY IF EXISTS {name} ON {table}"))
        owner.execute(
            text(
                f"CREATE POLICY {name} ON {table} TO {role}"
                f" USING ({condition}) WITH CHECK ({condition})"
            )
        )


def _grant_usage(owner: Connection, schema: str) -> None:
    grantees = "metricx_reader, metricx_writer, metricx_control, metricx_auditor"
    owner.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {grantees}"))
