"""Invitations by link: made, listed, revoked, looked at, accepted once.

The link holds a random token of 256 bits, of which the database has the SHA-256 alone. Whoever asks
for a token's invitation is in no workspace yet: a lookup names the workspace.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, RowMapping, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_leave
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.audit import Actor, record
from accounts.database import enter_workspace
from accounts.errors import (
    AlreadyMember,
    ForAnother,
    InvitationOver,
    NoSuchInvitation,
    OwnersAlone,
)
from accounts.permissions import Role, may_give
from accounts.tables.lookups import invitation_by_digest
from accounts.tables.people import invitations, memberships, users

LIFETIME = timedelta(days=7)
State = Literal["open", "accepted", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation without its token; `email` is who alone may accept, None anybody."""

    id: UUID
    email: str | None
    role: Role
    invited_by: str | None  # name; None: no longer there
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None

    @property
    def state(self) -> State:
        """What has become of it by now."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "open" if self.expires_at > datetime.now(UTC) else "expired"


@dataclass(frozen=True, slots=True)
class Offer:
    """What an invitation is to, for whoever has its token."""

    workspace_name: str
    role: Role
    email: str | None
    invited_by: str | None
    expires_at: datetime


async def invite(
    db: AsyncConnection,
    workspace_id: UUID,
    *,
    role: Role,
    email: str | None,
    by: Role,
    actor: Actor,
) -> tuple[Invitation, str]:
    """A new invitation and the token for its link, which nobody can ask for again.

    OwnersAlone; AlreadyMember if the e-mail is a member's. `email` must be `normalised`.
    """
    if not may_give(by, role):
        raise OwnersAlone
    if email and (await db.execute(_members.where(users.c.email == email))).one_or_none():
        raise AlreadyMember
    invitation_id, token, now = uuid4(), secrets.token_urlsafe(32), datetime.now(UTC)
    await db.execute(
        insert(invitations).values(
            workspace_id=workspace_id,
            invitation_id=invitation_id,
            token_digest=_digest(token),
            email=email,
            role=role.value,
            invited_by=actor.id,
            expires_at=now + LIFETIME,
        )
    )
    await record(db, workspace_id, actor, "invitation.made", invitation_id, role=role.value)
    made = (await db.execute(_all.where(invitations.c.invitation_id == invitation_id))).mappings()
    return _invitation(made.one()), token


async def invitations_of(db: AsyncConnection) -> list[Invitation]:
    """All of the transaction's workspace, newest first."""
    newest = _all.order_by(invitations.c.created_at.desc(), invitations.c.invitation_id)
    return [_invitation(row) for row in (await db.execute(newest)).mappings()]


async def revoke(
    db: AsyncConnection, workspace_id: UUID, invitation_id: UUID, *, by: Role, actor: Actor
) -> None:
    """Its link is worth nothing any more; what is over already stays as it is.

    NoSuchInvitation, OwnersAlone.
    """
    found = select(invitations.c.role).where(invitations.c.invitation_id == invitation_id)
    role = (await db.execute(found)).scalar_one_or_none()
    if role is None:
        raise NoSuchInvitation
    if not may_give(by, Role(role)):
        raise OwnersAlone
    await _revoke(db, workspace_id, invitations.c.invitation_id == invitation_id, actor)


async def revoke_those_of(
    db: AsyncConnection, workspace_id: UUID, user_id: UUID, roles: Collection[Role], actor: Actor
) -> None:
    """End what a member has invited to with these roles, now that they could not any more."""
    named = [role.value for role in roles]
    made = (invitations.c.invited_by == user_id) & invitations.c.role.in_(named)
    await _revoke(db, workspace_id, made, actor)


async def preview(db: AsyncConnection, token: str) -> Offer:
    """What the token's invitation is to. NoSuchInvitation, InvitationOver."""
    row = await _found(db, token)
    if _is_over(row):
        raise InvitationOver
    return Offer(
        workspace_name=row["workspace_name"],
        role=Role(row["role"]),
        email=row["email"],
        invited_by=row["invited_by_name"],
        expires_at=row["expires_at"],
    )


async def accept(db: AsyncConnection, token: str, user_id: UUID, email: str) -> UUID:
    """The workspace that the user, whose e-mail this is, is a member of from now on.

    The transaction must be that user's; it sees the workspace afterwards. NoSuchInvitation,
    AlreadyMember (whatever has become of the invitation), InvitationOver, ForAnother.
    """
    found = await _found(db, token)
    workspace_id, invitation_id = found["workspace_id"], found["invitation_id"]
    await enter_workspace(db, workspace_id)
    this = invitations.c.invitation_id == invitation_id
    # Whoever comes at the same moment waits here, and then finds it accepted.
    locked = (await db.execute(_state.where(this).with_for_update())).mappings().one()
    if (await db.execute(_members.where(users.c.user_id == user_id))).one_or_none():
        raise AlreadyMember
    if _is_over(locked):
        raise InvitationOver
    if locked["email"] not in (None, email):
        raise ForAnother
    await db.execute(
        update(invitations).where(this).values(accepted_at=func.now(), accepted_by=user_id)
    )
    await _join(db, workspace_id, user_id, Role(locked["role"]), invitation_id)
    return workspace_id


async def _join(
    db: AsyncConnection, workspace_id: UUID, user_id: UUID, role: Role, invitation_id: UUID
) -> None:
    joined = await db.execute(
        insert_or_leave(memberships)
        .values(workspace_id=workspace_id, user_id=user_id, role=role.value)
        .on_conflict_do_nothing()
        .returning(memberships.c.user_id)
    )
    if joined.one_or_none() is None:  # by another invitation, since we looked
        raise AlreadyMember
    said = {"role": role.value, "invitation": str(invitation_id)}
    await record(db, workspace_id, Actor("user", user_id), "member.joined", user_id, **said)


async def _revoke(
    db: AsyncConnection, workspace_id: UUID, which: ColumnElement[bool], actor: Actor
) -> None:
    ended = await db.execute(
        update(invitations)
        .where(
            which,
            invitations.c.accepted_at.is_(None),
            invitations.c.revoked_at.is_(None),
            invitations.c.expires_at > func.now(),
        )
        .values(revoked_at=func.now())
        .returning(invitations.c.invitation_id, invitations.c.role)
    )
    for invitation_id, role in ended.all():
        await record(db, workspace_id, actor, "invitation.revoked", invitation_id, role=role)


async def _found(db: AsyncConnection, token: str) -> RowMapping:
    asked = select(invitation_by_digest(_digest(token)))
    row = (await db.execute(asked)).mappings().one_or_none()
    if row is None:
        raise NoSuchInvitation
    return row


def _is_over(row: RowMapping) -> bool:
    is_open = row["accepted_at"] is None and row["revoked_at"] is None
    return not is_open or row["expires_at"] <= datetime.now(UTC)


def _invitation(row: RowMapping) -> Invitation:
    fields: dict[str, Any] = {**row, "role": Role(row["role"])}
    return Invitation(**fields)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


_state = select(
    invitations.c.email,
    invitations.c.role,
    invitations.c.expires_at,
    invitations.c.accepted_at,
    invitations.c.revoked_at,
)
_all = select(
    invitations.c.invitation_id.label("id"),
    invitations.c.email,
    invitations.c.role,
    users.c.name.label("invited_by"),
    invitations.c.created_at,
    invitations.c.expires_at,
    invitations.c.accepted_at,
    invitations.c.revoked_at,
).join_from(invitations, users, users.c.user_id == invitations.c.invited_by, isouter=True)
_members = select(users.c.user_id).join_from(
    memberships, users, memberships.c.user_id == users.c.user_id
)
