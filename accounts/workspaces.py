"""Workspaces: making one, changing its settings, and listing those of a user."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.audit import Actor, record
from accounts.database import transaction
from accounts.permissions import Role
from accounts.session import Session, Workspace, workspace_from
from accounts.tables.lookups import workspaces_of_session
from accounts.tables.people import memberships, workspaces


async def make_workspace(
    db: AsyncConnection,
    workspace_id: UUID,
    owner_id: UUID,
    name: str,
    *,
    zone: str = "UTC",
    currency: str = "USD",
    week_start: str = "monday",
    is_demo: bool = False,
) -> None:
    """A workspace with one owner, and the first line of its log.

    The transaction must be that workspace's.
    """
    await add_workspace(
        db, workspace_id, name, zone=zone, currency=currency, week_start=week_start, is_demo=is_demo
    )
    await add_member(db, workspace_id, owner_id, Role.OWNER)
    await record(db, workspace_id, Actor("user", owner_id), "workspace.made", workspace_id)


async def add_workspace(
    db: AsyncConnection,
    workspace_id: UUID,
    name: str,
    *,
    zone: str = "UTC",
    currency: str = "USD",
    week_start: str = "monday",
    is_demo: bool = False,
) -> None:
    """A workspace's row; the transaction must be that workspace's."""
    await db.execute(
        insert(workspaces).values(
            workspace_id=workspace_id,
            name=name,
            zone=zone,
            currency=currency,
            week_start=week_start,
            is_demo=is_demo,
        )
    )


async def add_member(db: AsyncConnection, workspace_id: UUID, user_id: UUID, role: Role) -> None:
    """A membership's row; the transaction must be that workspace's."""
    await db.execute(
        insert(memberships).values(workspace_id=workspace_id, user_id=user_id, role=role.value)
    )


async def change_workspace(
    db: AsyncConnection, workspace_id: UUID, actor: Actor, wanted: Mapping[str, Any]
) -> None:
    """Set name, zone, currency or week start; what is so already is neither written nor logged."""
    before = (await db.execute(_own(workspace_id).with_for_update(key_share=True))).mappings().one()
    changed = {name: value for name, value in wanted.items() if before[name] != value}
    if not changed:
        return
    own = workspaces.c.workspace_id == workspace_id
    await db.execute(update(workspaces).where(own).values(changed))
    said = {name: {"from": before[name], "to": value} for name, value in changed.items()}
    await record(db, workspace_id, actor, "workspace.changed", workspace_id, **said)


async def settings_of(db: AsyncConnection, workspace_id: UUID) -> Mapping[str, Any]:
    """The workspace's row: name, zone, currency, week_start, is_demo, created_at."""
    return {**(await db.execute(_own(workspace_id))).mappings().one()}


async def workspaces_of(control: AsyncEngine, session: Session) -> list[Workspace]:
    """All workspaces of the session's user, oldest membership first; none if it has ended."""
    async with transaction(control) as db:
        rows = await db.execute(select(workspaces_of_session(session.digest)))
        return [workspace_from(row) for row in rows.mappings()]


def _own(workspace_id: UUID) -> Any:
    return select(workspaces).where(workspaces.c.workspace_id == workspace_id)
