"""Brings the control schema up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(owner: Connection, revision: str = "head") -> None:
    """Run what is missing, in this connection's transaction; nothing the second time.

    The connection is metricx_owner's, and the roles exist (`readmodels.roles.create`).
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = owner
    command.upgrade(config, revision)
