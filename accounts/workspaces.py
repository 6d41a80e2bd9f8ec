"""Workspaces: making one, and listing those of a user."""

from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.database import transaction
from accounts.permissions import Role
from accounts.session import Session, Workspace, workspace_from
from accounts.tables.lookups import workspaces_of_session
from accounts.tables.people import memberships, workspaces


async def add_workspace(
    db: AsyncConnection,
    workspace_id: UUID,
    name: str,
    *,
    zone: str = "UTC",
    currency: str = "USD",
    is_demo: bool = False,
) -> None:
    """A workspace's row; the transaction must be that workspace's."""
    await db.execute(
        insert(workspaces).values(
            workspace_id=workspace_id,
            name=name,
            zone=zone,
            currency=currency,
            week_start="monday",
            is_demo=is_demo,
        )
    )


async def add_member(db: AsyncConnection, workspace_id: UUID, user_id: UUID, role: Role) -> None:
    """A membership's row; the transaction must be that workspace's."""
    await db.execute(
        insert(memberships).values(workspace_id=workspace_id, user_id=user_id, role=role.value)
    )


async def workspaces_of(control: AsyncEngine, session: Session) -> list[Workspace]:
    """All workspaces of the session's user, oldest membership first; none if it has ended."""
    async with transaction(control) as db:
        rows = await db.execute(select(workspaces_of_session(session.digest)))
        return [workspace_from(row) for row in rows.mappings()]
