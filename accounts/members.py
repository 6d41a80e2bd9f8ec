"""Members of a workspace: who they are, changing a role, removing, leaving.

Whoever could leave a workspace without an owner first locks the workspace's row: two owners who do
it at the same moment come one after the other, and the second one is refused.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.audit import Actor, record
from accounts.errors import LastOwner, NoSuchMember, OwnersAlone
from accounts.invitations import revoke_those_of
from accounts.permissions import Role, may_give
from accounts.tables.people import memberships, sessions, users, workspaces


@dataclass(frozen=True, slots=True)
class Fellow:
    """Somebody with a role in the workspace."""

    user_id: UUID
    name: str
    email: str
    role: Role
    joined_at: datetime


async def members_of(db: AsyncConnection) -> list[Fellow]:
    """All members of the transaction's workspace: owners, admins, viewers, each by name."""
    rank = case({role.value: place for place, role in enumerate(Role)}, value=memberships.c.role)
    query = _fellows.order_by(rank, func.lower(users.c.name), users.c.user_id)
    return [_fellow(row) for row in (await db.execute(query)).mappings()]


async def member(db: AsyncConnection, user_id: UUID) -> Fellow:
    """One of them; NoSuchMember for anybody else."""
    query = _fellows.where(memberships.c.user_id == user_id)
    row = (await db.execute(query)).mappings().one_or_none()
    if row is None:
        raise NoSuchMember
    return _fellow(row)


async def change_role(
    db: AsyncConnection, workspace_id: UUID, user_id: UUID, role: Role, *, by: Role, actor: Actor
) -> bool:
    """Whether the role is another now: then what they were signed in with here has ended.

    Invitations that they made and could no longer make end, too. NoSuchMember, OwnersAlone,
    LastOwner.
    """
    before = await _locked(db, workspace_id, user_id)
    if not (may_give(by, before) and may_give(by, role)):
        raise OwnersAlone
    if role is before:
        return False
    if before is Role.OWNER:
        await _keep_an_owner(db, user_id)
    await db.execute(update(memberships).where(_is(workspace_id, user_id)).values(role=role.value))
    await db.execute(
        update(sessions)
        .where(
            sessions.c.workspace_id == workspace_id,
            sessions.c.user_id == user_id,
            sessions.c.revoked_at.is_(None),
        )
        .values(revoked_at=func.now())
    )
    said = {"from": before.value, "to": role.value}
    await record(db, workspace_id, actor, "member.role-changed", user_id, **said)
    beyond = [each for each in Role if not may_give(role, each)]
    await revoke_those_of(db, workspace_id, user_id, beyond, actor)
    return True


async def remove(
    db: AsyncConnection, workspace_id: UUID, user_id: UUID, *, by: Role, actor: Actor
) -> None:
    """They are no member any more; their sessions act nowhere, their invitations have ended.

    NoSuchMember, OwnersAlone, LastOwner.
    """
    role = await _locked(db, workspace_id, user_id)
    if not may_give(by, role):
        raise OwnersAlone
    await _end(db, workspace_id, user_id, role, actor)
    await record(db, workspace_id, actor, "member.removed", user_id, role=role.value)


async def leave(db: AsyncConnection, workspace_id: UUID, user_id: UUID) -> None:
    """The same, by oneself and whatever one's role; NoSuchMember, LastOwner."""
    role = await _locked(db, workspace_id, user_id)
    actor = Actor("user", user_id)
    await _end(db, workspace_id, user_id, role, actor)
    await record(db, workspace_id, actor, "workspace.left", workspace_id, role=role.value)


async def _locked(db: AsyncConnection, workspace_id: UUID, user_id: UUID) -> Role:
    """The member's role, which nobody else changes until the transaction ends."""
    # NO KEY UPDATE: rows that refer to the workspace can be added meanwhile.
    own = select(workspaces.c.workspace_id).where(workspaces.c.workspace_id == workspace_id)
    await db.execute(own.with_for_update(key_share=True))
    return (await member(db, user_id)).role  # asked after the lock: it is the role by now


async def _end(
    db: AsyncConnection, workspace_id: UUID, user_id: UUID, role: Role, actor: Actor
) -> None:
    if role is Role.OWNER:
        await _keep_an_owner(db, user_id)
    await revoke_those_of(db, workspace_id, user_id, list(Role), actor)
    await db.execute(delete(memberships).where(_is(workspace_id, user_id)))


async def _keep_an_owner(db: AsyncConnection, but: UUID) -> None:
    others = select(memberships.c.user_id).where(
        memberships.c.role == Role.OWNER.value, memberships.c.user_id != but
    )
    if (await db.execute(others.limit(1))).one_or_none() is None:
        raise LastOwner


def _is(workspace_id: UUID, user_id: UUID) -> ColumnElement[bool]:
    return and_(memberships.c.workspace_id == workspace_id, memberships.c.user_id == user_id)


def _fellow(row: RowMapping) -> Fellow:
    fields: dict[str, Any] = {**row, "role": Role(row["role"])}
    return Fellow(**fields)


_fellows = select(
    users.c.user_id,
    users.c.name,
    users.c.email,
    memberships.c.role,
    memberships.c.created_at.label("joined_at"),
).join_from(memberships, users, memberships.c.user_id == users.c.user_id)
