"""Brings the control schema up to date, and says whether it is."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import transaction

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(owner: Connection, revision: str = "head") -> None:
    """Run what is missing, in this connection's transaction; nothing the second time.

    The connection is metricx_owner's, and the roles exist (`readmodels.roles.create`).
    """
    config = _config()
    config.attributes["connection"] = owner
    command.upgrade(config, revision)


@cache
def head() -> str:
    """The revision that `upgrade` leads to."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def current(control: AsyncEngine) -> str | None:
    """The revision that the control schema has; None if it was never migrated."""
    async with transaction(control) as db:
        if await db.scalar(text("select to_regclass('control.alembic_version')")) is None:
            return None
        return await db.scalar(text("select version_num from control.alembic_version"))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
