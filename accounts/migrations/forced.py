"""Row level security that binds whoever owns the table, too."""

from alembic import op


def force(*tables: str) -> None:
    """Enable and force it on these tables of the control schema."""
    for table in tables:
        op.execute(f"alter table control.{table} enable row level security")
        op.execute(f"alter table control.{table} force row level security")


def of_own_workspace(*tables: str) -> None:
    """Force it, and let a transaction see the rows of the workspace that it names."""
    force(*tables)
    for table in tables:
        op.execute(f"create policy own_workspace on control.{table} using ({own('workspace_id')})")


def own(column: str) -> str:
    """That a row is of the workspace, or the user, that the transaction names.

    An unset setting reads '' after its transaction ended, hence nullif.
    """
    return f"{column} = nullif(current_setting('metricx.{column}', true), '')::uuid"


def each(script: str) -> None:
    """Run it statement by statement, for the driver takes one at a time."""
    for statement in script.split(";\n"):
        if statement.strip():
            op.execute(statement)
